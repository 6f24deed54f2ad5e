"""Screening many: one answer each, in order, the same however they are put together."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.screening.people import EDITION, LISTINGS, customer, listing
from vedette.base import Name, Party, PartyKind
from vedette.screening import Index, Match, ScreeningError, score, screen
from vedette.screening.candidates import BY_LIKENESS, BY_MARKS, BY_WORDS, candidates
from vedette.screening.question import question
from vedette.screening.search import CHUNK

_INDEX = Index.of(LISTINGS, EDITION)
_NAMES = st.sampled_from(
    [
        "Kim Jong Su",
        "Ri Hyon Chol",
        "Bartolomey Volkonskaev",
        "Quill Ferry",
        "Ann Other",
        "",
        "Zarvanitsa Hydroacoustic",
    ]
)


def _keys(matches: tuple[Match, ...]) -> list[str]:
    return [match.entity_id for match in matches]


class TestScreen:
    def test_answers_every_party_in_order(self) -> None:
        names = ["Kim Jong Su", "Ann Other", "Ri Hyon Chol"] * (CHUNK // 2)
        found = [_keys(matches)[:1] for matches in screen(map(customer, names), against=_INDEX)]
        assert found == [["p-3"], [], ["p-2"]] * (CHUNK // 2)

    def test_reads_lazily_and_tells_progress(self) -> None:
        steps: list[int] = []
        list(screen([customer("Ann Other")] * (CHUNK + 3), against=_INDEX, on_step=steps.append))
        assert steps == [CHUNK, 3]

    def test_nobody_asked_nothing_answered(self) -> None:
        assert list(screen([], against=_INDEX)) == []

    @settings(max_examples=40, deadline=None)
    @given(st.lists(_NAMES, max_size=8))
    def test_an_answer_does_not_depend_on_the_others(self, names: list[str]) -> None:
        together = list(screen(map(customer, names), against=_INDEX))
        assert together == [score(customer(name), against=_INDEX) for name in names]

    @settings(max_examples=40, deadline=None)
    @given(st.permutations(LISTINGS), _NAMES)
    def test_the_order_of_the_list_changes_nothing(self, order: list, name: str) -> None:  # type: ignore[type-arg]
        assert score(customer(name), against=Index.of(order, EDITION)) == score(customer(name), against=_INDEX)

    @settings(max_examples=60, deadline=None)
    @given(st.text(max_size=80), st.sampled_from(list(PartyKind)))
    def test_any_name_gets_an_answer_within_bounds(self, name: str, kind: PartyKind) -> None:
        for match in score(customer(name, kind), against=_INDEX, threshold=0.3):
            assert 0.0 < match.score < 1.0
            assert match.explanation

    @pytest.mark.parametrize(
        "name", ["k" * 10_000, "김" * 10_000, "a " * 5_000, "\u200b" * 500, "\u202eKim", "e\u0301" * 400, "👩‍🚀"]
    )
    def test_monstrous_names_get_an_answer(self, name: str) -> None:
        assert isinstance(score(customer(name), against=_INDEX), tuple)

    def test_limit_and_threshold(self) -> None:
        crowd = Index.of([listing(f"p-{n}", PartyKind.PERSON, "Kim Jong Su") for n in range(9)], EDITION)
        assert len(score(customer("Kim Jong Su"), against=crowd, limit=3)) == 3
        assert score(customer("Kim Jong Xu"), against=crowd, threshold=1.0) == ()

    def test_without_lists_there_is_no_answer(self) -> None:
        with pytest.raises(ScreeningError, match="no list is loaded"):
            score(customer("Kim Jong Su"), against=Index([]))

    def test_the_native_name_is_read_as_well(self) -> None:
        asked = Party(id="c", names=(Name("Ann Other"), Name("Ri Hyon Chol")))
        assert _keys(score(asked, against=_INDEX)) == ["p-2"]


class TestCandidates:
    @pytest.mark.parametrize(
        ("name", "entity_id"),
        [
            ("Kim Jong Su", "p-3"),
            ("Su Jong Kim", "p-3"),
            ("Kin Jong Su", "p-3"),
            ("Mik Jong Su", "p-3"),
            ("Volkonskaev Bartolomey", "p-1"),
            ("Ovlkonskaev, Bartolomey", "p-1"),
            ("Zarvanitsa", "o-1"),
            ("Zarvanitsa Instruments", "o-1"),
            ("김정수", "p-3"),
            ("Ким Чен Су", "p-3"),
        ],
    )
    def test_no_order_typing_error_or_short_form_hides_an_entry(self, name: str, entity_id: str) -> None:
        (found,) = candidates(_INDEX, [question(customer(name, PartyKind.UNKNOWN))])
        assert entity_id in [_INDEX.listing(candidate.entry).entity_id for candidate in found]

    def test_are_few(self) -> None:
        crowd = Index.of([listing(f"p-{n}", PartyKind.PERSON, "Kim Jong Su") for n in range(200)], EDITION)
        (found,) = candidates(crowd, [question(customer("Kim Jong Su"))])
        assert BY_LIKENESS <= len(found) <= BY_MARKS + BY_LIKENESS + BY_WORDS

    def test_nobody_without_a_name_or_identifier(self) -> None:
        assert list(candidates(_INDEX, [question(customer())])) == [()]
