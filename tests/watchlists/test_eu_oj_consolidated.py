"""European Union acts as CSV transcriptions."""

from __future__ import annotations

import csv
import io

import pytest

from tests.watchlists.conftest import SOURCES
from vedette.base import NameQuality
from vedette.watchlists.reading import ListError, Piece, Reading
from vedette.watchlists.sources.eu_oj_consolidated.parse import parse, recognise

HEADER = (SOURCES / "eu_oj_consolidated" / "sample.csv").read_text().split("\n", 1)[0].split(",")
BASE = {"celex": "32099R0001", "programKey": "EU-PRK", "annex": "I", "measure": "Asset freeze", "schema": "Person"}


def text(*rows: dict[str, str]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, HEADER, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows({**BASE, **row} for row in rows)
    return out.getvalue()


def read(*rows: dict[str, str]) -> Reading:
    return parse({"primary": Piece("act.csv", text(*rows).encode())})


class TestEntries:
    def test_a_record_under_several_measures_is_one_listing(self) -> None:
        (listing,) = read(
            {"recordId": "1", "name": "N", "alias": "A"}, {"recordId": "1", "name": "N", "measure": "Travel ban"}
        ).listings
        assert listing.programmes == ("EU-PRK", "Asset freeze", "Travel ban")
        assert [name.text for name in listing.party.names] == ["N", "A"]

    def test_records_of_other_annexes_and_schemata_stay_apart(self) -> None:
        rows = ({"annex": "I"}, {"annex": "II"}, {"schema": "LegalEntity"})
        listings = read(*({"recordId": "1", "name": "N", **row} for row in rows)).listings
        assert len({listing.entity_id for listing in listings}) == 3

    def test_entries_without_number_are_told_apart_by_name_and_ship(self) -> None:
        rows = ({"name": "Mi Rim", "imoNumber": "8713471"}, {"name": "Mi Rim", "imoNumber": "9361407"})
        assert len(read(*({**row, "schema": "Vessel"} for row in rows)).listings) == 2

    def test_things_that_are_no_party_are_counted(self) -> None:
        assert read({"name": "N"}, {"name": "Zone", "schema": "Asset"}).ignored == {"Asset": 1}

    def test_the_act_names_the_list(self) -> None:
        assert read({"name": "N"}).list_id == "eu_oj_32099r0001"

    def test_origin_is_never_read(self) -> None:
        columns = ("nationality", "birthPlace", "gender", "appearance", "ethnicity", "fatherName", "motherName")
        (listing,) = read({"name": "N", **dict.fromkeys(columns, "Norland")}).listings
        assert "Norland" not in repr(listing)


class TestCells:
    def test_several_values_are_split_and_quoted_ones_kept_whole(self) -> None:
        (listing,) = read({"name": "N", "alias": 'A; "B; C"; f.k.a.: D'}).listings
        assert [name.text for name in listing.party.names] == ["N", "A", "B; C", "D"]

    @pytest.mark.parametrize(
        ("cell", "dates"),
        [
            ("28.4.1980 or 28.4.1981", ("1980-04-28", "1981-04-28")),
            ("Approximately 1966", ("1966",)),
            ("3 July 1970; 1971", ("1970-07-03", "1971")),
        ],
    )
    def test_birth_dates(self, cell: str, dates: tuple[str, ...]) -> None:
        assert read({"name": "N", "birthDate": cell}).listings[0].party.birth_dates == dates

    def test_a_ships_former_names_are_names(self) -> None:
        (listing,) = read({"name": "Chong Bong (Greenlight) (Blue Nouvelle)", "schema": "Vessel"}).listings
        assert [name.text for name in listing.party.names if name.quality is NameQuality.STRONG] == [
            "Chong Bong",
            "Greenlight",
            "Blue Nouvelle",
        ]

    def test_the_country_stands_at_the_end_of_an_address(self) -> None:
        party = read({"name": "N", "address": "1 Road, Pyongyang, DPRK; Nowhere"}).listings[0].party
        assert [address.country for address in party.addresses] == ["KP", ""]
        assert party.countries == ("KP",)


class TestDamage:
    @pytest.mark.parametrize(
        ("broken", "problem"),
        [
            (text({"name": ""}), "no name"),
            (text({"name": "N"}, {"name": "M", "celex": "32099R0002"}), "belongs to act"),
            (text({"name": "N", "celex": "../../x"}), "belongs to act"),
            (text({"name": "N"}).rstrip("\n,"), "cells"),
            (text({"name": "N"}).replace("celex,", "name,", 1), "header"),
            (text({"name": "N"}).replace("notes", "alias", 1), "header"),
        ],
    )
    def test_another_form_is_refused(self, broken: str, problem: str) -> None:
        with pytest.raises(ListError, match=problem):
            parse({"primary": Piece("act.csv", broken.encode())})

    def test_only_the_header_of_a_consolidated_act_is_recognised(self) -> None:
        assert recognise("x", text({"name": "N"}).encode())
        assert not recognise("x", b"amendedCelex,amendmentCelex,recordId,programKey\n")
