"""Working through the queue: the next case for somebody, giving it back, assigning, escalating, leaving a remark."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from vedette.audit import Act, writing
from vedette.base import Clock, Principal, iso
from vedette.cases import store as state
from vedette.cases.claim import Claim, claimed, require_free, require_person, require_undecided
from vedette.cases.model import Case, CaseError, CaseStatus, Event
from vedette.cases.select import Selection, fits
from vedette.store import Store

_WORDS_MOST = 20_000


def next_case(
    store: Store, principal: Principal, *, clock: Clock, wanted: Selection | None = None, skip: str | None = None
) -> Claim | None:
    """Claim the most urgent case that waits for this person: their own claim first, then theirs by assignment, then any.

    Leaves out what others hold or are assigned, what sleeps, and ``skip``, the case just shown. None where nothing waits.
    Choosing and claiming are one transaction: two people asking at once never get the same case.
    """
    require_person(principal)
    now = clock.now()
    with writing(store, principal, "cases.claim", clock=clock) as act:
        assigned = state.assignees(act.connection)
        fit = (
            case
            for case in _candidates(act, principal, assigned, now)
            if case.case_id != skip and (wanted is None or fits(case, wanted, now, assigned))
        )
        chosen = next(fit, None)
        fit.close()
        return None if chosen is None else claimed(act, chosen, principal, now)


def _candidates(act: Act, principal: Principal, assigned: Mapping[str, str], now: datetime) -> Iterator[Case]:
    """What I hold, then what is assigned to me, then what is nobody's; each most urgent first."""
    yield from state.held_by(act.connection, str(principal), now)
    mine = [case_id for case_id, person in assigned.items() if person == principal.id]
    free = [case for case in state.by_ids(act.connection, mine) if case.status_at(now) is CaseStatus.OPEN]
    yield from sorted(free, key=lambda case: (-case.priority, case.opened_at, case.case_id))
    for case in state.open_now(act.connection, now):
        if case.case_id not in assigned:
            yield case


def release(store: Store, principal: Principal, case_id: str, *, clock: Clock) -> Case:
    """Give a claimed case back to the queue. Only its holder can."""
    now = clock.now()
    with writing(store, principal, "cases.release", clock=clock) as act:
        case = state.known(act.connection, case_id)
        if case.holder_at(now) != str(principal):
            raise CaseError("you do not hold this case", remedy="Only the holder gives it back; a lease ends by itself")
        after = replace(case, status=CaseStatus.OPEN, claimed_by=None, lease_until=None)
        act.fact("case_id", case_id)
        state.keep(act, after, [Event("released")])
    return after


def assign(store: Store, principal: Principal, case_id: str, person: str | None, *, clock: Clock) -> Case:
    """Say who is to work on an undecided case; None takes the assignment away. A running lease of another goes on."""
    require_person(principal)
    if person is not None and not (person.strip() and person.isprintable() and len(person) <= 200):
        raise CaseError("nobody can be called so", remedy="Give the id under which the person signs in")
    with writing(store, principal, "cases.assign", clock=clock) as act:
        case = state.known(act.connection, case_id)
        require_undecided(case)
        state.keep_assignment(act, case_id, person)
        act.fact("case_id", case_id)
        state.keep(act, case, [Event("assigned", {"to": person})])
    return case


def escalate(store: Store, principal: Principal, case_id: str, note: str, *, clock: Clock) -> Case:
    """Move an undecided case to the top for somebody with more authority, with a reason; the claim ends, the hold stays."""
    require_person(principal)
    words = _said(note)
    now = clock.now()
    with writing(store, principal, "cases.escalate", clock=clock) as act:
        case = state.known(act.connection, case_id)
        require_undecided(case)
        require_free(case, principal, now)
        after = replace(
            case,
            status=CaseStatus.OPEN,
            escalations=case.escalations + 1,
            priority=100,
            version=case.version + 1,
            changed_at=now,
            claimed_by=None,
            lease_until=None,
            snoozed_until=None,
        )
        state.keep_assignment(act, case_id, None)
        state.keep_remark(act, store, case_id, words)
        state.keep(act, after, [Event("escalated", {"level": after.escalations, "at": iso(now)})])
        act.fact("case_id", case_id)
        act.fact("level", after.escalations)
    return after


def remark(store: Store, principal: Principal, case_id: str, words: str, *, clock: Clock) -> str:
    """Leave words on a case without deciding it; they are sealed. Returns the remark's id."""
    require_person(principal)
    said = _said(words)
    with writing(store, principal, "cases.remark", clock=clock) as act:
        case = state.known(act.connection, case_id)
        identity = state.keep_remark(act, store, case_id, said)
        act.fact("case_id", case_id)
        state.keep(act, case, [Event("remarked", {"remark": identity})])
    return identity


def _said(words: str) -> str:
    if not words.strip():
        raise CaseError("nothing was said", remedy="Say in a sentence what the next person must know")
    if len(words) > _WORDS_MOST:
        raise CaseError(f"longer than {_WORDS_MOST} characters", remedy="Shorten it")
    return words.strip()
