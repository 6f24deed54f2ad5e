"""The shapes of the matching API, both ways: what a client may send and what every listed party becomes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.screening.people import LISTINGS
from vedette.base import PartyKind
from vedette.screening import ScreeningError
from vedette.screening.match_door import (
    FEATURES,
    Entry,
    algorithm_note,
    algorithms,
    example,
    facets,
    prefix,
    properties,
    read_queries,
    shown,
)
from vedette.watchlists import Listing, ListVersion


def version(source: str = "us_ofac_sdn", list_id: str = "us_ofac_sdn") -> ListVersion:
    return ListVersion(
        list_id=list_id,
        version="2026-03-01.0123456789ab",
        content_hash="0" * 64,
        published=None,
        loaded_at="2026-03-01T12:00:00Z",
        entries=1,
        obligation="block",
        source_id=source,
    )


def entry(listing: Listing, source: str = "us_ofac_sdn") -> Entry:
    return Entry(listing, version(source), "2026-03-01T12:00:00Z")


class TestExample:
    @pytest.mark.parametrize(
        ("schema", "kind"),
        [
            ("Person", PartyKind.PERSON),
            ("Company", PartyKind.ORGANIZATION),
            ("PublicBody", PartyKind.ORGANIZATION),
            ("LegalEntity", PartyKind.UNKNOWN),
            ("Thing", PartyKind.UNKNOWN),
            ("Vessel", PartyKind.VESSEL),
            ("Airplane", PartyKind.AIRCRAFT),
        ],
    )
    def test_schemata(self, schema: str, kind: PartyKind) -> None:
        party = example(schema, {"name": ["A B"]}).party
        assert party is not None
        assert party.kind is kind

    def test_properties_become_fields(self) -> None:
        party = example(
            "Person",
            {
                "name": "Ann Example",
                "alias": ["Annie"],
                "birthDate": ["1990-04-21"],
                "country": ["us"],
                "passportNumber": ["X123"],
            },
        ).party
        assert party is not None
        assert [name.text for name in party.names] == ["Ann Example", "Annie"]
        assert (party.birth_dates, party.countries) == (("1990-04-21",), ("US",))
        assert [(item.kind, item.value) for item in party.identifiers] == [("passport", "X123")]

    @pytest.mark.parametrize(
        "name", ["nationality", "citizenship", "birthPlace", "birthCountry", "gender", "ethnicity"]
    )
    def test_what_must_not_be_judged_is_never_read(self, name: str) -> None:
        """The same party comes out whatever is claimed of origin, place of birth or gender."""
        plain = example("Person", {"name": ["A B"]}).party
        assert example("Person", {"name": ["A B"], name: ["kp", "male"]}).party == plain

    def test_parts_of_a_name_only_where_there_is_none(self) -> None:
        parts = example("Person", {"lastName": ["Kim"], "firstName": ["Yong", "Chol"]}).party
        both = example("Person", {"name": ["Kim Y"], "firstName": ["Yong"]}).party
        assert parts is not None and both is not None
        assert [name.text for name in parts.names] == ["Yong Chol Kim"]
        assert [name.text for name in both.names] == ["Kim Y"]

    def test_a_field_that_is_not_understood_is_told(self) -> None:
        assert "birth_date" in example("Person", {"name": ["A B"], "birthDate": ["soon"]}).notes[0]

    @given(
        st.dictionaries(
            st.sampled_from(["name", "birthDate", "country", "phone", "email", "website", "x"]),
            st.lists(st.text(max_size=30) | st.integers() | st.none(), max_size=4) | st.text(max_size=30),
        )
    )
    def test_no_properties_break_it(self, given_properties: dict[str, Any]) -> None:
        found = example("Person", given_properties)
        assert (found.party is None) == bool(found.problem)
        assert found.as_json()["schema"] == "Person"


class TestReadQueries:
    def test_names_and_order_are_kept(self) -> None:
        query = {"schema": "Person", "properties": {"name": ["A B"]}}
        assert list(read_queries({"queries": {"z": query, "a": query}})) == ["z", "a"]

    @pytest.mark.parametrize("body", [None, [], {}, {"queries": 1}, {"queries": {"a": 1}}])
    def test_anything_else_is_refused_without_an_echo(self, body: Any) -> None:
        with pytest.raises(ScreeningError) as told:
            read_queries(body)
        assert told.value.remedy


class TestShown:
    @pytest.mark.parametrize("listing", LISTINGS, ids=lambda listing: listing.entity_id)
    def test_every_listed_party_becomes_an_entity(self, listing: Listing) -> None:
        told = shown(entry(listing))

        assert told["id"] == f"us_ofac_sdn-{listing.entity_id}"
        assert told["referents"] == [listing.entity_id]
        assert told["caption"] == listing.party.names[0].text
        texts = properties(listing)
        assert all(isinstance(values, list) and values for values in texts.values())
        held = {text for values in texts.values() for text in values}  # type: ignore[union-attr]  # checked above
        assert {name.text for name in listing.party.names} <= held
        assert {item.value for item in listing.party.identifiers} <= held

    @pytest.mark.parametrize("listing", LISTINGS, ids=lambda listing: listing.entity_id)
    def test_an_entity_can_be_asked_with_again(self, listing: Listing) -> None:
        """What is given out is understood when it comes back: the same kind, names and dates."""
        told = shown(entry(listing))
        again = example(str(told["schema"]), dict(properties(listing))).party
        assert again is not None
        assert again.kind is listing.party.kind
        assert {name.text for name in again.names} == {name.text for name in listing.party.names}
        assert again.birth_dates == listing.party.birth_dates

    def test_ids_of_followthemoney_stay_as_they_are(self) -> None:
        told = shown(entry(LISTINGS[0], "xx_any_ftm"))
        assert (told["id"], told["referents"]) == (LISTINGS[0].entity_id, [])
        assert prefix(version("xx_any_senzing")) == ""

    def test_facets_count(self) -> None:
        found: Any = facets([entry(listing) for listing in LISTINGS])
        assert found["datasets"]["values"] == [{"name": "us_ofac_sdn", "label": "us_ofac_sdn", "count": len(LISTINGS)}]


class TestAlgorithms:
    def test_the_own_one_needs_no_note(self) -> None:
        assert algorithm_note("vedette") == ""
        assert "vedette" in algorithm_note("logic-v2")
        with pytest.raises(ScreeningError):
            algorithm_note("unheard-of")

    def test_every_feature_is_explained(self) -> None:
        told: Any = algorithms()
        assert told["algorithms"][0]["features"].keys() == FEATURES.keys()
