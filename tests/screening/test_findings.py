"""Findings: the strength that each level may have, and evidence without the customer's own values."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from tests.screening.people import BITCOIN, COMPANY, EDITION, ETHER, customer
from vedette.base import Identifier, Party, Strength, Subject
from vedette.screening import Index, ScreeningError, findings_of, score, wallet_findings, wallets

_AT = datetime(2026, 3, 1, tzinfo=UTC)
_RARE = "Volkonskayev Bartholomew Quentin"
_SUBJECT = Subject("account", "a-1")


def _finding(index: Index, party: Party, who: str = "") -> object:
    matches = score(party, against=index, limit=1)
    (found,) = findings_of(matches, subject=_SUBJECT, accounts=("a-1",), at=_AT, who=who)
    return found


class TestStrength:
    @pytest.mark.parametrize(
        ("facts", "strength"),
        [
            ({}, Strength.STRONG),
            ({"birth_dates": ("1961-03-14",)}, Strength.STOP),
            ({"birth_dates": ("1993-11-30",)}, Strength.CONTEXT),
            ({"identifiers": (Identifier("email", "bart@volkonskayev.example"),)}, Strength.STOP),
        ],
    )
    def test_of_a_rare_name(self, index: Index, facts: dict[str, object], strength: Strength) -> None:
        found = _finding(index, customer(_RARE, **facts))
        assert found.strength is strength  # type: ignore[attr-defined]

    def test_a_name_as_common_as_the_population_is_no_strong_finding(self, index: Index) -> None:
        matches = score(customer(_RARE), against=index, limit=1, population=2**100)
        (found,) = findings_of(matches, subject=_SUBJECT, accounts=(), at=_AT)
        assert (found.strength, found.bits) == (Strength.WEAK, 0.0)


class TestEvidence:
    def test_names_list_version_entry_and_fields(self, index: Index) -> None:
        (item,) = _finding(index, customer(_RARE, birth_dates=("1961-03-14",))).evidence  # type: ignore[attr-defined]
        assert item.ref == f"{EDITION.label}#p-1"
        assert (item.values["list"], item.values["list_version"]) == (EDITION.list_id, EDITION.version)
        fields = {field["field"]: field["outcome"] for field in item.values["fields"]}
        assert (fields["name"], fields["birth_date"], fields["country"]) == ("agrees", "agrees", "absent")
        assert item.values["obligation"] == EDITION.obligation

    def test_holds_nothing_of_the_customer_in_clear(self, index: Index) -> None:
        asked = customer(
            "Bartholomew Q. Volkonskayev",
            birth_dates=("1961-03-15",),
            identifiers=(Identifier("passport", "X12345678", "RU"), Identifier("email", "bart@volkonskayev.example")),
        )
        found = _finding(index, asked)
        text = found.summary + json.dumps([item.as_json() for item in found.evidence])  # type: ignore[attr-defined]
        for value in ("Q. Volkonskayev", "1961", "X12345678", "bart@"):
            assert value not in text

    def test_cites_the_list(self, index: Index) -> None:
        assert _finding(index, customer(_RARE)).citation == ("OFAC-01",)  # type: ignore[attr-defined]

    def test_says_what_it_cannot_see(self, index: Index) -> None:
        assert "no match does not mean" in _finding(index, customer(_RARE)).blind_spots  # type: ignore[attr-defined]


class TestIdentity:
    def test_the_same_entry_folds_in_and_an_owner_stands_apart(self, index: Index) -> None:
        account, again = (_finding(index, customer(_RARE)) for _ in range(2))
        owner = _finding(index, customer(_RARE), who="owner o-3")
        assert account.id == again.id != owner.id  # type: ignore[attr-defined]
        assert "the owner o-3" in owner.summary  # type: ignore[attr-defined]


class TestWallets:
    def test_only_exact_addresses_are_found(self, index: Index) -> None:
        found = wallets(index, [BITCOIN, ETHER.upper().replace("0X", "0x"), BITCOIN.lower(), "1Other", BITCOIN])
        assert [(address, [match.entity_id for match in matches]) for address, matches in found] == [
            (BITCOIN, ["o-2"]),
            (ETHER.upper().replace("0X", "0x"), ["o-2"]),
        ]

    def test_a_listed_wallet_stops_once_an_entry(self, index: Index) -> None:
        hits = wallets(index, [BITCOIN, ETHER])
        (found,) = wallet_findings(hits, subject=_SUBJECT, accounts=("a-1",), at=_AT)
        assert (found.check, found.strength) == ("screening/listed_wallet", Strength.STOP)
        assert BITCOIN not in json.dumps(found.evidence[0].as_json()) + found.summary

    def test_an_empty_address_is_nobodys(self, index: Index) -> None:
        assert wallets(index, ["", "  "]) == ()

    def test_without_lists_there_is_no_answer(self) -> None:
        with pytest.raises(ScreeningError):
            wallets(Index([]), [BITCOIN])

    def test_a_company_paying_from_its_own_listed_wallet_is_identified(self, index: Index) -> None:
        asked = customer("Unrelated Trading", COMPANY, identifiers=(Identifier("wallet", BITCOIN),))
        assert score(asked, against=index)[0].entity_id == "o-2"
