"""Which change of state is allowed: nobody is verified without evidence, and no machine turns a customer away."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.accounts.verification.made import NOON, TODAY, evidence, record
from tests.made import ANNA, JOB
from vedette.accounts.verification import Evidence, NotAllowed, Record, Result, State, check_move, completeness, states
from vedette.base import Principal


def moved(
    held: Record, to: State, *, reason: str = "looked at", principal: Principal = ANNA, on: date = TODAY
) -> tuple[str, ...]:
    return check_move(held, to, reason=reason, principal=principal, held=completeness(held, on), on=on)


class TestContent:
    def test_every_state_is_described_and_says_what_it_permits(self) -> None:
        assert list(states()) == list(State)
        assert all(change.means.endswith(".") and change.permits.endswith(".") for change in states().values())

    def test_verified_always_needs_passed_evidence(self) -> None:
        """Absence of a check is never verification, whatever the way there."""
        for change in states().values():
            if State.VERIFIED in change.to:
                assert {"passed", "complete", "reason"} <= set(change.to[State.VERIFIED])

    @pytest.mark.parametrize("state", [State.UNVERIFIABLE, State.CLOSED_UNVERIFIED, State.REDRESS])
    def test_what_harms_a_customer_and_what_makes_it_good_is_a_persons_work(self, state: State) -> None:
        for change in states().values():
            if state in change.to:
                assert "person" in change.to[state]

    def test_nobody_is_trapped(self) -> None:
        """From every state there is a way to verified: a mistake can be put right."""
        for start in State:
            reached, waiting = {start}, [start]
            while waiting:
                for state in states()[waiting.pop()].to:
                    if state not in reached:
                        reached.add(state)
                        waiting.append(state)
            assert State.VERIFIED in reached


class TestCheckMove:
    def test_passed_evidence_and_every_field_verify(self) -> None:
        assert "passed" in moved(record(State.UNVERIFIED, evidence()), State.VERIFIED)

    @pytest.mark.parametrize(
        ("items", "why"),
        [
            ((), "nothing is held"),
            ((evidence(Result.FAILED),), "it failed"),
            ((evidence(Result.NEEDS_REVIEW),), "nobody has decided it"),
            ((evidence(Result.EXPIRED),), "it ran out before it was finished"),
            ((evidence(expires=TODAY - timedelta(days=1)),), "it has run out"),
            (
                (evidence(), evidence(Result.FAILED, event_id="e-2", done_at=NOON + timedelta(hours=1))),
                "a newer one failed",
            ),
            ((evidence(about="o-1"),), "it is about an owner"),
        ],
    )
    def test_nothing_less_verifies(self, items: tuple[Evidence, ...], why: str) -> None:
        with pytest.raises(NotAllowed, match="evidence about the customer"):
            moved(record(State.UNVERIFIED, *items), State.VERIFIED)

    def test_a_failure_that_was_put_right_since_verifies(self) -> None:
        later = evidence(event_id="e-2", done_at=NOON + timedelta(hours=1))
        moved(record(State.PENDING_LIMITED, evidence(Result.FAILED), later), State.VERIFIED)

    def test_missing_fields_are_named(self) -> None:
        with pytest.raises(NotAllowed, match="the fields address, payment_means"):
            moved(record(State.UNVERIFIED, evidence(), filled=frozenset(("name",))), State.VERIFIED)

    def test_a_customer_shown_to_be_at_home_is_asked_for_no_more(self) -> None:
        """Verification stops where the customer is shown to be of the home jurisdiction; more data would be too much."""
        moved(record(State.UNVERIFIED, evidence(shows_home=True), filled=frozenset()), State.VERIFIED)

    def test_everything_that_is_missing_is_told_at_once(self) -> None:
        with pytest.raises(NotAllowed, match=r"a reason; evidence about.*; the fields"):
            moved(record(filled=frozenset()), State.VERIFIED, reason=" ")

    def test_a_job_may_verify_and_may_not_turn_away(self) -> None:
        moved(record(State.UNVERIFIED, evidence()), State.VERIFIED, principal=JOB)
        with pytest.raises(NotAllowed, match="a person: a job may not decide it"):
            moved(record(), State.CLOSED_UNVERIFIED, principal=JOB)

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            (State.VERIFIED, State.CLOSED_UNVERIFIED),
            (State.CLOSED_UNVERIFIED, State.VERIFIED),
            (State.REDRESS, State.CLOSED_UNVERIFIED),
            (State.PENDING_LIMITED, State.UNVERIFIED),
        ],
    )
    def test_what_the_table_does_not_name_is_refused_with_what_it_does(self, before: State, after: State) -> None:
        with pytest.raises(NotAllowed, match=f"{before.value} cannot become {after.value}"):
            moved(record(before, evidence()), after)
