"""The sign-up decision: what each combination of answers means for the customer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from vedette.app.checks import CheckResult, Customer
from vedette.app.verify import Desk, Outcome, Verdict
from vedette.base import Finding, FixedClock, Strength, Subject


class Fixed:
    """A check that always says the same."""

    def __init__(self, name: str, *strengths: Strength, missing: str = "") -> None:
        self.name = name
        self._strengths = strengths
        self._missing = missing

    def look(self, customer: Customer, moment: datetime) -> CheckResult:
        findings = tuple(finding(f"{self.name}/{n}", item, moment) for n, item in enumerate(self._strengths))
        return CheckResult(findings, self._missing, {f"list_{self.name}": "v1"})


def finding(check: str, strength: Strength, moment: datetime) -> Finding:
    return Finding(
        check=check,
        version="1",
        subject=Subject("account", "q"),
        accounts=("q",),
        family="x",
        strength=strength,
        bits=1.0,
        summary="Something was seen.",
        evidence=(),
        citation=("OFAC-02",),
        blind_spots="Much.",
        first_seen=moment,
        last_seen=moment,
    )


def decide(clock: FixedClock, *checks: Fixed) -> Verdict:
    desk = Desk(checks=checks, policy_versions={"us_x": "1"}, hold=timedelta(hours=72), clock=clock)
    return desk.decide(Customer("q", {"name": "Somebody"}))


class TestDesk:
    @pytest.mark.parametrize(
        ("checks", "outcome"),
        [
            ((Fixed("a"), Fixed("b")), Outcome.CLEAR),
            ((Fixed("a", Strength.CONTEXT),), Outcome.CLEAR),
            ((Fixed("a", Strength.WEAK),), Outcome.REVIEW),
            ((Fixed("a", Strength.STRONG), Fixed("b")), Outcome.REVIEW),
            ((Fixed("a", Strength.WEAK), Fixed("b", Strength.STOP)), Outcome.STOP),
            ((Fixed("a"), Fixed("b", missing="no list is loaded")), Outcome.REVIEW),
            ((Fixed("a", Strength.STOP), Fixed("b", missing="no list is loaded")), Outcome.STOP),
        ],
    )
    def test_the_strongest_answer_stands_and_silence_is_never_clear(
        self, clock: FixedClock, checks: tuple[Fixed, ...], outcome: Outcome
    ) -> None:
        verdict = decide(clock, *checks)
        assert verdict.outcome is outcome

    def test_a_stop_needs_a_person_and_expires(self, clock: FixedClock) -> None:
        row = decide(clock, Fixed("a", Strength.STOP)).as_json()
        assert row["human_required"] is True
        assert row["hold_expires"] == "2026-03-04T12:00:00Z"

    def test_a_clear_answer_names_what_it_rests_on(self, clock: FixedClock) -> None:
        row = decide(clock, Fixed("a")).as_json()
        assert row["checks_run"] == ["a"]
        assert row["list_versions"] == {"list_a": "v1"}
        assert row["policy_versions"] == {"us_x": "1"}
        assert row["hold_expires"] is None

    def test_a_check_that_could_not_run_is_named_with_the_reason(self, clock: FixedClock) -> None:
        row = decide(clock, Fixed("a", missing="no list is loaded")).as_json()
        assert row["checks_missing"] == [{"check": "a", "why": "no list is loaded"}]
        assert row["checks_run"] == []


class Bulk(Fixed):
    """A check that is asked about many at once."""

    def look_all(self, customers: Sequence[Customer], moment: datetime) -> list[CheckResult]:
        return [self.look(customer, moment) for customer in customers]


class TestMany:
    def test_each_customer_gets_his_own_answer_in_order(self, clock: FixedClock) -> None:
        """One customer's stop must never fall on the one beside him."""

        class ByName(Bulk):
            def look(self, customer: Customer, moment: datetime) -> CheckResult:
                stop = (Strength.STOP,) if customer.fields["name"] == "Kim" else ()
                return Fixed(self.name, *stop).look(customer, moment)

        checks = (ByName("a"), Fixed("b"))
        desk = Desk(checks=checks, policy_versions={}, hold=timedelta(hours=72), clock=clock)
        customers = [Customer(f"q{n}", {"name": "Kim" if n == 1 else "Ann"}) for n in range(3)]
        found = desk.decide_all(customers)
        assert [(item.query_id, item.outcome.value) for item in found] == [
            ("q0", "clear"),
            ("q1", "stop"),
            ("q2", "clear"),
        ]
        assert found == [desk.decide(customer) for customer in customers]
