"""Customers and owners in the words of screening."""

from __future__ import annotations

from vedette.accounts import owner_of, party_of
from vedette.base import NameQuality, PartyKind


class TestPartyOf:
    def test_fields(self) -> None:
        party = party_of(
            "a",
            {
                "kind": "organization",
                "name": "Acme Ltd",
                "name_native": "아크메",
                "country": "Germany",
                "address": "1 Road, Berlin",
                "email": "x@acme.example",
                "phone": "+49301234567",
                "registration_number": "HRB 1",
                "website": "acme.example",
            },
        )

        assert party.kind is PartyKind.ORGANIZATION
        assert [(name.text, name.quality) for name in party.names] == [
            ("Acme Ltd", NameQuality.PRIMARY),
            ("아크메", NameQuality.STRONG),
        ]
        assert party.countries == ("DE",)
        assert [(item.kind, item.country) for item in party.identifiers] == [
            ("email", ""),
            ("phone", "DE"),
            ("registration", "DE"),
        ]

    def test_nothing_known(self) -> None:
        party = party_of("a", {"name": None, "country": "Korea"})

        assert (party.names, party.countries, party.identifiers) == ((), (), ())
        assert party.kind is PartyKind.UNKNOWN


class TestOwnerOf:
    def test_shares_as_text_or_missing(self) -> None:
        found = owner_of("a", {"owner_id": "o", "owner_name": "Ivan", "share_min": "25.5", "share_max": "most"})

        assert (found.share_min, found.share_max) == (25.5, None)
        assert found.party.id == "a/o"
        assert found.parent_owner_id == ""
