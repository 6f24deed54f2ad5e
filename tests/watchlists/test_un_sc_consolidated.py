"""The Security Council's XML."""

from __future__ import annotations

from datetime import date

import pytest

from vedette.base import Identifier, NameQuality
from vedette.watchlists.model import Listing
from vedette.watchlists.reading import ListError, Piece, Reading
from vedette.watchlists.sources.un_sc_consolidated.parse import parse


def read(body: str, attributes: str = "") -> Reading:
    text = f"<CONSOLIDATED_LIST {attributes}><INDIVIDUALS>{body}</INDIVIDUALS></CONSOLIDATED_LIST>"
    return parse({"primary": Piece("un.xml", text.encode())})


def person(fields: str, number: str = "KPi.001") -> str:
    return f"<INDIVIDUAL><REFERENCE_NUMBER>{number}</REFERENCE_NUMBER>{fields}</INDIVIDUAL>"


def only(fields: str) -> Listing:
    (listing,) = read(person(fields)).listings
    return listing


class TestNames:
    def test_the_parts_are_joined_and_the_original_script_follows(self) -> None:
        fields = "<FIRST_NAME>A</FIRST_NAME><SECOND_NAME> B\n</SECOND_NAME><FOURTH_NAME>D</FOURTH_NAME>"
        names = only(fields + "<NAME_ORIGINAL_SCRIPT>صدام</NAME_ORIGINAL_SCRIPT>").party.names
        assert [(name.text, name.quality) for name in names] == [
            ("A B D", NameQuality.PRIMARY),
            ("صدام", NameQuality.STRONG),
        ]

    @pytest.mark.parametrize(
        ("cell", "names"),
        [
            ("Yun Ho-chin", ["Yun Ho-chin"]),
            ("Azim Adhajani; Azim Agha-Jani", ["Azim Adhajani", "Azim Agha-Jani"]),
            (
                "Mohammad Sabet b) M. Javad Sabet; M. Jawad Sabet",
                ["Mohammad Sabet", "M. Javad Sabet", "M. Jawad Sabet"],
            ),
            ("أبو شيماء (Abu-Shaima; Abu- Shayma)", ["أبو شيماء", "Abu-Shaima", "Abu- Shayma"]),
            ("Hay’at Tahrir al-Sham (HTS)", ["Hay’at Tahrir al-Sham", "HTS"]),
            ("حسن غول (Hassan Ghul; Hassan Gul)", ["حسن غول", "Hassan Ghul", "Hassan Gul"]),
            ("Khirullah Khairkhwa, born in Kandahar on 01 Jan.1967", ["Khirullah Khairkhwa"]),
            ("Abdel Ilah Sabri (false identity related to document 6910275240086", ["Abdel Ilah Sabri"]),
            ("Hilarion Santos, III (third)", ["Hilarion Santos, III"]),
            ('"KOMID"', ["KOMID"]),
            ("AL-BASHAER TRADING COMPANY, LTD", ["AL-BASHAER TRADING COMPANY, LTD"]),
            ("", []),
        ],
    )
    def test_an_alias_cell_gives_its_names_and_no_asides(self, cell: str, names: list[str]) -> None:
        listing = only(f"<INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>{cell}</ALIAS_NAME></INDIVIDUAL_ALIAS>")
        assert [name.text for name in listing.party.names] == names

    @pytest.mark.parametrize(
        ("quality", "read_as"),
        [
            ("Good", NameQuality.STRONG),
            ("Low", NameQuality.WEAK),
            ("a.k.a.", NameQuality.STRONG),
            ("", NameQuality.STRONG),
        ],
    )
    def test_low_quality_aliases_are_weak(self, quality: str, read_as: NameQuality) -> None:
        alias = f"<INDIVIDUAL_ALIAS><QUALITY>{quality}</QUALITY><ALIAS_NAME>N</ALIAS_NAME></INDIVIDUAL_ALIAS>"
        assert only(alias).party.names[0].quality is read_as


class TestBirth:
    @pytest.mark.parametrize(
        ("inside", "dates"),
        [
            ("<DATE>1944-10-13</DATE>", ("1944-10-13",)),
            ("<TYPE_OF_DATE>APPROXIMATELY</TYPE_OF_DATE><YEAR>1938</YEAR>", ("1938",)),
            ("<FROM_YEAR>1968</FROM_YEAR><TO_YEAR>1970</TO_YEAR>", ("1968", "1969", "1970")),
            ("<FROM_YEAR>\u00b2</FROM_YEAR><TO_YEAR>1970</TO_YEAR>", ()),
            ("<TYPE_OF_DATE/>", ()),
        ],
    )
    def test_exact_approximate_and_ranged_dates(self, inside: str, dates: tuple[str, ...]) -> None:
        birth = f"<INDIVIDUAL_DATE_OF_BIRTH>{inside}</INDIVIDUAL_DATE_OF_BIRTH>"
        assert only(birth).party.birth_dates == dates


class TestDocuments:
    @pytest.mark.parametrize(
        ("inside", "read_as"),
        [
            (
                "<TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT><NUMBER>OB 0243318</NUMBER><ISSUING_COUNTRY>Sudan</ISSUING_COUNTRY>",
                Identifier("passport", "OB 0243318", "SD"),
            ),
            (
                "<TYPE_OF_DOCUMENT>Numéro de passeport </TYPE_OF_DOCUMENT><NUMBER>diplomatic passport no. D00000898</NUMBER>",
                Identifier("passport", "D00000898"),
            ),
            (
                "<TYPE_OF_DOCUMENT>National Identification Number</TYPE_OF_DOCUMENT><NUMBER>1-78-09</NUMBER>",
                Identifier("national_id", "1-78-09"),
            ),
            (
                "<TYPE_OF_DOCUMENT2>Ration card number:</TYPE_OF_DOCUMENT2><NUMBER>0075258</NUMBER>",
                Identifier("document", "0075258"),
            ),
        ],
    )
    def test_numbers_get_kind_and_issuer(self, inside: str, read_as: Identifier) -> None:
        assert only(f"<INDIVIDUAL_DOCUMENT>{inside}</INDIVIDUAL_DOCUMENT>").party.identifiers == (read_as,)

    def test_a_document_without_number_is_none(self) -> None:
        assert only("<INDIVIDUAL_DOCUMENT><NUMBER>na</NUMBER></INDIVIDUAL_DOCUMENT>").party.identifiers == ()


class TestWhole:
    def test_day_regime_and_series_are_read(self) -> None:
        reading = read(person("<UN_LIST_TYPE>DPRK</UN_LIST_TYPE>"), 'dateGenerated="2026-02-27T00:00:09.554Z"')
        assert reading.published == date(2026, 2, 27)
        assert reading.listings[0].programmes == ("DPRK", "KPi")

    def test_prose_is_kept_without_statements_of_origin(self) -> None:
        listing = only(
            "<DESIGNATION><VALUE>Director</VALUE></DESIGNATION>"
            "<COMMENTS1>Gender: male. Nationality: Norland. Buys parts.</COMMENTS1>"
        )
        assert listing.remarks == "Director; Buys parts."

    def test_an_unknown_element_is_counted(self) -> None:
        assert read(person("<SHOE_SIZE>44</SHOE_SIZE>")).ignored == {"unknown element SHOE_SIZE": 1}

    @pytest.mark.parametrize(
        "body", [person("", ""), "<INDIVIDUAL/>", person("") + person("")], ids=["blank", "none", "twice"]
    )
    def test_an_entry_without_its_own_number_refuses_the_file(self, body: str) -> None:
        with pytest.raises(ListError):
            read(body)

    def test_a_list_without_entries_reads_as_empty_for_the_guards_to_refuse(self) -> None:
        assert read("").listings == ()
