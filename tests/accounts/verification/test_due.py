"""What is due, when, and how little it weighs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests.accounts.verification.made import NOON, TIMING, TODAY, evidence, facts, record
from vedette.accounts.verification import (
    CHECKS,
    Record,
    Reseller,
    Result,
    State,
    Tier,
    due,
    keep_until,
    refresh_on,
    timers,
)
from vedette.base import Finding, Strength


def found(held: Record, days: int, *resellers: Reseller) -> list[Finding]:
    return list(due([held], at=NOON + timedelta(days=days), timing=TIMING, resellers=resellers))


def checks(held: Record, days: int) -> list[str]:
    return [finding.check.removeprefix("verification/") for finding in found(held, days)]


def with_tier(held: Record, tier: Tier, **changes: Any) -> Record:
    return replace(held, standing=replace(held.standing, tier=tier, **changes))


VERIFIED = record(State.VERIFIED, evidence())


class TestRefresh:
    @pytest.mark.parametrize(("tier", "days"), [(Tier.HIGH, 180), (Tier.STANDARD, 365), (Tier.LOW, 1095)])
    def test_the_interval_follows_the_tier_and_the_day_itself_is_still_in_time(self, tier: Tier, days: int) -> None:
        held = with_tier(VERIFIED, tier)
        assert checks(held, days) == []
        assert checks(held, days + 1) == ["refresh_overdue"]

    def test_evidence_that_runs_out_earlier_sets_the_day(self) -> None:
        held = record(State.VERIFIED, evidence(expires=TODAY + timedelta(days=10)))
        assert refresh_on(held, TIMING) == (TODAY + timedelta(days=10), "evidence expires")
        assert checks(held, 11) == ["evidence_expired"]

    def test_a_change_of_owners_is_due_at_once(self) -> None:
        held = with_tier(record(State.VERIFIED, evidence(), owners_mark="new"), Tier.LOW, owners_mark="old")
        assert checks(held, 1) == ["owners_changed"]

    def test_an_account_that_is_not_verified_has_nothing_to_refresh(self) -> None:
        for state in State:
            if state is not State.VERIFIED:
                assert refresh_on(record(state, evidence()), TIMING) is None

    def test_a_closed_account_is_left_alone(self) -> None:
        assert checks(record(State.VERIFIED, evidence(), closed=NOON), 4000) == []

    def test_the_same_finding_on_every_later_run(self) -> None:
        (first,), (later,) = found(VERIFIED, 400), found(VERIFIED, 900)
        assert first == later


class TestPending:
    def test_limits_do_not_last_for_ever(self) -> None:
        assert checks(record(State.PENDING_LIMITED), 30) == []
        assert checks(record(State.PENDING_LIMITED), 31) == ["pending_too_long"]


class TestContradiction:
    @pytest.mark.parametrize(
        ("state", "result", "expected"),
        [
            (State.UNVERIFIED, None, []),
            (State.UNVERIFIED, Result.FAILED, ["declared_contradicted"]),
            (State.UNVERIFIED, Result.NEEDS_REVIEW, []),
            (State.UNVERIFIABLE, None, ["declared_contradicted"]),
            (State.REDRESS, Result.PASSED, ["declared_contradicted"]),
            (State.PENDING_LIMITED, Result.PASSED, []),
        ],
    )
    def test_the_export_says_verified_and_we_hold_otherwise(
        self, state: State, result: Result | None, expected: list[str]
    ) -> None:
        """Where nothing is held, nothing is contradicted: four fifths of a provider's customers are no findings."""
        items = (evidence(result),) if result else ()
        assert checks(record(state, *items, declared_state=State.VERIFIED), 1) == expected

    def test_other_declared_words_contradict_nothing(self) -> None:
        assert checks(record(State.UNVERIFIABLE, declared_state=State.UNVERIFIED), 1) == []


class TestReseller:
    @pytest.mark.parametrize(
        ("item", "overdue"),
        [
            (Reseller(account_id="r", programme_received=TODAY, last_attested=TODAY), False),
            (Reseller(account_id="r", programme_received=date(2024, 1, 1), last_attested=TODAY), False),
            (Reseller(account_id="r", programme_received=date(2024, 1, 1)), True),
            (Reseller(account_id="r", recorded_at="2026-02-01T00:00:00Z"), True),
            (Reseller(account_id="r", last_attested=TODAY, recorded_at="2026-02-01T00:00:00Z"), True),
        ],
    )
    def test_without_a_programme_it_is_overdue_at_once(self, item: Reseller, overdue: bool) -> None:
        assert bool(list(due([], at=NOON, timing=TIMING, resellers=[item]))) is overdue


class TestFindings:
    def test_none_stops_and_every_one_is_declared_cited_and_tells_its_limits(self) -> None:
        """An old form must never hold a customer."""
        every = [
            *found(VERIFIED, 400, Reseller(account_id="r", recorded_at="2026-02-01T00:00:00Z")),
            *found(record(State.PENDING_LIMITED), 40),
            *found(record(State.UNVERIFIABLE, declared_state=State.VERIFIED), 1),
        ]
        assert {finding.strength for finding in every} == {Strength.WEAK, Strength.CONTEXT}
        assert {finding.check for finding in every} <= set(CHECKS)
        assert all(finding.citation and finding.blind_spots and finding.bits is None for finding in every)


class TestTimers:
    def test_they_are_those_of_the_policy_register(self) -> None:
        assert timers() == TIMING


class TestKeepUntil:
    @pytest.mark.parametrize(
        ("closed", "access", "expected"),
        [
            (None, "2026-01-01", None),
            ("2026-03-01", None, "2028-03-01"),
            ("2026-03-01", "2026-04-02", "2028-04-02"),
            ("2024-02-29", "2024-01-01", "2026-02-28"),
        ],
    )
    def test_two_years_after_closing_or_the_last_access(
        self, closed: str | None, access: str | None, expected: str | None
    ) -> None:
        moments = {
            name: datetime.fromisoformat(f"{day}T10:00:00+00:00") if day else None
            for name, day in (("closed", closed), ("last_access", access))
        }
        held = facts(**moments)
        assert keep_until(held) == (date.fromisoformat(expected) if expected else None)
