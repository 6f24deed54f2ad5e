"""The record of verification in a store: audited, sealed where people write, and never further than the evidence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.made import ANNA, JOB
from vedette.accounts import verified
from vedette.accounts.loading import load
from vedette.accounts.store.verified import EVIDENCE
from vedette.accounts.verification import Method, NotAllowed, Reseller, Result, State, Tier
from vedette.accounts.verified import EvidenceRepeated, UnknownAccount, Wish
from vedette.audit.verify import verify as verify_log
from vedette.base import FixedClock
from vedette.store import Store

Take = Callable[..., object]
ANN = {
    "account_id": "a-1",
    "kind": "person",
    "name": "Tovah Quillfeather",
    "email": "t@example.org",
    "country": "DE",
    "opened_at": "2026-01-05T10:00:00Z",
    "verification_status": "verified",
}
OWNER = {
    "account_id": "a-1",
    "owner_id": "o-1",
    "owner_name": "Bo",
    "share_min": "30",
    "share_max": "30",
    "control": "board",
}


@pytest.fixture
def held(take: Take) -> None:
    """One account with one owner."""
    take(accounts=[ANN], owners=[OWNER])


def passed(store: Store, clock: FixedClock, **changes: object) -> None:
    """Record evidence that the customer is who he says, at home: no further field is asked."""
    found = verified.own_evidence(store, "a-1", Method.DOCUMENTARY, Result.PASSED, clock=clock)
    about_owner = replace(found, event_id="own_owner", about="o-1", shows_home=True)
    verified.record(store, ANNA, replace(found, shows_home=True, **changes), clock=clock)  # type: ignore[arg-type]  # test
    verified.record(store, ANNA, about_owner, clock=clock)


@pytest.mark.usefixtures("held")
class TestFacts:
    def test_without_a_record_an_account_is_unverified_whatever_the_export_declares(self, store: Store) -> None:
        found = verified.record_of(store, "a-1")
        assert (found.standing.state, found.facts.declared_state) == (State.UNVERIFIED, State.VERIFIED)

    def test_only_which_fields_are_filled_is_told(self, store: Store) -> None:
        facts = verified.record_of(store, "a-1").facts
        assert {"name", "email", "owners"} <= facts.filled and "phone" not in facts.filled
        assert (facts.country, facts.owners[0].controls, facts.opened is not None) == ("DE", True, True)
        assert "Quillfeather" not in repr(facts)

    def test_an_account_that_is_not_held_is_said(self, store: Store, clock: FixedClock) -> None:
        with pytest.raises(UnknownAccount, match="a-9"):
            verified.own_evidence(store, "a-9", Method.COMBINED, Result.PASSED, clock=clock)

    def test_all_and_one_agree(self, store: Store) -> None:
        (one,) = verified.records(store)
        assert one.facts == verified.record_of(store, "a-1").facts


@pytest.mark.usefixtures("held")
class TestMove:
    def test_nobody_is_verified_without_evidence(self, store: Store, clock: FixedClock) -> None:
        before = verify_log(store).leaves
        with pytest.raises(NotAllowed, match="evidence about the customer"):
            verified.move(store, ANNA, "a-1", Wish(to=State.VERIFIED, reason="seems fine"), clock=clock)
        assert verify_log(store).leaves == before
        assert verified.record_of(store, "a-1").standing.state is State.UNVERIFIED

    def test_every_change_is_kept_with_who_when_and_why(self, store: Store, clock: FixedClock) -> None:
        verified.move(store, JOB, "a-1", Wish(to=State.PENDING_LIMITED, reason="papers asked for"), clock=clock)
        clock.advance(timedelta(days=2))
        passed(store, clock)
        verified.move(store, ANNA, "a-1", Wish(to=State.VERIFIED, reason="passport seen", tier=Tier.HIGH), clock=clock)
        found = verified.record_of(store, "a-1")
        assert [(m.before.value, m.after.value, m.by, m.reason) for m in found.moves] == [
            ("unverified", "pending-limited", "job:nightly", "papers asked for"),
            ("pending-limited", "verified", "person:anna", "passport seen"),
        ]
        assert (found.standing.state, found.standing.tier, found.standing.since) == (
            State.VERIFIED,
            Tier.HIGH,
            clock.now(),
        )
        assert verify_log(store).holds

    def test_what_people_write_lies_sealed(self, store: Store, clock: FixedClock) -> None:
        """A reason may name a person; who steals the database does not read it."""
        wish = Wish(to=State.REDRESS, reason="Quillfeather says her passport was stolen")
        verified.move(store, ANNA, "a-1", wish, clock=clock)
        bytes_held = b"".join(path.read_bytes() for path in Path(store.workspace.root).glob("state.db*"))
        assert b"passport was stolen" not in bytes_held

    def test_verifying_again_renews_the_date(self, store: Store, clock: FixedClock) -> None:
        passed(store, clock)
        verified.move(store, ANNA, "a-1", Wish(to=State.VERIFIED, reason="seen"), clock=clock)
        clock.advance(timedelta(days=400))
        assert [item.check for item in verified.due(store, clock)] == ["verification/refresh_overdue"]
        verified.move(store, ANNA, "a-1", Wish(to=State.VERIFIED, reason="seen again"), clock=clock)
        assert verified.due(store, clock) == ()


@pytest.mark.usefixtures("held")
class TestDue:
    def test_a_new_owner_makes_a_verified_account_due(
        self, store: Store, clock: FixedClock, write: Callable[..., Path]
    ) -> None:
        passed(store, clock)
        verified.move(store, ANNA, "a-1", Wish(to=State.VERIFIED, reason="seen"), clock=clock)
        clock.advance(timedelta(days=1))
        assert verified.due(store, clock) == ()
        folder = write("owners.csv", [{**OWNER, "owner_id": "o-2", "share_min": "60", "share_max": "60"}], "later")
        load(store, JOB, folder, clock=clock)
        (finding,) = verified.due(store, clock)
        assert (finding.check, finding.strength.value) == ("verification/owners_changed", "context")

    def test_the_export_repeated_changes_nothing(self, store: Store, clock: FixedClock, take: Take) -> None:
        passed(store, clock)
        verified.move(store, ANNA, "a-1", Wish(to=State.VERIFIED, reason="seen"), clock=clock)
        clock.advance(timedelta(days=1))
        take(accounts=[ANN], owners=[OWNER], folder="again")
        assert verified.due(store, clock) == ()

    def test_the_mark_changes_with_every_record(self, store: Store, clock: FixedClock) -> None:
        marks = [verified.mark(store)]
        passed(store, clock)
        marks.append(verified.mark(store))
        verified.move(store, ANNA, "a-1", Wish(to=State.PENDING_LIMITED, reason="x"), clock=clock)
        marks.append(verified.mark(store))
        verified.keep_reseller(store, ANNA, Reseller(account_id="r-1"), clock=clock)
        marks.append(verified.mark(store))
        assert len(set(marks)) == 4


@pytest.mark.usefixtures("held")
class TestRecord:
    def test_the_same_event_counts_once(self, store: Store, clock: FixedClock) -> None:
        found = verified.own_evidence(store, "a-1", Method.COMBINED, Result.PASSED, clock=clock)
        assert verified.record(store, ANNA, found, clock=clock)
        before = verify_log(store).leaves
        assert not verified.record(store, ANNA, found, clock=clock)
        assert verify_log(store).leaves == before

    def test_the_same_event_with_another_content_is_refused(self, store: Store, clock: FixedClock) -> None:
        """Whoever replays an old message with "passed" written into it changes nothing."""
        found = verified.own_evidence(store, "a-1", Method.COMBINED, Result.FAILED, clock=clock)
        verified.record(store, ANNA, found, clock=clock)
        with pytest.raises(EvidenceRepeated, match="another content"):
            verified.record(store, ANNA, replace(found, result=Result.PASSED), clock=clock)
        (held,) = verified.record_of(store, "a-1").evidence
        assert held.result is Result.FAILED

    def test_it_is_read_back_as_it_was(self, store: Store, clock: FixedClock) -> None:
        found = replace(
            verified.own_evidence(store, "a-1", Method.DOCUMENTARY, Result.PASSED, clock=clock),
            checks={"face": "passed"},
            document_type="passport",
            document_country="DE",
            expires=date(2030, 1, 2),
            shows_home=True,
        )
        verified.record(store, ANNA, found, clock=clock)
        assert verified.record_of(store, "a-1").evidence == (found,)
        assert set(EVIDENCE.c.keys()) >= {"source", "event_id"}


@pytest.mark.usefixtures("held")
class TestResellers:
    def test_what_is_not_said_stays(self, store: Store, clock: FixedClock) -> None:
        verified.keep_reseller(store, ANNA, Reseller(account_id="r", programme_received=date(2026, 1, 1)), clock=clock)
        found = verified.keep_reseller(
            store, ANNA, Reseller(account_id="r", last_attested=date(2026, 2, 1)), clock=clock
        )
        assert (found.programme_received, found.last_attested) == (date(2026, 1, 1), date(2026, 2, 1))
        assert found.recorded_by == "person:anna"
