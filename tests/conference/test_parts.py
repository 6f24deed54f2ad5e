"""Fields with several institutions: each judged by itself, footnote marks passed over, and nothing lifted by a neighbour."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conference.conftest import bundle, lens, registry, submission
from vedette.conference.model import Action, Author, Paper, Passage, Service, TextKind
from vedette.conference.parts import judged
from vedette.conference.screen import screen
from vedette.conference.ties import Bundle, ties

KISU = "kp:kisu"
NANJING = "https://ror.org/0nju"
ALONE = {
    Service.PAPER: Action.INFORM,
    Service.ATTENDANCE: Action.COUNSEL,
    Service.MONEY: Action.STOP,
    Service.COMPUTE: Action.STOP,
}


def countries(text: str) -> dict[str, str | None]:
    return {tie.institution_id: tie.country for tie in ties(bundle(text), registry(), 2026)}


def asked(text: str, institution: str = KISU) -> dict[Service, Action]:
    return {row.service: row.action for row in screen(bundle(text), lens()).rows if row.institution_id == institution}


class TestNeighbours:
    @pytest.mark.parametrize(
        "text",
        [
            "Kim Il Sung University, Pyongyang",
            "Nanjing University, Nanjing; Kim Il Sung University, Pyongyang",
            "Nanjing University, Nanjing, China; Kim Il Sung University, Pyongyang",
            "Kim Il Sung University, Pyongyang; Nanjing University, China",
            "Seoul National University, Seoul, Korea; Kim Il Sung University, Pyongyang",
            "Acme Research, Nanjing, China | Kim Il Sung University, Pyongyang",
            "Nanjing University and Kim Il Sung University",
            "Nanjing University, Nanjing, China and Kim Il Sung University, Pyongyang",
            "Kim Il Sung University and Nanjing University, Nanjing, China",
            "Kim Il Sung University, Nanjing University",
            "1Nanjing University, Nanjing 2Kim Il Sung University, Pyongyang",
        ],
    )
    def test_what_law_asks_about_one_stays_whoever_stands_beside(self, text: str) -> None:
        assert asked(text) == ALONE

    @pytest.mark.parametrize(
        "text",
        [
            "Kim Il Sung University, Toronto, Canada",
            "Kim Il Sung University and Nanjing University, Canada",
            "Kim Il Sung University; Seoul, Korea",
            "Kim Il Sung University; Bern, Switzerland",
            "State Academy of Sciences; Bern, Switzerland; Nanjing University, China",
            "Kim Il Sung University and Seoul National University, Korea",
        ],
    )
    def test_another_written_country_and_the_two_koreas_are_asked_about(self, text: str) -> None:
        rows = [row for row in screen(bundle(text), lens()).rows if str(row.institution_id).startswith("kp:")]
        assert [(row.service, row.action) for row in rows] == [(Service.PAPER, Action.ASK)]

    def test_the_neighbour_is_asked_nothing(self) -> None:
        assert not asked("Nanjing University, Nanjing; Kim Il Sung University, Pyongyang", NANJING)
        assert countries("Nanjing University, China; Kim Il Sung University, Pyongyang")[NANJING] == "CN"

    @settings(max_examples=25, deadline=None)
    @given(
        st.lists(
            st.sampled_from(
                ["Nanjing University, China", "Tianjin University", "Acme Robots, Seoul", "Alder University, Oslo"]
            ),
            max_size=4,
        ),
        st.integers(0, 4),
    )
    def test_no_neighbour_moves_it(self, others: list[str], place: int) -> None:
        """The law: adding affiliations never lifts what one of them asks for."""
        fields = [*others[:place], "Kim Il Sung University, Pyongyang", *others[place:]]
        assert asked("; ".join(fields)) == ALONE

    def test_without_the_dprk_a_field_is_read_as_a_whole(self) -> None:
        assert len(list(judged("Nanjing University; Tianjin University, China", registry()))) == 1


class TestMarks:
    @pytest.mark.parametrize("mark", ["2", "1,2", "*", "†", "*†", "(2) ", "a", "b", "a,b", "²", "∗ "])
    def test_a_mark_before_a_name_is_passed_over(self, mark: str) -> None:
        assert countries(f"{mark}Kim Il Sung University, Pyongyang") == {KISU: "KP"}

    def test_in_a_paper_s_block_too(self) -> None:
        passages = tuple(
            Passage(TextKind.AFFILIATION, text, "page 1")
            for text in ("1Nanjing University, China", "2Kim Il Sung University, Pyongyang")
        )
        paper = Paper(stem="1", passages=passages, affiliations=tuple(each.text for each in passages), file="1.pdf")
        found = ties(Bundle(submission(), (paper,)), registry(), 2026)
        assert {tie.institution_id for tie in found} == {NANJING, KISU}

    def test_a_footnote_s_letter_as_well(self) -> None:
        note = Paper(stem="1", passages=(Passage(TextKind.FOOTNOTE, "aNanjing University, China", "page 1"),))
        found = ties(Bundle(submission("Alder University"), (note,)), registry(), 2026)
        assert NANJING in {tie.institution_id for tie in found}


class TestMailOfTheDprk:
    def authored(self, *authors: tuple[str, str]) -> dict[str, bool]:
        made = tuple(Author(name="A", affiliation=text, email=email) for text, email in authors)
        return {tie.institution_id: tie.disclosed for tie in ties(Bundle(submission(authors=made)), registry(), 2026)}

    @pytest.mark.parametrize(
        "form", ["Kim Il Sung University", "2Kim Il Sung University, Pyongyang", "Institute of Lasers, Pyongyang, DPRK"]
    )
    def test_it_is_told_where_its_author_told_a_place_there(self, form: str) -> None:
        assert self.authored((form, "a@star-co.net.kp"))["domain:star-co.net.kp"]
        rows = screen(
            Bundle(submission(authors=(Author(name="A", affiliation=form, email="a@star-co.net.kp"),))), lens()
        )
        assert not any("does not name" in reason for row in rows.rows for reason in row.reasons)

    def test_another_author_s_form_does_not_tell_it(self) -> None:
        found = self.authored(("Kim Il Sung University, Pyongyang", ""), ("Nanjing University", "b@star-co.net.kp"))
        assert found["domain:star-co.net.kp"] is False
