"""Plain keys of texts in any script."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.names import fold
from vedette.names.folding import form

CASES = [
    ("KIM, Jŏng-ŭn", "kim jong un"),
    ("Müller & Söhne", "muller sohne"),
    ("Straße", "strasse"),
    ("O'Brien", "obrien"),
    ("Ch'ol", "chol"),
    ("Владимир", "vladimir"),
    ("Νικόλαος", "nikolaos"),
    ("张伟", "zhangwei"),
    ("الأسد", "al asd"),
    ("ＡＢＣ１２", "abc12"),
    ("\u200bKim\u202e", "kim"),
    ("", ""),
    ("---", ""),
]


class TestFold:
    @pytest.mark.parametrize(("text", "key"), CASES)
    def test_cases(self, text: str, key: str) -> None:
        assert fold(text) == key

    @given(st.text(max_size=60))
    def test_yields_letters_digits_and_single_spaces_only(self, text: str) -> None:
        key = fold(text)
        assert key == " ".join(key.split())
        assert all(char in "abcdefghijklmnopqrstuvwxyz0123456789 " for char in key)

    @given(st.text(max_size=60))
    def test_folding_twice_changes_nothing(self, text: str) -> None:
        assert fold(fold(text)) == fold(text)


class TestForm:
    def test_marks_count_but_case_and_punctuation_do_not(self) -> None:
        assert form("MÜLLER, K.") == form("müller k")
        assert form("Müller") != form("Muller")
