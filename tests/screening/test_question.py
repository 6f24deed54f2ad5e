"""A party made ready: forms without order, marks of readings, consonants of foreign scripts."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.screening.people import PERSON, customer
from vedette.base import Name, Party, PartyKind
from vedette.screening import question as module
from vedette.screening.question import LONGEST, NAMES_READ, keys, kind_for, mark, ordered, question, reading

_ARABIC = "محمد جمال"


class TestKeys:
    def test_both_orders_are_one_form(self) -> None:
        assert keys("Kim Jong Su", PERSON).forms == keys("Jong Su, KIM", PERSON).forms

    @pytest.mark.parametrize(("one", "other"), [("김정수", "Kim Jong Su"), ("Ким Чен Су", "Kim Jong Su")])
    def test_two_scripts_share_a_mark(self, one: str, other: str) -> None:
        assert set(keys(one, PERSON).marks) & set(keys(other, PERSON).marks)

    def test_an_unknown_kind_is_read_in_every_way(self) -> None:
        unknown = keys("Kim Jong Su", PartyKind.UNKNOWN)
        for kind in (PERSON, PartyKind.ORGANIZATION):
            assert set(keys("Kim Jong Su", kind).marks) <= set(unknown.marks)

    @given(st.text(max_size=300), st.sampled_from(list(PartyKind)))
    @example("~»", PartyKind.ORGANIZATION)
    def test_forms_are_bounded_and_plain(self, text: str, kind: PartyKind) -> None:
        found = keys(text, kind)
        for form in (*found.forms, *found.skeletons):
            assert 0 < len(form) <= LONGEST
            assert form == form.strip() and "\n" not in form and "~" not in form
        assert all(0 <= number < 2**64 for number in found.marks)


class TestQuestion:
    def test_consonants_are_searched_for_foreign_letters_only(self) -> None:
        assert question(customer(_ARABIC)).skeletons
        assert not question(customer("Kim Jong Su")).skeletons

    def test_a_monstrous_number_of_names_is_cut(self) -> None:
        many = Party(id="c", kind=PERSON, names=tuple(Name(f"Person {chr(97 + n)}") for n in range(26)))
        assert len(question(many).forms) == NAMES_READ


class TestMark:
    def test_is_the_same_on_every_machine(self) -> None:
        assert mark("ko 김정수") == mark("ko 김정수") != mark("ko 김정숙")
        assert mark("") == int.from_bytes(bytes.fromhex("e4a6a0577479b2b4"), "little")


class TestOrdered:
    @given(st.lists(st.text("abc", min_size=1, max_size=6), max_size=6).flatmap(st.permutations))
    def test_does_not_depend_on_the_order(self, words: list[str]) -> None:
        assert ordered(" ".join(words)) == ordered(" ".join(sorted(words)))


class TestKindFor:
    def test_the_first_known_kind_counts(self) -> None:
        assert kind_for(PartyKind.UNKNOWN, PartyKind.ORGANIZATION) == "organization"
        assert kind_for(PartyKind.UNKNOWN, PartyKind.VESSEL) == "unknown"


class TestReading:
    def test_any_change_of_program_or_tables_makes_another_print(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        """An index made by other readings would miss people; it is built again instead."""
        prints = set()
        for text in ("kim\tgim", "kim\tghim"):
            (tmp_path / "table.tsv").write_text(text)
            monkeypatch.setattr(module, "_ROOMS", (tmp_path,))
            prints.add(reading.__wrapped__())
        assert len(prints) == 2
        assert reading() == reading()
