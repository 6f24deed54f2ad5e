"""OFAC's two XML forms: the same entries as the CSV, under the same numbers."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter

import pytest

from tests.watchlists.conftest import SOURCES
from vedette.watchlists import ListError, Listing, read
from vedette.watchlists.ofac_advanced import read_advanced
from vedette.watchlists.ofac_forms import belongs_to_consolidated, read_any, role_in_any
from vedette.watchlists.ofac_xml import read_xml
from vedette.watchlists.reading import Piece

SDN = SOURCES / "us_ofac_sdn"
XML = (SDN / "forms" / "xml" / "sample.xml").read_bytes()
ADVANCED = (SDN / "forms" / "advanced" / "sample.xml").read_bytes()
ENTRY = b"<sdnEntry><uid>%d</uid><lastName>SAMPLE %d</lastName><sdnType>Entity</sdnType></sdnEntry>"


def listings(*paths: Path) -> dict[str, Listing]:
    (found,) = read(list(paths))
    return {listing.entity_id: listing for listing in found.reading.listings}


@pytest.fixture(scope="module")
def by_form() -> dict[str, dict[str, Listing]]:
    return {
        "csv": listings(*sorted(SDN.glob("sample.*"))),
        "xml": listings(SDN / "forms" / "xml" / "sample.xml"),
        "advanced": listings(SDN / "forms" / "advanced" / "sample.xml"),
    }


class TestTheSameEntries:
    @pytest.mark.parametrize("form", ["xml", "advanced"])
    def test_numbers_names_kinds_and_programmes_agree(self, by_form: dict[str, dict[str, Listing]], form: str) -> None:
        for number, listing in by_form[form].items():
            other = by_form["csv"][number]
            assert (listing.party.kind, listing.programmes, listing.dprk) == (
                other.party.kind,
                other.programmes,
                other.dprk,
            )
            assert listing.party.names[0] == other.party.names[0]
            assert listing.party.birth_dates == other.party.birth_dates
            assert set(listing.party.websites) == set(other.party.websites)

    def test_only_the_advanced_form_has_other_scripts_and_days(self, by_form: dict[str, dict[str, Listing]]) -> None:
        person = by_form["advanced"]["101"]
        assert "견 본" in [name.text for name in person.party.names]
        assert str(person.listed_on) == "2016-03-15"

    @pytest.mark.parametrize("form", ["csv", "xml", "advanced"])
    def test_a_wallet_is_exact_in_every_form(self, by_form: dict[str, dict[str, Listing]], form: str) -> None:
        kinds = {item.kind: item.value for item in reversed(by_form[form]["101"].party.identifiers)}
        assert kinds["wallet"] == "1Invented001xxxxxxxxxxxxxxxxxxxx"
        assert kinds["passport"] == "12345678"


class TestRecognised:
    @pytest.mark.parametrize(
        ("name", "head", "consolidated"),
        [
            ("sdn.xml", XML, False),
            ("sdn_advanced.xml", ADVANCED, False),
            ("cons_advanced.xml", ADVANCED, True),
            ("nonsdn_consolidated_2025-03-28.xml", XML, True),
            ("anything.xml", XML.replace(b"<program>NPWMD</program>", b"<program>NS-PLC</program>"), True),
        ],
    )
    def test_the_set_is_told_by_name_or_first_programme(self, name: str, head: bytes, consolidated: bool) -> None:
        assert role_in_any(head) == "primary"
        assert belongs_to_consolidated(name, head) is consolidated

    def test_a_document_type_is_never_recognised(self) -> None:
        assert role_in_any(b"<!DOCTYPE x><sdnList>") == ""

    def test_companions_beside_xml_are_counted_not_joined(self) -> None:
        alt = Piece("alt.csv", b'101,1,"aka","NOT JOINED",-0- \r\n\x1a')
        reading = read_any({"primary": Piece("sdn.xml", XML), "alt": alt})
        assert reading.ignored == {"the alt file beside an XML file": 1}
        assert "NOT JOINED" not in repr(reading.listings)


class TestRefused:
    @pytest.mark.parametrize(
        ("old", "new", "problem"),
        [
            (b"<Record_Count>4<", b"<Record_Count>5<", "says that it has 5 entries but holds 4"),
            (b"<uid>102</uid>", b"<uid>101</uid>", "stands twice"),
            (b"<uid>102</uid>", b"<uid>x</uid>", "lacks its uid or name"),
            (b"<lastName>ZZ-SMP</lastName>", b"", "lacks its uid or name"),
            (b"</sdnList>", b"", "cannot be read as XML"),
            (b"<sdnList ", b"<!DOCTYPE a [<!ENTITY b 'c'>]><sdnList ", "document type or entities"),
            (b'version="1.0"', b'version="1.0" encoding="utf-16"', "is not UTF-8"),
            (b"SAMPLE STAR", b"SAMPLE\0STAR", "NUL bytes"),
        ],
    )
    def test_the_older_form(self, old: bytes, new: bytes, problem: str) -> None:
        assert old in XML
        with pytest.raises(ListError, match=problem):
            read_xml(Piece("sdn.xml", XML.replace(old, new, 1)))

    @pytest.mark.parametrize(
        ("old", "new", "problem"),
        [
            (b'FixedRef="102"><Profile', b'FixedRef="x"><Profile', "lacks number or profile"),
            (b'Profile ID="102"', b'Profile ID="101"', "stands twice"),
            (b">SAMPLE STAR<", b"><", "party 103 has no name"),
            (b'ProfileID="103"', b'ProfileID="999"', "entries for 2 of them"),
            (b"</Sanctions>", b"", "cannot be read as XML"),
        ],
    )
    def test_the_advanced_form(self, old: bytes, new: bytes, problem: str) -> None:
        assert old in ADVANCED
        with pytest.raises(ListError, match=problem):
            read_advanced(Piece("sdn_advanced.xml", ADVANCED.replace(old, new, 1)))

    def test_what_is_new_is_counted(self) -> None:
        changed = XML.replace(b"<sdnType>Entity<", b"<sdnType>Robot<").replace(b"<title>", b"<surprise/><title>")
        assert read_xml(Piece("sdn.xml", changed)).ignored == {
            "kind 'Robot' is new and read as unknown": 1,
            "unknown element surprise": 1,
        }
        strange = ADVANCED.replace(b'FeatureTypeID="344"', b'FeatureTypeID="999"')
        assert "features of an undeclared type" in read_advanced(Piece("a", strange)).ignored


class TestBirths:
    @pytest.mark.parametrize(
        ("first", "last", "births"),
        [
            ("1955-01-15", "1955-01-15", ("1955-01-15",)),
            ("1955-01-01", "1955-01-31", ("1955-01",)),
            ("1955-01-01", "1955-12-31", ("1955",)),
            ("1954-01-01", "1956-12-31", ("1954", "1955", "1956")),
            ("1930-01-01", "1990-12-31", ()),
        ],
    )
    def test_a_period_says_how_much_is_known(self, first: str, last: str, births: tuple[str, ...]) -> None:
        def day(text: str) -> str:
            year, month, number = text.split("-")
            return f"<Year>{year}</Year><Month>{int(month)}</Month><Day>{int(number)}</Day>"

        old = day("1955-01-15")
        changed = ADVANCED.decode()
        start, end = f"<From>{old}</From>", f"<To>{old}</To>"
        changed = changed.replace(f"{start}{end}</Start>", f"<From>{day(first)}</From><To>{day(first)}</To></Start>", 1)
        changed = changed.replace(f"{start}{end}</End>", f"<From>{day(last)}</From><To>{day(last)}</To></End>", 1)
        person = read_advanced(Piece("a", changed.encode())).listings[0]
        assert person.party.birth_dates == tuple(dict.fromkeys((*births, "1956")))


class TestSpeed:
    def test_fifteen_thousand_entries_are_read_quickly(self) -> None:
        """The budget is two seconds; the test leaves room for a busy machine."""
        entries = b"".join(ENTRY % (number, number) for number in range(15_000))
        start = perf_counter()
        reading = read_xml(Piece("sdn.xml", b"<sdnList>" + entries + b"</sdnList>"))
        assert len(reading.listings) == 15_000
        assert perf_counter() - start < 6
