"""Canada's XML."""

from __future__ import annotations

from datetime import date

import pytest

from vedette.base import Identifier, PartyKind
from vedette.watchlists.model import Listing
from vedette.watchlists.reading import ListError, Piece, Reading
from vedette.watchlists.sources.ca_gac_sema.parse import parse, recognise


def record(**fields: str) -> str:
    base = {"Country": "Norland / Norlande", "Schedule": "1", "Item": "2", "DateOfListing": "2020-09-28"}
    inner = "".join(f"<{tag}>{text}</{tag}>" for tag, text in {**base, **fields}.items() if text)
    return f"<record>{inner}</record>"


def read(*records: str) -> Reading:
    return parse({"primary": Piece("ca.xml", f"<data-set>{''.join(records)}</data-set>".encode())})


def only(**fields: str) -> Listing:
    (listing,) = read(record(**fields)).listings
    return listing


class TestKinds:
    def test_a_person_has_given_and_last_name_and_a_birth_date(self) -> None:
        listing = only(LastName="Samplov", GivenName="Ivan", DateOfBirthOrShipBuildDate="1965-04-29")
        assert listing.party.kind is PartyKind.PERSON
        assert [name.text for name in listing.party.names] == ["Ivan Samplov"]
        assert listing.party.birth_dates == ("1965-04-29",)
        assert (listing.listed_on, listing.programmes) == (date(2020, 9, 28), ("Norland",))

    def test_a_ships_year_of_building_is_no_birth_date(self) -> None:
        party = only(EntityOrShip="Star", ShipIMONumber="7612448", DateOfBirthOrShipBuildDate="1980").party
        assert (party.kind, party.birth_dates) == (PartyKind.VESSEL, ())
        assert party.identifiers == (Identifier("imo", "7612448"),)

    def test_a_body_may_have_a_name_in_both_languages(self) -> None:
        party = only(EntityOrShip="Sample Works / Usine Sample").party
        assert (party.kind, len(party.names)) == (PartyKind.ORGANIZATION, 2)


class TestAliases:
    @pytest.mark.parametrize(
        ("cell", "names"),
        [
            ("Игорь МАТРУС / Iгор МАТРУС", ["Игорь МАТРУС", "Iгор МАТРУС"]),
            ("A; B", ["A", "B"]),
            ("DEMCO, Designing and Manufacturing", ["DEMCO, Designing and Manufacturing"]),
            ("", []),
        ],
    )
    def test_cells_are_split_at_strokes_and_semicolons_only(self, cell: str, names: list[str]) -> None:
        assert [name.text for name in only(EntityOrShip="X", Aliases=cell).party.names[1:]] == names


class TestIds:
    def test_an_id_does_not_depend_on_the_order_of_the_file(self) -> None:
        one, two = record(LastName="A", Item="1"), record(LastName="B", Item="2")
        ids = {listing.party.names[0].text: listing.entity_id for listing in read(one, two).listings}
        assert ids == {listing.party.names[0].text: listing.entity_id for listing in read(two, one).listings}

    def test_the_same_record_twice_keeps_two_ids(self) -> None:
        assert len({listing.entity_id for listing in read(record(LastName="A"), record(LastName="A")).listings}) == 2


class TestDamage:
    def test_a_record_without_name_refuses_the_file(self) -> None:
        with pytest.raises(ListError, match="no name"):
            read(record())

    def test_an_unknown_element_is_counted(self) -> None:
        assert read(record(LastName="A", Shoe="44")).ignored == {"unknown element Shoe": 1}

    def test_only_its_own_form_is_recognised(self) -> None:
        assert recognise("x", f"<?xml version='1.0'?><data-set>{record()}".encode())
        assert not recognise("x", b"<data-set><record/></data-set>")
        assert not recognise("x", b"<!DOCTYPE x><data-set><DateOfListing>")
