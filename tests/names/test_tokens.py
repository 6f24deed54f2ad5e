"""Likeness of single tokens, sounds and commonness."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.names.commonness import commonness, rarity
from vedette.names.edits import edits, one_edit
from vedette.names.familiar import familiar, variant
from vedette.names.sounds import consonants, sound
from vedette.names.tokens import joined_likeness, likeness, slipped, vowelless_likeness

_WORDS = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=12)


class TestLikeness:
    @pytest.mark.parametrize(
        ("left", "right"),
        [
            ("mohammed", "muhammad"),
            ("hussein", "hussain"),
            ("aleksey", "alexey"),
            ("haydar", "heidar"),
            ("jon", "john"),
            ("smith", "smyth"),
            ("petrov", "petrof"),
            ("ismail", "esameel"),
            ("bob", "robert"),
            ("liz", "beth"),
            ("khaliq", "khalik"),
        ],
    )
    def test_spellings_of_one_name(self, left: str, right: str) -> None:
        assert likeness(left, right) >= 0.6

    @pytest.mark.parametrize(
        ("left", "right"),
        [
            ("li", "lu"),
            ("jane", "june"),
            ("kamal", "jamal"),
            ("nam", "man"),
            ("10", "13"),
            ("garcia", "lopez"),
            ("mark", "mary"),
            ("kim", "kin"),
        ],
    )
    def test_different_names(self, left: str, right: str) -> None:
        assert likeness(left, right) < 0.6

    @given(_WORDS, _WORDS)
    def test_is_symmetric_and_bounded(self, left: str, right: str) -> None:
        assert likeness(left, right) == pytest.approx(likeness(right, left), abs=1e-9)
        assert 0.0 <= likeness(left, right) <= 1.0

    @given(_WORDS)
    def test_a_token_is_like_itself(self, word: str) -> None:
        assert likeness(word, word) == 1.0


class TestNamesInUse:
    @pytest.mark.parametrize(
        ("left", "right"),
        [("mario", "maria"), ("alexander", "alexandra"), ("martin", "morton"), ("denis", "denise"), ("zhang", "zheng")],
    )
    def test_a_vowel_parts_two_names(self, left: str, right: str) -> None:
        assert likeness(left, right) < 0.6

    @pytest.mark.parametrize(
        ("left", "right"),
        [
            ("aleksandr", "alexander"),
            ("sergei", "sergey"),
            ("husayn", "hussein"),
            ("smith", "smyth"),
            ("petr", "pyotr"),
        ],
    )
    def test_spellings_in_use_of_one_name(self, left: str, right: str) -> None:
        assert variant(left, right) or sound(left) == sound(right)
        assert likeness(left, right) >= 0.9


class TestSlips:
    @pytest.mark.parametrize(("left", "right"), [("kim", "kmi"), ("sjn", "son"), ("patek", "patec")])
    def test_one_slip_to_no_name_in_use(self, left: str, right: str) -> None:
        assert slipped(left, right)

    @pytest.mark.parametrize(("left", "right"), [("jane", "june"), ("12", "13"), ("a", "b"), ("kim", "lee")])
    def test_another_name_is_no_slip(self, left: str, right: str) -> None:
        assert not slipped(left, right)


class TestEdits:
    def test_neighbours_swapped_are_one_edit(self) -> None:
        assert edits("jhon", "john") == 1 and one_edit("jhon", "john")

    def test_more_than_asked_is_cut_short(self) -> None:
        assert edits("abcdef", "uvwxyz", 2) == 3


class TestFamiliar:
    def test_forms_of_two_names_are_not_familiar(self) -> None:
        assert familiar("bill", "william") and familiar("bill", "will")
        assert not familiar("bill", "bob") and not familiar("zoltan", "zoltan")


class TestJoined:
    def test_words_joined_at_will(self) -> None:
        assert joined_likeness(("abd", "rhmn"), ("abdurrehman",)) >= 0.7
        assert joined_likeness(("abd", "rhmn"), ("mustafa", "karim")) == 0.0


class TestVowelless:
    @pytest.mark.parametrize(
        ("left", "right"), [("mhmd", "mohamed"), ("hsn", "hassan"), ("msh", "moshe"), ("ly", "ali")]
    )
    def test_consonants_agree(self, left: str, right: str) -> None:
        assert vowelless_likeness(left, right) >= 0.6

    def test_other_consonants_do_not(self) -> None:
        assert vowelless_likeness("hsn", "karim") < 0.6


class TestSounds:
    @pytest.mark.parametrize(
        ("left", "right"),
        [("lee", "li"), ("mohammed", "mohamed"), ("philip", "filip"), ("schmidt", "shmidt"), ("yusuf", "yousuf")],
    )
    def test_one_sound(self, left: str, right: str) -> None:
        assert sound(left) == sound(right)

    def test_consonants_leave_vowels_out(self) -> None:
        assert consonants("mohammed") == consonants("muhammad") == "mmt"


class TestCommonness:
    def test_common_names_are_less_rare(self) -> None:
        assert rarity("john") < rarity("zebulon") <= 15.0
        assert commonness("john") > commonness("zzyzx") == 0.0
