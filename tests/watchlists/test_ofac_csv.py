"""OFAC's four files, joined."""

from __future__ import annotations

from typing import Any

import pytest

from tests.watchlists.conftest import sdn_row
from vedette.base import Address, NameQuality, PartyKind
from vedette.watchlists.ofac_csv import is_consolidated, programme_tags, read_ofac, role_of
from vedette.watchlists.reading import ListError, Piece

END = "\x1a"


def pieces(**texts: str) -> dict[str, Piece]:
    return {role: Piece(f"{role}.csv", text.encode()) for role, text in texts.items()}


class TestRoles:
    @pytest.mark.parametrize(
        ("head", "role"),
        [
            (sdn_row(36, "AEROSAMPLE", kind="-0- "), "primary"),
            ('36,12,"aka","AERO-SAMPLE",-0- \r\n', "alt"),
            ('36,25,-0- ,"Havana","Cuba",-0- \r\n', "add"),
            ("9639,12812,-0- ,-0- ,-0- ,-0- \r\n", "add"),
            ('17016,"tive Date (EO 14024)."\r\n', "comments"),
            ("\ufeff" + '36,12,"aka","AERO-SAMPLE",-0- \r\n', "alt"),
            ("a,b,c\n1,2,3\n", ""),
            ("<xml/>", ""),
            ("", ""),
        ],
    )
    def test_the_first_row_tells_the_file(self, head: str, role: str) -> None:
        assert role_of(head.encode()) == role

    @pytest.mark.parametrize(
        ("name", "consolidated"),
        [("cons_prim.csv", True), ("CONS_ALT.CSV", True), ("2025.cons_add.csv.gz", True)]
        + [("sdn.csv", False), ("alt_2025-02-27.csv.gz", False), ("construction.csv", False)],
    )
    def test_the_consolidated_set_is_told_by_its_name(self, name: str, consolidated: bool) -> None:
        assert is_consolidated(name) is consolidated


class TestJoin:
    def test_aliases_and_addresses_join_on_the_entry_number(self) -> None:
        reading = read_ofac(
            pieces(
                primary=sdn_row(1, "SAMPLE, One") + sdn_row(2, "SAMPLE CO", kind="-0- ") + END,
                alt='1,7,"aka","UNO",-0- \r\n1,8,"fka","EINS",-0- \r\n9,9,"aka","NOBODY",-0- \r\n' + END,
                add='2,5,"1 Road","Dandong 118000","China",-0- \r\n2,6,-0- ,-0- ,-0- ,-0- \r\n' + END,
            )
        )
        one, two = (listing.party for listing in reading.listings)
        assert [(name.text, name.quality) for name in one.names] == [
            ("SAMPLE, One", NameQuality.PRIMARY),
            ("UNO", NameQuality.STRONG),
            ("EINS", NameQuality.STRONG),
        ]
        assert two.addresses == (Address("1 Road, Dandong 118000, China", "CN"),)
        assert two.countries == ("CN",)
        assert (one.kind, two.kind) == (PartyKind.PERSON, PartyKind.ORGANIZATION)
        assert reading.ignored == {"alt rows without an entry": 1}

    def test_a_full_remarks_cell_continues_in_the_comments_file_to_the_letter(self) -> None:
        text = "Linked To: SAMPLE; " + "alt. Digital Currency Address - XBT 1SampleWallet0000000000000; " * 20
        reading = read_ofac(
            pieces(
                primary=sdn_row(1, "SAMPLE, One", remarks=text[:1000]) + END, comments=f'1,"{text[1000:]}"\r\n' + END
            )
        )
        assert {item.value for item in reading.listings[0].party.identifiers} == {"1SampleWallet0000000000000"}
        assert reading.listings[0].remarks == text.strip().rstrip(";")

    def test_a_full_cell_without_continuation_does_not_give_half_a_number(self) -> None:
        text = ("Linked To: SAMPLE; " * 60)[:983] + "Passport AB123456"
        assert len(text) == 1000
        assert read_ofac(pieces(primary=sdn_row(1, "S", remarks=text) + END)).listings[0].party.identifiers == ()

    def test_comments_of_another_day_are_counted_not_joined(self) -> None:
        reading = read_ofac(
            pieces(primary=sdn_row(1, "S", remarks="DOB 1955.") + END, comments='1,"Passport A1"\r\n2,"x"\r\n' + END)
        )
        assert reading.listings[0].party.identifiers == ()
        assert reading.ignored == {
            "comments that do not continue their entry": 1,
            "comments rows without an entry": 1,
        }


class TestPrimary:
    def test_a_vessels_flag_is_its_country(self) -> None:
        row = '4243,"EBANO","vessel","CUBA",-0- ,"CL2192","General Cargo","2595","1865","Panama",-0- ,-0- \r\n'
        party = read_ofac(pieces(primary=row + END)).listings[0].party
        assert (party.kind, party.countries) == (PartyKind.VESSEL, ("PA",))
        assert [item.kind for item in party.identifiers] == ["call_sign"]

    @pytest.mark.parametrize(
        ("cell", "tags"),
        [
            ("NPWMD] [DPRK2", ("NPWMD", "DPRK2")),
            ("[SDGT] [IFSR]", ("SDGT", "IFSR")),
            ("CAATSA - RUSSIA", ("CAATSA - RUSSIA",)),
            ("", ()),
        ],
    )
    def test_programme_cells_are_split(self, cell: str, tags: tuple[str, ...]) -> None:
        assert programme_tags(cell) == tags

    def test_an_unknown_kind_is_read_as_unknown_and_counted(self) -> None:
        reading = read_ofac(pieces(primary=sdn_row(1, "SAT", kind='"satellite"') + END))
        assert reading.listings[0].party.kind is PartyKind.UNKNOWN
        assert sum(reading.ignored.values()) == 1

    def test_the_title_stands_before_the_remarks(self) -> None:
        row = '1,"S","individual","SDGT","Director",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"DOB 1955."\r\n'
        assert read_ofac(pieces(primary=row + END)).listings[0].remarks == "Director; DOB 1955."


class TestDamage:
    @pytest.mark.parametrize(
        ("texts", "problem"),
        [
            ({"primary": sdn_row(1, "A") + sdn_row(1, "B")}, "stands twice"),
            ({"primary": sdn_row(1, "A") + '2,"B'}, "CSV"),
            ({"primary": sdn_row(1, "A") + '2,"B"'}, "2 columns"),
            ({"primary": sdn_row(1, "A") + sdn_row(2, "B").replace("2,", "x,", 1)}, "columns"),
            ({"primary": sdn_row(1, "A"), "alt": '1,7,"aka","UNO",-0- \r\n552'}, "1 columns"),
        ],
    )
    def test_a_damaged_file_is_refused_with_its_line(self, texts: dict[str, Any], problem: str) -> None:
        with pytest.raises(ListError, match=problem) as caught:
            read_ofac(pieces(**texts))
        assert caught.value.place.line == 2

    def test_a_file_without_end_mark_is_read_with_a_warning(self) -> None:
        assert any("end mark" in note for note in read_ofac(pieces(primary=sdn_row(1, "A"))).notes)
        assert not any("end mark" in note for note in read_ofac(pieces(primary=sdn_row(1, "A") + END)).notes)
