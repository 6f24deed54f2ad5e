"""Vendors' messages: checked, stored once, and never a change of state by themselves."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.accounts.test_verified import ANN
from tests.content.test_every_vendor import SECRET, SIGN, sample
from tests.made import JOB
from vedette.accounts import verified
from vedette.accounts.delivery import NotAuthentic, Unreadable, check_timed_signature, digest, moment
from vedette.accounts.evidence import UnknownVendor, receive_evidence, take, vendor
from vedette.accounts.verification import State
from vedette.accounts.verified import EvidenceRepeated
from vedette.audit.verify import verify as verify_log
from vedette.base import FixedClock, canonical_json, parse_time
from vedette.store import Store

NOW = "2026-02-28T09:20:00Z"


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(parse_time(NOW))


@pytest.fixture
def held(take: Callable[..., object]) -> None:
    take(accounts=[ANN])


def receive(store: Store, clock: FixedClock, name: str, body: bytes) -> Any:
    headers = SIGN[name](body, SECRET, clock.now())
    return receive_evidence(store, JOB, name, headers, body, secret=SECRET, clock=clock)


def message(name: str) -> bytes:
    return canonical_json(sample(vendor(name))[0])


@pytest.mark.usefixtures("held")
class TestReceive:
    @pytest.mark.parametrize("name", sorted(SIGN))
    def test_a_result_is_stored_and_the_account_stays_where_it_is(
        self, store: Store, clock: FixedClock, name: str
    ) -> None:
        """A vendor's green light is evidence; what it means for the account is decided by the provider's own rule."""
        receipt = receive(store, clock, name, message(name))
        assert receipt.status == "stored"
        found = verified.record_of(store, "a-1")
        assert [item.source for item in found.evidence] == [name]
        assert found.standing.state is State.UNVERIFIED
        assert verify_log(store).holds

    def test_a_replay_is_harmless(self, store: Store, clock: FixedClock) -> None:
        body = message("persona")
        receive(store, clock, "persona", body)
        before = verify_log(store).leaves
        assert receive(store, clock, "persona", body).status == "repeated"
        assert verify_log(store).leaves == before

    def test_one_event_with_two_contents_is_refused(self, store: Store, clock: FixedClock) -> None:
        event = sample(vendor("stripe_identity"))[0]
        receive(store, clock, "stripe_identity", canonical_json(event))
        event["data"]["object"]["type"] = "id_number"
        with pytest.raises(EvidenceRepeated):
            receive(store, clock, "stripe_identity", canonical_json(event))

    def test_an_unsigned_message_leaves_no_trace(self, store: Store, clock: FixedClock) -> None:
        before = verify_log(store).leaves
        with pytest.raises(NotAuthentic):
            receive_evidence(store, JOB, "persona", {}, message("persona"), secret=SECRET, clock=clock)
        assert verify_log(store).leaves == before

    def test_an_event_that_decides_nothing_is_told_and_not_stored(self, store: Store, clock: FixedClock) -> None:
        receipt = receive(store, clock, "persona", canonical_json(sample(vendor("persona"))[4]))
        assert (receipt.status, receipt.as_json()["reason"]) == ("ignored", "decides nothing about an inquiry")

    def test_a_vendor_may_be_faster_than_the_export(self, store: Store, clock: FixedClock) -> None:
        event = sample(vendor("persona"))[0]
        event["data"]["attributes"]["payload"]["data"]["attributes"]["reference-id"] = "a-tomorrow"
        assert take(store, JOB, "persona", canonical_json(event), clock=clock).status == "stored"

    def test_an_unknown_vendor_is_told_who_is_known(self) -> None:
        with pytest.raises(UnknownVendor, match="persona, stripe_identity, sumsub"):
            vendor("../persona")


class TestTimedSignature:
    BODY = b'{"a": 1}'

    def given(self, secret: str = SECRET, seconds: str = "1772270400") -> str:
        return f"t={seconds},v1={digest(secret, seconds.encode() + b'.' + self.BODY, 'sha256').decode()}"

    def check(self, value: str, clock: FixedClock) -> None:
        check_timed_signature(value, self.BODY, SECRET, now=clock.now(), tolerance=vendor("persona").tolerance)

    @pytest.mark.parametrize("other", ["t=1,v1=00", "t=,v1=", "v1=00", "t=1772270400,v0=00"])
    def test_one_fitting_set_among_others_is_enough(self, clock: FixedClock, other: str) -> None:
        """While a secret is changed, a vendor signs with both."""
        self.check(f"{other} {self.given()}", clock)
        self.check(f"{self.given()} {other}", clock)

    @pytest.mark.parametrize(
        ("value", "why"),
        [
            ("", "does not fit"),
            ("t=99999999999,v1=ab", "does not fit"),
            ("t=²,v1=ab", "does not fit"),
            ("é", "does not fit"),
        ],
    )
    def test_what_does_not_fit_is_refused(self, clock: FixedClock, value: str, why: str) -> None:
        with pytest.raises(NotAuthentic, match=why):
            self.check(value, clock)

    def test_a_stale_signature_is_called_stale(self, clock: FixedClock) -> None:
        with pytest.raises(NotAuthentic, match="too old"):
            self.check(self.given(seconds="1772260000"), clock)


class TestMoment:
    @pytest.mark.parametrize("text", ["", "soon", "99999999999999999999", "999999999999", "2026-13-01"])
    def test_what_is_no_time_is_refused(self, text: str) -> None:
        with pytest.raises(Unreadable):
            moment(text)

    def test_three_forms_mean_the_same(self) -> None:
        forms = ("2026-02-28T09:20:00Z", "2026-02-28 09:20:00.000", "1772270400")
        assert {moment(text).isoformat() for text in forms} == {"2026-02-28T09:20:00+00:00"}
        assert json.loads(canonical_json(NOW)) == NOW
