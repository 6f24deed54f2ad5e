"""The DPRK check: who is held for a person, who is looked at, and who is left alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.accounts.conftest import Write
from vedette.accounts import Loaded, presence
from vedette.accounts.presence import CHECKS, check_all, check_fields, checks
from vedette.base import FixedClock, Strength
from vedette.store import Store

AT = datetime(2026, 1, 1, tzinfo=UTC)
Take = Callable[..., tuple[Loaded, ...]]


def strengths(fields: Mapping[str, Any], **more: Any) -> dict[str, str]:
    """Check -> strength of what is found about one customer."""
    found = check_fields("a", fields, at=AT, **more)
    return {item.check.removeprefix("presence/"): item.strength.value for item in found}


class TestStop:
    """Only a present statement and the current curated range hold an account for a person."""

    @pytest.mark.parametrize("country", ["KP", "PRK", "North Korea", "조선민주주의인민공화국"])
    def test_declared_country(self, country: str) -> None:
        assert strengths({"country": country}) == {"declared_country": "stop"}

    def test_present_address(self) -> None:
        assert strengths({"address": "1 Street, Pyongyang, DPRK"}) == {"address": "stop"}

    def test_current_range(self) -> None:
        found = strengths({"signup_ip": "175.45.176.9"}, classify={"175.45.176.9": "current"}.get)

        assert found == {"signup_address_range": "stop"}


class TestReview:
    """Everything softer asks a person to look and stops nobody."""

    @pytest.mark.parametrize(
        ("fields", "check", "strength"),
        [
            ({"phone": "+850 2 381 2321"}, "phone", "medium"),
            ({"phone": "00850 2 381 2321", "country": "DE"}, "phone", "medium"),
            ({"email": "x@star-co.net.kp"}, "email", "strong"),
            ({"website": "http://naenara.com.kp/en"}, "website", "strong"),
            ({"id_document_country": "KP"}, "document_issuer", "medium"),
            ({"declared_timezone": "asia/pyongyang"}, "timezone", "medium"),
            ({"address": "Seoul, formerly Hamhung, North Korea"}, "address_text", "weak"),
            ({"address": "1 Street, Pyongyang"}, "address_city", "strong"),
            ({"country": "South or North Korea"}, "country_text", "strong"),
            ({"declared_purpose": "translation of news from North Korea"}, "purpose", "weak"),
            ({"kind": "organization", "name": "Friends of North Korea"}, "name", "weak"),
            ({"extra": {"note": {"visits": ["DPRK 2019"]}}}, "other_text", "weak"),
        ],
    )
    def test_field(self, fields: Mapping[str, Any], check: str, strength: str) -> None:
        assert strengths(fields) == {check: strength}

    @pytest.mark.parametrize(
        ("status", "check"), [("historic", "signup_address_lease"), ("registry_only", "signup_address_registry")]
    )
    def test_soft_address_data(self, status: str, check: str) -> None:
        assert strengths({"signup_ip": "210.52.109.1"}, classify=lambda _ip: status) == {check: "medium"}

    def test_payer_and_owner(self) -> None:
        owners = [{"owner_id": "o-1", "country": "KP"}, {"owner_id": "o-2", "country": "KR"}]
        found = check_fields("a", {}, at=AT, owners=owners, payer_countries=["US", "KP"])

        assert {(item.check, item.window, item.strength) for item in found} == {
            ("presence/payer_country", "", Strength.STRONG),
            ("presence/owner_country", "o-1", Strength.STRONG),
        }


class TestLeftAlone:
    """FA-05: a Floridian, a South Korean, a namesake, and a person whose name sounds like it are not even looked at."""

    @pytest.mark.parametrize(
        "fields",
        [
            {"phone": "+1 850 432 0100", "country": "US", "address": "850 Main St, Pensacola, FL, US"},
            {"phone": "850-432-0100", "country": "US"},
            {"phone": "850 432 0100"},
            {"phone": "00850 432 0100", "country": "US"},
            {"country": "KR", "address": "Seoul, Republic of Korea", "declared_timezone": "Asia/Seoul"},
            {"country": "Korea"},
            {"kind": "person", "name": "North Korea"},
            {"email": "kp@example.org", "website": "kp.example.org"},
            {"name": "Kim Jong Un", "name_native": "김정은", "country": "US"},
            {},
        ],
    )
    def test_nothing_is_found(self, fields: Mapping[str, Any]) -> None:
        assert strengths(fields) == {}

    def test_a_refugee_is_never_stopped(self) -> None:
        refugee = {
            "country": "KR",
            "address": "Seoul (until 2009: Hamhung, North Korea)",
            "id_document_country": "KP",
            "declared_purpose": "a memoir of leaving North Korea",
            "phone": "+82 2 1234 5678",
        }

        assert "stop" not in strengths(refugee).values()


class TestFindings:
    def test_evidence_repeats_nothing_that_the_customer_wrote(self) -> None:
        found = check_fields("a", {"address": "7 Secret Lane, Pyongyang, DPRK", "phone": "+85023812321"}, at=AT)

        assert "Secret" not in repr(found)
        assert "23812321" not in repr(found)

    def test_ids_are_the_same_on_every_run(self) -> None:
        one, other = (check_fields("a", {"country": "KP"}, at=AT) for _ in range(2))

        assert one == other
        assert one[0].id == other[0].id

    def test_every_check_is_declared_and_only_three_stop(self) -> None:
        assert tuple(f"presence/{name}" for name in checks()) == CHECKS
        stopping = {name for name, check in checks().items() if check.strength is Strength.STOP}
        assert stopping == {"declared_country", "address", "signup_address_range"}
        assert all(check.citation and check.blind_spots for check in checks().values())


class TestCheckAll:
    def test_everyone_is_looked_at(self, store: Store, clock: FixedClock, take: Take) -> None:
        take(
            accounts=[
                {"account_id": "a-1", "opened_at": "2026-01-31T09:00:00Z", "country": "North Korea"},
                {"account_id": "a-2", "signup_ip": "175.45.176.9"},
                {"account_id": "a-3", "country": "US", "id_document_hash": "abc", "shoe": "DPRK army"},
            ],
            owners=[{"account_id": "a-3", "owner_id": "o", "country": "KP"}],
        )

        found, coverage = check_all(store, clock)

        assert {(item.subject.id, item.check.removeprefix("presence/")) for item in found} == {
            ("a-1", "declared_country"),
            ("a-2", "signup_address_range"),
            ("a-3", "owner_country"),
            ("a-3", "other_text"),
        }
        assert coverage.accounts == 3
        assert "id_document_hash" in coverage.unscreened
        assert "country" not in coverage.unscreened

    def test_times_come_from_the_account_and_not_from_the_run(
        self, store: Store, clock: FixedClock, take: Take
    ) -> None:
        take(accounts=[{"account_id": "a-1", "opened_at": "2026-01-31T09:00:00Z", "country": "KP"}])

        first, _ = check_all(store, clock)
        later, _ = presence.check_all(store, FixedClock(datetime(2027, 1, 1, tzinfo=UTC)))

        assert first == later
        assert first[0].first_seen == datetime(2026, 1, 31, 9, tzinfo=UTC)

    def test_an_empty_workspace_finds_nothing(self, store: Store, clock: FixedClock, write: Write) -> None:
        found, coverage = check_all(store, clock)

        assert found == ()
        assert coverage.accounts == 0
