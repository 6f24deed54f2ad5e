"""Taking a case to work on: a claim with a lease, who else looks, and letting a case sleep for a while."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from vedette.audit import Act, writing
from vedette.base import Clock, Principal, PrincipalKind, iso
from vedette.cases import store as state
from vedette.cases.model import UNDECIDED, Case, CaseError, CaseHeld, CaseStatus, Event
from vedette.cases.read import timers
from vedette.store import Store

_PEOPLE = (PrincipalKind.PERSON, PrincipalKind.COMMAND_LINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """The answer to a claim: whether it was given, who holds the case until when, and who else looked within the lease."""

    case: Case
    given: bool
    held_by: str
    until: datetime
    also_viewing: tuple[str, ...]


def claim(store: Store, principal: Principal, case_id: str, *, clock: Clock) -> Claim:
    """Take a case for the length of the lease, or renew one's own claim. Where another holds it, say who and be noted."""
    now = clock.now()
    require_person(principal)
    with writing(store, principal, "cases.claim", clock=clock) as act:
        case = state.known(act.connection, case_id)
        require_undecided(case)
        return claimed(act, case, principal, now)


def claimed(act: Act, case: Case, principal: Principal, now: datetime) -> Claim:
    """Take a case within an open act, or be noted as somebody who looked where another holds it."""
    lease = timedelta(minutes=timers().lease_minutes)
    holder = case.holder_at(now)
    asked = state.recent_askers(act.connection, case.case_id, now - lease)
    others = tuple(sorted({who for who, _ in asked} - {str(principal)}))
    act.fact("case_id", case.case_id)
    if holder is not None and holder != str(principal):
        state.keep(act, case, [Event("viewed", {"held_by": holder})])
        assert case.lease_until is not None  # a holder has a lease
        return Claim(case=case, given=False, held_by=holder, until=case.lease_until, also_viewing=others)
    until = now + lease
    taken = replace(case, status=CaseStatus.CLAIMED, claimed_by=str(principal), lease_until=until)
    taken = replace(taken, snoozed_until=None)
    state.keep(act, taken, [Event("claimed", {"until": iso(until)})])
    return Claim(case=taken, given=True, held_by=str(principal), until=until, also_viewing=others)


def snooze(store: Store, principal: Principal, case_id: str, until: datetime, *, clock: Clock) -> Case:
    """Let an undecided case sleep until a moment: never beyond the most that timers allow, nor past a running hold."""
    now = clock.now()
    latest = now + timedelta(days=timers().snooze_most_days)
    require_person(principal)
    with writing(store, principal, "cases.snooze", clock=clock) as act:
        case = state.known(act.connection, case_id)
        require_undecided(case)
        require_free(case, principal, now)
        latest = min(latest, case.hold_expires) if case.hold_expires else latest
        if not now < until <= latest:
            raise CaseError("a case sleeps into the future, but not for ever", remedy=f"At the latest {iso(latest)}")
        after = replace(case, status=CaseStatus.SNOOZED, snoozed_until=until, claimed_by=None, lease_until=None)
        act.fact("case_id", case_id)
        state.keep(act, after, [Event("snoozed", {"until": iso(until)})])
    return after


def require_person(principal: Principal) -> None:
    """Refuse a job or a key: cases are worked on by people."""
    if principal.kind not in _PEOPLE:
        raise CaseError(f"a {principal.kind.value} is no person", remedy="Cases are claimed and decided by people")


def require_free(case: Case, principal: Principal, now: datetime) -> None:
    """Refuse while another person's lease runs."""
    holder = case.holder_at(now)
    if holder is not None and holder != str(principal):
        assert case.lease_until is not None  # a holder has a lease
        raise CaseHeld(f"{holder} holds the case until {iso(case.lease_until)}", remedy="Ask them, or wait")


def require_undecided(case: Case) -> None:
    """Refuse what is settled, merged or waits for a second person."""
    if case.status not in UNDECIDED:
        raise CaseError(f"the case is {case.status.value}", remedy="Only an undecided case can be worked on")
