"""Whoever no changed entry reaches keeps exactly the matches of a full screening: the law that re-screening rests on."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.screening.people import BITCOIN, COMPANY, EDITION, LISTINGS, PERSON, customer, listing
from vedette.base import Identifier
from vedette.screening import Index, score
from vedette.screening.delta import touched
from vedette.screening.question import question
from vedette.screening.reach import reached
from vedette.watchlists import Listing
from vedette.watchlists.codec import encode_lines

_GIVEN = ("Chol", "Chol Su", "Song Chol", "Jong Un", "Volkonskayev", "Bartholomew", "Trading Company", "정은", "Zarvan")
_FAMILY = ("Kim", "Pak", "Park", "Ri", "Quentin", "Dandong", "김")
_NAMES = st.builds("{} {}".format, st.sampled_from(_FAMILY), st.sampled_from(_GIVEN))
_STATES = st.dictionaries(st.sampled_from([f"e{n}" for n in range(12)]), _NAMES, max_size=12)


def _listings(state: dict[str, str]) -> tuple[Listing, ...]:
    return tuple(listing(key, COMPANY if "Trading" in name else PERSON, name) for key, name in state.items())


def _index(listings: tuple[Listing, ...]) -> Index:
    return Index.of(listings, EDITION)


class TestReached:
    @settings(max_examples=80, deadline=None)
    @given(_STATES, _STATES, st.lists(_NAMES, min_size=1, max_size=6))
    def test_whoever_is_not_reached_keeps_the_matches_of_a_full_screening(
        self, old: dict[str, str], new: dict[str, str], names: list[str]
    ) -> None:
        before, after = _listings(old), _listings({**old, **new})
        gone = touched(encode_lines(before), encode_lines(after))
        asked = [customer(name) for name in names]
        told = reached(map(question, asked), [_index(gone.before), _index(gone.after)])
        for party, near in zip(asked, told, strict=True):
            if not near:
                assert score(party, against=_index(before)) == score(party, against=_index(after))

    @pytest.mark.parametrize(
        ("party", "near"),
        [
            (customer("Bartholomew Volkonskayef"), True),
            (customer("김정수"), True),
            (customer("Anna Lindqvist"), False),
            (customer("", identifiers=(Identifier("wallet", BITCOIN),)), True),
        ],
    )
    def test_names_readings_and_identifiers_reach(self, party: object, near: bool) -> None:
        assert list(reached([question(party)], [_index(LISTINGS)])) == [near]  # type: ignore[arg-type]  # a Party

    def test_a_mark_borne_by_very_many_reaches_too(self) -> None:
        """In the whole index a mark of hundreds leads nowhere; one more bearer may change that, so it is looked at."""
        crowd = _index(tuple(listing(f"c{n}", PERSON, "김정수") for n in range(301)))
        assert list(reached([question(customer("Kim Jong Su"))], [crowd])) == [True]

    def test_no_change_reaches_nobody(self) -> None:
        assert list(reached([question(customer("Kim Jong Su"))], [])) == [False]
