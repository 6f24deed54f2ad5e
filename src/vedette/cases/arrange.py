"""Merging and splitting cases by hand: with a reason, and so that no later refresh undoes it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from vedette.audit import Act, writing
from vedette.base import Clock, Principal
from vedette.cases import store as state
from vedette.cases.claim import require_free, require_person, require_undecided
from vedette.cases.fold import Moment, merged, new_case
from vedette.cases.model import Case, CaseError, Event, StaleCase
from vedette.cases.open import Opening, Standing, priority, weigh
from vedette.cases.read import opening_rule, timers
from vedette.cases.refresh import summary_of
from vedette.cases.words import Placement
from vedette.findings import briefs, by_ids
from vedette.store import Store


def merge(store: Store, principal: Principal, case_ids: Collection[str], note: str, *, clock: Clock) -> Case:
    """Put undecided cases together into the oldest of them. The accounts stay together until a person splits them.

    Raises CaseError for fewer than two, for settled cases and without a note; CaseHeld where another works on one.
    """
    _said(note)
    require_person(principal)
    now = clock.now()
    with writing(store, principal, "cases.merge", clock=clock) as act:
        found = [state.known(act.connection, case_id) for case_id in sorted(set(case_ids))]
        if len(found) < 2:
            raise CaseError("merging needs two cases", remedy="Name at least two that differ")
        for case in found:
            require_undecided(case)
            require_free(case, principal, now)
        survivor, *others = sorted(found, key=lambda case: (case.opened_at, case.case_id))
        whole = _whole(act, store, survivor, others, clock)
        state.keep_all(act, [(whole, (Event("merged", {"cases": [case.case_id for case in others]}),))])
        gone = [merged(case, survivor, now) for case in others]
        state.keep_all(act, [(change.after, change.events) for change in gone])
        state.keep_accounts(act, [whole])
        state.keep_placement(act, [Placement(account, whole.case_id, None) for account in whole.accounts])
        state.keep_remark(act, store, whole.case_id, note.strip())
        act.fact("case_id", whole.case_id)
        act.fact("cases", [case.case_id for case in others])
    return whole


def split(
    store: Store,
    principal: Principal,
    case_id: str,
    accounts: Collection[str],
    note: str,
    *,
    expected_version: int,
    clock: Clock,
) -> tuple[Case, Case]:
    """Take accounts out of an undecided case into one of their own. Returns what stays and what is new.

    The two are never joined again by a refresh, only by a person. Raises as ``merge`` does, and StaleCase.
    """
    _said(note)
    require_person(principal)
    now = clock.now()
    moving = set(accounts)
    with writing(store, principal, "cases.split", clock=clock) as act:
        case = state.known(act.connection, case_id)
        require_undecided(case)
        require_free(case, principal, now)
        if case.version != expected_version:
            raise StaleCase(f"the case is at version {case.version}", remedy="Look again before you split it")
        if not moving or not moving < set(case.accounts):
            raise CaseError("a split takes some accounts of the case, not none and not all", remedy="Name some of them")
        moment, standing = _moment(clock), Standing(briefs(act.connection), opening_rule())
        taken = _weighed(sorted(moving), standing)
        new = new_case(state.free_id(act.connection, taken.accounts[0]), taken, standing, moment)
        if new.human_required and case.human_required:
            # A running hold goes on, by its earlier clock, for those whom a stop names.
            new = replace(new, hold_expires=case.hold_expires, escalations=case.escalations)
        new = _told(store, new)
        rest = _told(store, _rest(case, sorted(set(case.accounts) - moving), standing, moment))
        state.keep_all(act, [(rest, (Event("split", {"accounts": sorted(moving), "into": new.case_id}),))])
        state.keep_all(act, [(new, (Event("split from", {"case": case_id, **new.weighing.as_json()}),))])
        state.keep_accounts(act, [rest, new])
        state.keep_placement(act, [Placement(account, new.case_id, case_id) for account in new.accounts])
        state.keep_remark(act, store, case_id, note.strip())
        state.keep_remark(act, store, new.case_id, note.strip())
        act.fact("case_id", case_id)
        act.fact("into", new.case_id)
        act.fact("accounts", len(moving))
    return rest, new


def open_by_hand(act: Act, store: Store, account: str, clock: Clock) -> Case:
    """A case that a person opens on an account without enough findings, within an act; no refresh closes it."""
    standing = Standing(briefs(act.connection), opening_rule())
    opening = _weighed([account], standing)
    made = new_case(state.free_id(act.connection, account), opening, standing, _moment(clock))
    made = _told(store, replace(made, supported=opening.weighing.qualifies))
    state.keep(act, made, [Event("opened", {**opening.weighing.as_json(), "by_hand": True})])
    state.keep_accounts(act, [made])
    state.keep_placement(act, [Placement(account, made.case_id, None)])
    return made


def _whole(act: Act, store: Store, survivor: Case, others: Sequence[Case], clock: Clock) -> Case:
    standing = Standing(briefs(act.connection), opening_rule())
    accounts = sorted({account for case in (survivor, *others) for account in case.accounts})
    together = _weighed(accounts, standing)
    fresh = new_case(survivor.case_id, together, standing, _moment(clock))
    running = [case.hold_expires for case in (survivor, *others) if case.human_required and case.hold_expires]
    escalations = max(case.escalations for case in (survivor, *others))
    whole = replace(
        fresh,
        version=survivor.version + 1,
        opened_at=survivor.opened_at,
        status=survivor.status,
        claimed_by=survivor.claimed_by,
        lease_until=survivor.lease_until,
        snoozed_until=survivor.snoozed_until,
        seen=tuple(sorted({*fresh.seen, *(item for case in (survivor, *others) for item in case.seen)})),
        stops=tuple(sorted({*fresh.stops, *(item for case in (survivor, *others) for item in case.stops)})),
        human_required=bool(running) or fresh.human_required,
        hold_expires=min(running) if running else fresh.hold_expires,
        escalations=escalations,
        priority=priority(fresh.weighing, escalated=bool(escalations)),
        supported=survivor.supported or any(case.supported for case in others),
        decision_id=survivor.decision_id,
    )
    return _told(store, whole)


def _rest(case: Case, accounts: Sequence[str], standing: Standing, moment: Moment) -> Case:
    fresh = new_case(case.case_id, _weighed(accounts, standing), standing, moment)
    return replace(
        case,
        accounts=fresh.accounts,
        findings=fresh.findings,
        families=fresh.families,
        weighing=fresh.weighing,
        lead=fresh.lead,
        priority=priority(fresh.weighing, escalated=bool(case.escalations)),
        supported=fresh.weighing.qualifies,
        version=case.version + 1,
        changed_at=moment.now,
    )


def _weighed(accounts: Sequence[str], standing: Standing) -> Opening:
    """Accounts a person puts together, weighed as their weightiest member is: togetherness by hand adds no evidence."""
    weighings = [weigh(standing.of((account,)), opening_rule()) for account in accounts]
    return Opening(tuple(accounts), max(weighings, key=lambda item: (priority(item), item.bits)))


def _told(store: Store, case: Case) -> Case:
    lead = by_ids(store, {case.lead}) if case.lead else []
    return replace(case, summary=summary_of(case, lead[0].finding.summary if lead else ""))


def _moment(clock: Clock) -> Moment:
    return Moment(clock.now(), opening_rule(), timers())


def _said(note: str) -> None:
    if not note.strip():
        raise CaseError("merging and splitting need a note", remedy="Say why these are, or are not, one hand")
