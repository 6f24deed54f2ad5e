"""Slips of the pen lift a name to a review, and never turn one Korean into another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.names import Comparison
from vedette.screening.slips import SLIP_SCORE, slipped, with_slips

_LOW = Comparison(0.5, 10.0, ("names",))


class TestSlipped:
    @pytest.mark.parametrize(
        ("one", "other", "expected"),
        [
            ("Umar Pattek", "UMAR PATEK", True),
            ("UMpR PATEK", "UMAR PATEK", True),
            ("Patek, Umra", "Umar PATEK", True),
            ("ALIS ADDAM HUSSEIN", "ALI SADDAM HUSSEIN", True),
            ("Stanislas Zeyimena", "STANISLAS NZEYIMANA", True),
            ("Jon Lee", "Jan Lee", False),
            ("Umar Patek", "Omar Petek", False),
            ("Umar Patek", "Someone Else", False),
            ("", "Umar Patek", False),
        ],
    )
    def test_pairs(self, one: str, other: str, expected: bool) -> None:
        assert slipped(one, other) is expected

    @given(st.text(max_size=40), st.text(max_size=40))
    def test_both_directions_say_the_same(self, one: str, other: str) -> None:
        assert slipped(one, other) == slipped(other, one)


class TestWithSlips:
    def test_lifts_to_a_review_and_says_so(self) -> None:
        found = with_slips(_LOW, "UMpR PATEK", "UMAR PATEK", "person")
        assert (found.score, found.bits) == (SLIP_SCORE, 10.0)
        assert "slip of the pen" in found.explanation[-1]

    @pytest.mark.parametrize(("one", "other"), [("Kim Jong Su", "Kim Jong Sun"), ("Ri Hong Sop", "Ri Hyong Sop")])
    def test_another_korean_syllable_is_another_person(self, one: str, other: str) -> None:
        assert with_slips(_LOW, one, other, "person") == _LOW

    def test_never_lowers(self) -> None:
        high = Comparison(0.95, 30.0, ())
        assert with_slips(high, "Umar Patek", "UMAR PATEK", "person") == high
