"""United States restricted-party lists in their common JSON form."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from vedette.base import PartyKind
from vedette.watchlists.reading import ListError, Piece
from vedette.watchlists.us_restricted import is_list, read_restricted


def piece(*entities: Any, **changes: Any) -> Piece:
    whole = {"list_id": "x", "extracted": "2026-07-09", "count": len(entities), "entities": list(entities), **changes}
    return Piece("x.json", json.dumps(whole).encode())


class TestIsList:
    def test_the_file_names_its_list(self) -> None:
        assert is_list("bis-meu", b'\xef\xbb\xbf{ "list_id" : "bis-meu",')
        assert not is_list("bis-meu", b'{"list_id": "bis-meu-old"}')
        assert not is_list("bis-meu", b'{"name": "list_id", "list_id": "bis-meu"}')


class TestReading:
    def test_fields_and_day_are_read(self) -> None:
        row = {
            "name": "A",
            "country": "China",
            "address": "1 Road",
            "effective_date": "June 21, 2022",
            "status": "Active",
        }
        reading = read_restricted(piece(row), kind=PartyKind.ORGANIZATION, programme="P")
        (listing,) = reading.listings
        assert reading.published == date(2026, 7, 9)
        assert (listing.party.countries, listing.party.kind) == (("CN",), PartyKind.ORGANIZATION)
        assert (listing.programmes, listing.listed_on, listing.remarks) == (("P",), date(2022, 6, 21), "Active")

    def test_ids_are_stable_and_the_second_bearer_is_told_apart(self) -> None:
        one = {"name": "A", "country": "China", "federal_register": "1 FR 1"}
        two = {**one, "federal_register": "2 FR 2"}
        alone = read_restricted(piece(one)).listings[0].entity_id
        both = [listing.entity_id for listing in read_restricted(piece(one, two, two)).listings]
        assert both[0] == alone
        assert len(set(both)) == 3

    def test_an_abbreviation_in_brackets_is_a_name_of_its_own(self) -> None:
        names = read_restricted(piece({"name": "Emal Bilal Company (EBC)"})).listings[0].party.names
        assert [name.text for name in names] == ["Emal Bilal Company (EBC)", "Emal Bilal Company", "EBC"]

    def test_birth_dates_and_credit_codes_are_read_from_the_notes(self) -> None:
        notes = "Date of birth: November, 1975; USCC: 91110000MA005UCQ5P (China)"
        party = read_restricted(piece({"name": "A", "notes": notes})).listings[0].party
        assert party.birth_dates == ("1975-11",)
        assert [item.value for item in party.identifiers] == ["91110000MA005UCQ5P"]

    def test_an_unknown_field_is_counted(self) -> None:
        assert read_restricted(piece({"name": "A", "colour": "red"})).ignored == {"unknown field 'colour'": 1}

    @pytest.mark.parametrize(
        "damaged",
        [
            piece({"name": "A"}, count=2),
            piece({"name": ""}),
            piece({"name": None}),
            piece("A"),
            piece({"name": "A", "country": 5}),
            piece({"name": "A", "aliases": [1]}),
            piece({"name": "A", "aliases": "one"}),
            piece({"name": "A"}, list_id=None),
            piece({"name": "A"}, entities="none"),
            Piece("x.json", b"[]"),
        ],
    )
    def test_another_shape_is_refused(self, damaged: Piece) -> None:
        with pytest.raises(ListError):
            read_restricted(damaged)
