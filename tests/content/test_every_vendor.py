"""What holds for every identity vendor: its sample reads as expected, nothing personal comes through, nothing unsigned is believed."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.accounts.delivery import Delivery, NotAuthentic, Unreadable, digest
from vedette.accounts.evidence import Vendor, vendors
from vedette.base import canonical_json

ALL = list(vendors().values())
NOW = datetime(2026, 2, 28, 9, 20, tzinfo=UTC)
SECRET = "whsec_invented"
SAID_OF_PEOPLE = ("Tovah", "1990", "X1234", "x1234", "front.jpg", "dob")


def token(text: str) -> str:
    """A stand-in for the vault's token, the same on every machine."""
    return digest("test", text.encode(), "sha256")[:12].decode()


def sample(vendor: Vendor) -> list[dict[str, Any]]:
    folder = files("vedette.accounts.vendors") / vendor.id
    read: list[dict[str, Any]] = json.loads((folder / "sample.json").read_text("utf-8"))
    return read


def expected(vendor: Vendor) -> list[dict[str, Any]]:
    folder = files("vedette.accounts.vendors") / vendor.id
    return [json.loads(line) for line in (folder / "expected.jsonl").read_text("utf-8").splitlines()]


def answer(vendor: Vendor, body: bytes) -> dict[str, Any]:
    """One line as expected.jsonl writes it."""
    try:
        delivery: Delivery = vendor.code.read(body, token)
    except Unreadable as fault:
        return {"refused": fault.problem}
    if delivery.evidence is None:
        return {"event": delivery.event, "ignored": delivery.ignored}
    return {"event": delivery.event, "evidence": delivery.evidence.as_json()}


def timed(body: bytes, secret: str, at: datetime) -> str:
    seconds = str(int(at.timestamp()))
    return f"t={seconds},v1={digest(secret, seconds.encode() + b'.' + body, 'sha256').decode()}"


def sumsub(body: bytes, secret: str, _at: datetime) -> dict[str, str]:
    return {
        "x-payload-digest": digest(secret, body, "sha256").decode(),
        "x-payload-digest-alg": "HMAC_SHA256_HEX",
    }


SIGN: dict[str, Callable[[bytes, str, datetime], dict[str, str]]] = {
    "persona": lambda body, secret, at: {"Persona-Signature": timed(body, secret, at)},
    "stripe_identity": lambda body, secret, at: {"stripe-signature": timed(body, secret, at)},
    "sumsub": sumsub,
}


def authenticate(
    vendor: Vendor, headers: dict[str, str], body: bytes, *, secret: str = SECRET, now: datetime = NOW
) -> None:
    vendor.code.authenticate(headers, body, secret, now=now, tolerance=vendor.tolerance)


@pytest.mark.parametrize("vendor", ALL, ids=lambda vendor: vendor.id)
class TestEveryVendor:
    def test_the_declaration_speaks(self, vendor: Vendor) -> None:
        assert vendor.caption.endswith(".") and vendor.address.startswith("https://")
        assert len(vendor.blind_spots.split()) >= 8 and vendor.tolerance > timedelta()
        assert vendor.id in SIGN, "sign a message as this vendor does, in this test"

    def test_the_sample_reads_to_exactly_what_is_expected(self, vendor: Vendor) -> None:
        assert [answer(vendor, canonical_json(item)) for item in sample(vendor)] == expected(vendor)

    def test_the_sample_shows_every_result_and_what_is_ignored_and_refused(self, vendor: Vendor) -> None:
        found = expected(vendor)
        results = {item["evidence"]["result"] for item in found if "evidence" in item}
        assert results >= {"passed", "failed", "needs_review"}
        assert any("ignored" in item for item in found) and any("refused" in item for item in found)

    def test_no_name_number_birth_date_or_image_comes_through(self, vendor: Vendor) -> None:
        """What the vendor knows of the person stays with the vendor."""
        told = json.dumps(expected(vendor))
        assert not [word for word in SAID_OF_PEOPLE if word in told]

    def test_a_signed_message_is_believed(self, vendor: Vendor) -> None:
        body = canonical_json(sample(vendor)[0])
        authenticate(vendor, SIGN[vendor.id](body, SECRET, NOW), body)

    def test_what_is_unsigned_altered_stale_or_under_another_secret_is_not(self, vendor: Vendor) -> None:
        """Nobody becomes verified by a message that anybody could have sent."""
        body = canonical_json(sample(vendor)[0])
        good = SIGN[vendor.id](body, SECRET, NOW)
        late = NOW + vendor.tolerance + timedelta(days=1)
        for headers, sent, secret, now in (
            ({}, body, SECRET, NOW),
            (good, body + b" ", SECRET, NOW),
            (good, body, "another", NOW),
            (good, body, "", NOW),
            (good, body, SECRET, late),
            (dict.fromkeys(good, ""), body, SECRET, NOW),
            (dict.fromkeys(good, "t=1,v1=\udcff,v1="), body, SECRET, NOW),
        ):
            with pytest.raises(NotAuthentic):
                authenticate(vendor, headers, sent, secret=secret, now=now)

    def test_any_field_may_hold_anything(self, vendor: Vendor) -> None:
        for item in sample(vendor):
            for changed in _broken(item):
                answer(vendor, json.dumps(changed).encode())

    @given(st.binary(max_size=200))
    def test_any_bytes_are_read_or_refused(self, vendor: Vendor, body: bytes) -> None:
        answer(vendor, body)


def _broken(value: Any) -> list[Any]:
    """The value with each of its fields, at every depth, replaced by values of other shapes."""
    if not isinstance(value, dict):
        return [None, 7, True, "", "x" * 5_000, [], [1], {}, {"a": {}}, "\x00", "\ud7ff", 10**30, "\udc00"]
    found = []
    for key, held in value.items():
        found += [{**value, key: other} for other in _broken(held)]
        if isinstance(held, dict):
            shapes: tuple[Any, ...] = (None, 7, "x", [])
            found += [{**value, key: other} for other in shapes]
    return found
