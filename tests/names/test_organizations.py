"""Organisations: acronyms, coined words, native words, legal forms."""

from __future__ import annotations

import pytest

from vedette.names import compare
from vedette.names.glossary import full, generic, places
from vedette.names.organizations import acronym, words_of


class TestAcronym:
    @pytest.mark.parametrize(
        ("short", "long"),
        [
            ("KCC", "Korea Computer Center"),
            ("KOMID", "Korea Mining Development Trading Corporation"),
            ("PUST", "Pyongyang University of Science and Technology"),
            ("IRISL", "Islamic Republic of Iran Shipping Lines"),
        ],
    )
    def test_stands_for(self, short: str, long: str) -> None:
        assert acronym(words_of(short), words_of(long)) == short.lower()

    @pytest.mark.parametrize(
        ("short", "long"),
        [("ABC", "Korea Computer Center"), ("KC", "Korea Computer"), ("CENTER", "Korea Computer Center")],
    )
    def test_does_not_stand_for(self, short: str, long: str) -> None:
        assert acronym(words_of(short), words_of(long)) == ""


class TestGlossary:
    def test_abbreviations(self) -> None:
        assert full("univ") == full("universitat") == "university"

    def test_generic_and_own_words(self) -> None:
        assert "trading" in generic() and "huawei" not in generic()
        assert "iran" in places() and "huawei" not in places()


class TestLegalForms:
    def test_a_left_out_form_costs_little_and_a_clash_more(self) -> None:
        same = compare("Almaz LLC", "OOO Almaz", "organization").score
        missing = compare("Almaz LLC", "Almaz", "organization").score
        clash = compare("Almaz LLC", "Almaz Inc", "organization").score
        assert same > missing > clash > 0.7

    def test_word_order_costs_little(self) -> None:
        assert compare("East Land Bank", "Bank of East Land", "organization").score > 0.9
