"""Levels of agreement between written values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.linking.soft import FIELDS, record
from vedette.linking.soft.agree import best_words, date_level, mail_level, number_level, text_level, word_level


class TestWords:
    @pytest.mark.parametrize(
        ("left", "right", "level"),
        [
            ("robert", "robert", 4),
            ("robert", "robret", 3),
            ("allen", "alen", 3),
            ("robert", "rob", 2),
            ("j", "john", 1),
            ("robert", "grace", 0),
            ("li", "lo", 0),
        ],
    )
    def test_levels(self, left: str, right: str, level: int) -> None:
        assert word_level(left, right) == level

    def test_the_order_of_a_name_does_not_matter(self) -> None:
        assert best_words(("isla", "hall"), ("hall", "isla")) == [(4, "isla", "isla"), (4, "hall", "hall")]

    def test_a_word_is_used_once(self) -> None:
        assert [level for level, _, _ in best_words(("kim", "kim"), ("kim",))] == [4]


class TestOthers:
    @pytest.mark.parametrize(
        ("left", "right", "level"),
        [
            ("19710624", "19710624", 4),
            ("19710624", "19710524", 3),
            ("19710608", "19710806", 3),
            ("19710624", "19810624", 3),
            ("19711224", "19710324", 2),
            ("19710624", "19711105", 1),
            ("19710624", "20030117", 0),
        ],
    )
    def test_dates(self, left: str, right: str, level: int) -> None:
        assert date_level(left, right) == level

    @pytest.mark.parametrize(
        ("left", "right", "level"),
        [("6089216", "6089216", 2), ("6089216", "6089261", 1), ("12", "13", 0), ("6089216", "1690126", 0)],
    )
    def test_numbers(self, left: str, right: str, level: int) -> None:
        assert number_level(left, right) == level

    @pytest.mark.parametrize(
        ("left", "right", "level"),
        [("hull", "hull", 3), ("london", "londdon", 2), ("london", "lunton", 1), ("hull", "rome", 0)],
    )
    def test_texts(self, left: str, right: str, level: int) -> None:
        assert text_level(left, right) == level

    @pytest.mark.parametrize(
        ("left", "right", "level"),
        [
            ("a.hall@x.org", "a.hall@x.org", 4),
            ("islahall97@hull.com", "islahal97@hull.com", 3),
            ("ihall@x.org", "ihall@something.example", 2),
            ("robert255@smith.net", "robert25@other.example", 1),
            ("a@x.org", "zzzz@q.example", 0),
        ],
    )
    def test_mailboxes(self, left: str, right: str, level: int) -> None:
        assert mail_level(left, right) == level

    @given(st.sampled_from(FIELDS), st.text(min_size=1, max_size=9), st.text(min_size=1, max_size=9))
    def test_the_order_of_a_pair_does_not_matter(self, field: object, left: str, right: str) -> None:
        level = field.level  # type: ignore[attr-defined]  # every field has one
        assert level(left, right) == level(right, left)
        assert level(left, left) == field.levels  # type: ignore[attr-defined]  # the highest level is equality


class TestRecord:
    def test_what_is_empty_is_left_out(self) -> None:
        assert record(name=" ", birth_date="1970", mail="") == {}

    def test_scripts_and_case_fold(self) -> None:
        assert record(name="Ölga IVANOVA", birth_date="1971-06-24") == {
            "words": ("olga", "ivanova"),
            "birth_date": ("19710624",),
        }

    def test_hostile_lengths_are_cut(self) -> None:
        made = record(name="ab " * 100_000, mail="x" * 1_000_000)
        assert len(made["words"]) == 8
        assert len(made["mail"][0]) == 120
