"""Reading the prose of OFAC's remarks."""

from __future__ import annotations

import pytest

from vedette.base import Identifier, Name, NameQuality
from vedette.watchlists.ofac_remarks import read_remarks


class TestNumbers:
    @pytest.mark.parametrize(
        ("passage", "read"),
        [
            ("Passport 12345678 (Iran) expires 21 Aug 2005", Identifier("passport", "12345678", "IR")),
            ("alt. Passport 6067015 (Comoros)", Identifier("passport", "6067015", "KM")),
            ("Diplomatic Passport D9004878 (Nigeria)", Identifier("passport", "D9004878", "NG")),
            ("National ID No. 216040 (Yemen)", Identifier("national_id", "216040", "YE")),
            ("Cedula No. 6068015 (Colombia)", Identifier("national_id", "6068015", "CO")),
            ("Tax ID No. 100036386 (Serbia)", Identifier("tax", "100036386", "RS")),
            ("NIT # 800018928-0 (Colombia)", Identifier("tax", "800018928-0", "CO")),
            ("R.F.C. DIB-771110-HQ1 (Mexico)", Identifier("tax", "DIB-771110-HQ1", "MX")),
            ("Registration Number 26740 (Iran)", Identifier("registration", "26740", "IR")),
            (
                "Unified Social Credit Code (USCC) 9113100033607322XK (China)",
                Identifier("registration", "9113100033607322XK", "CN"),
            ),
            ("Vessel Registration Identification IMO 7406784", Identifier("imo", "7406784")),
            ("Company Number IMO 5055293", Identifier("registration", "IMO 5055293")),
            ("Identification Number IMO 5342883", Identifier("registration", "IMO 5342883")),
            ("MMSI 572469210", Identifier("mmsi", "572469210")),
            ("Legal Entity Number 253400V1H6ART1UQ0N98 (Russia)", Identifier("lei", "253400V1H6ART1UQ0N98", "RU")),
            ("SWIFT/BIC KDBKKPPY", Identifier("swift", "KDBKKPPY")),
            ("Aircraft Tail Number EP-MMH", Identifier("tail_number", "EP-MMH")),
            ("Digital Currency Address - XBT 12Qt", Identifier("wallet", "12Qt")),
            ("alt. Digital Currency Address - USDT TE3m", Identifier("wallet", "TE3m")),
            ("Email Address first@example.org", Identifier("email", "first@example.org")),
            ("Phone Number 982188526300", Identifier("phone", "982188526300")),
            ("Telephone (98)(21)(66153220)", Identifier("phone", "(98)(21)(66153220)")),
            ("Fax: (98)(21)(22224537)", Identifier("fax", "(98)(21)(22224537)")),
        ],
    )
    def test_a_labelled_number_gets_its_kind_and_issuer(self, passage: str, read: Identifier) -> None:
        assert read_remarks(passage + ".").identifiers == [read]

    @pytest.mark.parametrize(
        "passage",
        [
            "Linked To: PASSPORT TRADING 5000",
            "Secondary sanctions risk: North Korea Sanctions Regulations, sections 510.201 and 510.210",
            "Organization Established Date 1969",
            "Executive Order 13662 Directive Determination - Subject to Directive 1",
            "Passport unknown",
            "Vessel Year of Build 1999",
        ],
    )
    def test_other_prose_is_kept_and_gives_no_number(self, passage: str) -> None:
        found = read_remarks(passage)
        assert found.identifiers == []
        assert found.kept == passage


class TestNamesAndDates:
    def test_quoted_aliases_are_weak(self) -> None:
        found = read_remarks("a.k.a. 'BNC'; f.k.a. 'ANA I'; a.k.a. 'O'NEIL'.")
        assert found.names == [Name(text, NameQuality.WEAK) for text in ("BNC", "ANA I", "O'NEIL")]

    def test_every_birth_date_is_read(self) -> None:
        assert read_remarks("DOB 15 Jan 1955; alt. DOB circa 1956; DOB 1951 to 1952").birth_dates == [
            "1955-01-15",
            "1956",
            "1951",
            "1952",
        ]

    def test_websites_are_read(self) -> None:
        assert read_remarks("Website www.sample.example; alt. Website https://a.example/x").websites == [
            "www.sample.example",
            "https://a.example/x",
        ]


class TestWhatIsNeverRead:
    @pytest.mark.parametrize(
        "passage",
        ["nationality Iran", "alt. nationality Russia", "citizen Cuba", "POB Pyongyang, Korea, North", "Gender Male"]
        + ["alt. POB Sampletown", "alt. citizen China", "Place of Birth Sampletown"],
    )
    def test_where_a_person_comes_from_is_neither_read_nor_kept(self, passage: str) -> None:
        found = read_remarks(f"DOB 1955; {passage}; Passport A1")
        assert found.kept == "DOB 1955; Passport A1"
        assert passage not in repr(found)


class TestCut:
    def test_the_last_passage_of_a_cut_cell_is_not_believed(self) -> None:
        """Half a wallet address must never become an exact identifier that stops somebody."""
        text = "Digital Currency Address - XBT 1Whole11; alt. Digital Currency Address - XBT 1Gq"
        assert [item.value for item in read_remarks(text, cut=True).identifiers] == ["1Whole11"]
        assert [item.value for item in read_remarks(text).identifiers] == ["1Whole11", "1Gq"]
        assert read_remarks(text, cut=True).kept == text
