"""Organisations: acronyms, coined words, native words, legal forms."""

from __future__ import annotations

import pytest

from vedette.names import compare
from vedette.names.glossary import full, generic, mended, places
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


class TestContradictions:
    @pytest.mark.parametrize(
        ("left", "right"),
        [
            ("Plant No. 10", "Plant No. 13"),
            ("144th Repair Plant", "144 Repair Plant Second"),
            ("Ocean Shipping III", "Ocean Shipping IV"),
            ("Bank of China Hong Kong", "Bank of China Macau"),
            ("Siraj Trading Beijing", "Siraj Trading Shanghai"),
            ("North Star Lines", "South Star Lines"),
            ("Acme Shipping", "Acme Insurance Ltd"),
            ("Alpha Steel Works", "Beta Steel Works"),
        ],
    )
    def test_another_number_place_or_trade_is_another_organisation(self, left: str, right: str) -> None:
        found = compare(left, right, "organization")
        assert found.score < 0.7 and "held below the alert" in found.explanation[-1]


class TestSpellings:
    @pytest.mark.parametrize(
        ("left", "right"),
        [
            ("Almaz Jont Stock Compny", "JSC Almaz"),
            ("Korea Computer Center (KCC)", "Korea Computer Center"),
            ("Parto System Tehran", "Partosystem Tehran"),
            ("AO NPP Almaz", "Research and Production Enterprise Almaz JSC"),
            ("A.B.C. Trading", "ABC Trading Co."),
            ("Zenit společnost s ručením omezeným", "Zenit s.r.o."),
            ("Công ty TNHH Sao Mai", "Sao Mai Co., Ltd."),
            ("77th Division", "77 Division"),
            ("Global Relief Foundation", "Globl Relief Foundation"),
            ("Wave Tech Group", "Wavetech Grp"),
        ],
    )
    def test_one_organisation_written_twice(self, left: str, right: str) -> None:
        assert compare(left, right, "organization").score >= 0.7


class TestMended:
    @pytest.mark.parametrize(
        ("word", "usual"),
        [("compnay", "company"), ("technolgy", "technology"), ("huawei", "huawei"), ("almaz", "almaz")],
    )
    def test_everyday_words_only(self, word: str, usual: str) -> None:
        assert mended(word) == usual
