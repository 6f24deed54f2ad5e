"""Lists kept as a table: what is in force, what a row says, and what refuses the file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from vedette.watchlists import ListError, read
from vedette.watchlists.reading import Piece
from vedette.watchlists.us_tables import Table, is_table, read_table

YEARLY = Table(first="schema", name="name", aliases=("aliases",), country="country", newest="year", remarks=("notes",))
DATED = Table(first="Name", name="Name", aliases=("Alias",), start="Start", end="End", commas=True)


def yearly(*rows: str) -> Piece:
    return Piece("list.csv", "\n".join(("schema,name,aliases,country,year,notes", *rows)).encode())


def dated(*rows: str) -> Piece:
    return Piece("list.csv", "\n".join(("Name,Alias,Start,End", *rows)).encode())


def names(piece: Piece, table: Table) -> list[list[str]]:
    return [[name.text for name in item.party.names] for item in read_table(piece, table, programme="p").listings]


class TestInForce:
    def test_only_the_newest_yearly_list_counts(self) -> None:
        found = read_table(yearly("Company,Old,,China,2024,", "Company,New,,China,2025,"), YEARLY, programme="p")
        assert [item.party.names[0].text for item in found.listings] == ["New"]
        assert found.ignored == {"of an earlier yearly list": 1}

    def test_a_row_that_ended_is_not_in_force_and_one_that_will_end_is(self) -> None:
        piece = dated("Gone,,2021-01-01,2023-01-01", "Here,,2024-01-01,", "Leaving,,2024-01-01,2024-01-02")
        found = read_table(piece, DATED, programme="p")
        assert [item.party.names[0].text for item in found.listings] == ["Here"]
        assert found.ignored == {"no longer listed": 2}
        assert found.published == date(2024, 1, 2)

    def test_a_party_named_twice_is_one_entry_with_all_its_names(self) -> None:
        piece = dated("One Co,First,2021-01-01,", "One Co,Second,2022-01-01,")
        found = read_table(piece, DATED, programme="p")
        assert names(piece, DATED) == [["One Co", "First", "Second"]]
        assert found.listings[0].listed_on == date(2021, 1, 1)


class TestNames:
    @pytest.mark.parametrize(
        ("cell", "expected"),
        [
            ("Alpha; Beta", ["Alpha", "Beta"]),
            ('"Alpha,Beta"', ["Alpha", "Beta"]),
            ('"Alpha Optics, Ltd."', ["Alpha Optics, Ltd."]),
            ('"Alpha, Inc.; Beta Co., Ltd"', ["Alpha, Inc.", "Beta Co., Ltd"]),
            (" ; ", []),
        ],
    )
    def test_other_names_part_at_semicolons_and_not_before_a_legal_form(self, cell: str, expected: list[str]) -> None:
        assert names(dated(f"Name of it*,{cell},,"), DATED) == [["Name of it", *expected]]

    def test_a_country_is_read_as_a_code(self) -> None:
        (entry,) = read_table(yearly("Company,A,,China,2025,x"), YEARLY, programme="p").listings
        assert (entry.party.countries, entry.remarks, entry.programmes) == (("CN",), "x", ("p",))


class TestRefused:
    def test_a_row_without_a_name(self) -> None:
        with pytest.raises(ListError, match="no name"):
            read_table(yearly("Company,,,China,2025,"), YEARLY, programme="p")

    def test_a_row_of_another_width(self) -> None:
        with pytest.raises(ListError, match="columns"):
            read_table(yearly("Company,A"), YEARLY, programme="p")

    @pytest.mark.parametrize("head", [b"", b"name,schema", b"schema;name", b"\xff\xfe\x00"])
    def test_another_header_is_not_this_table(self, head: bytes) -> None:
        assert not is_table(YEARLY, head)


@pytest.mark.shared_data
class TestRealTables:
    @pytest.mark.parametrize(
        ("file", "source", "entries"),
        [
            ("bis_mieu_opensanctions.csv", "us_bis_mieu", 13),
            ("dod_1260h_opensanctions.csv", "us_dow_1260h", 216),
            ("section_1286_opensanctions.csv", "us_dow_1286", 156),
        ],
    )
    def test_they_read_whole(self, shared_data: Path, file: str, source: str, entries: int) -> None:
        (found,) = read([shared_data / "watchlists" / "us_bis_and_research" / file])
        assert (found.source.id, len(found.reading.listings)) == (source, entries)
