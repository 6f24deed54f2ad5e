"""FollowTheMoney lines of any publisher."""

from __future__ import annotations

import json
from typing import Any

import pytest

from vedette.base import Address, Identifier, PartyKind
from vedette.watchlists.reading import ListError, Piece, Reading
from vedette.watchlists.sources.xx_any_ftm.parse import parse, recognise


def entity(schema: str = "Person", entity_id: str = "a", datasets: Any = ("set",), **properties: Any) -> dict[str, Any]:
    return {"id": entity_id, "schema": schema, "properties": properties, "datasets": datasets}


def read(*entities: Any, name: str = "list_2026-01-31.entities.ftm.json") -> Reading:
    return parse({"primary": Piece(name, "".join(json.dumps(one) + "\n" for one in entities).encode())})


class TestParties:
    @pytest.mark.parametrize(
        ("schema", "kind"),
        [
            ("Person", PartyKind.PERSON),
            ("Organization", PartyKind.ORGANIZATION),
            ("Company", PartyKind.ORGANIZATION),
            ("PublicBody", PartyKind.ORGANIZATION),
            ("LegalEntity", PartyKind.UNKNOWN),
            ("Vessel", PartyKind.VESSEL),
            ("Airplane", PartyKind.AIRCRAFT),
        ],
    )
    def test_these_schemata_are_parties(self, schema: str, kind: PartyKind) -> None:
        (listing,) = read(entity(schema, name=["N"])).listings
        assert listing.party.kind is kind

    def test_every_other_line_is_counted_by_its_schema(self) -> None:
        reading = read(entity(), entity("Ownership", "o"), entity("Family", "f"), entity("Family", "g"))
        assert reading.ignored == {"Ownership": 1, "Family": 2}

    def test_nationality_birthplace_and_gender_are_never_read(self) -> None:
        origin = {
            key: ["kp"] for key in ("nationality", "citizenship", "birthPlace", "birthCountry", "gender", "ethnicity")
        }
        (listing,) = read(entity(name=["N"], **origin)).listings
        assert listing.party.countries == ()
        assert "kp" not in repr(listing).lower()

    def test_what_hangs_on_a_party_by_reference_reaches_it_from_either_side(self) -> None:
        hanging = [
            entity("CryptoWallet", "w", holder=["a"], publicKey=["1abc"]),
            entity("Passport", "p", holder=["a"], number=["P1"]),
            entity("Sanction", "s", entity=["a"], programId=["EU-PRK"]),
            entity("Address", "addr", full=["1 Road"], country=["cn"]),
        ]
        for lines in ([entity(addressEntity=["addr"]), *hanging], [*hanging, entity(addressEntity=["addr"])]):
            (listing,) = read(*lines).listings
            assert listing.party.identifiers == (Identifier("wallet", "1abc"), Identifier("passport", "P1"))
            assert listing.programmes == ("EU-PRK",)
            assert listing.party.addresses == (Address("1 Road", "CN"),)

    def test_topics_are_kept_sorted(self) -> None:
        assert read(entity(topics=["sanction", "poi"])).listings[0].topics == ("poi", "sanction")

    def test_a_cell_with_several_numbers_is_split(self) -> None:
        (listing,) = read(entity(phone=["+1 2; +3 4"])).listings
        assert [item.value for item in listing.party.identifiers] == ["+1 2", "+3 4"]


class TestListName:
    def test_the_one_dataset_names_the_list(self) -> None:
        assert read(entity(), entity("Company", "b")).list_id == "set"

    @pytest.mark.parametrize("second", [["other"], ["set", "other"], [], None, 5, [[1]]])
    def test_several_or_no_datasets_leave_it_to_the_file(self, second: Any) -> None:
        reading = read(entity(), entity("Company", "b", datasets=second))
        assert reading.list_id == "ftm_list"
        assert "--as" in reading.notes[0]


class TestDamage:
    @pytest.mark.parametrize(
        "line",
        [
            {"id": "", "schema": "Person", "properties": {}},
            {"schema": "Person", "properties": {}},
            {"id": "a", "schema": 3, "properties": {}},
            {"id": "a", "schema": "Person", "properties": []},
            {"id": "a", "schema": "Person", "properties": {"name": "N"}},
        ],
    )
    def test_a_line_of_another_shape_refuses_the_file_with_its_number(self, line: dict[str, Any]) -> None:
        with pytest.raises(ListError) as caught:
            read(entity("Company", "z"), line)
        assert caught.value.place.line == 2

    def test_the_second_bearer_of_an_id_refuses_the_file(self) -> None:
        with pytest.raises(ListError, match="stands twice"):
            read(entity(), entity())

    def test_values_that_are_no_texts_are_passed_over(self) -> None:
        assert read(entity(name=["N", 5, None, ["x"], " "])).listings[0].party.names[0].text == "N"


class TestRecognise:
    def test_only_the_first_line_decides(self) -> None:
        assert recognise("x", b'{"id":"a","schema":"Person","properties":{}}\n')
        assert not recognise("x", b'[{"schema":"Person","properties":{}}]')
        assert not recognise("x", b'{"id":"a"}\n{"schema":"Person","properties":{}}')
