"""What a decision sets going by law: a term until which something is due, and the freeze that goes with a block.

A clock only ever tells and escalates: it never files, clears or refuses. A rule that is merely proposed starts no clock
by itself; a person may start one, and it is labelled as proposed wherever it is shown.
"""

from __future__ import annotations

from dataclasses import replace

from vedette import policy
from vedette.audit import Act, writing
from vedette.base import Clock as Time
from vedette.base import Principal, parse_time, stable_id
from vedette.cases import store as state
from vedette.cases.claim import require_person
from vedette.cases.holidays import federal, last_day
from vedette.cases.model import Action, Case, CaseError, Decision, Event
from vedette.cases.words import WEST, ClockState, Freeze, LegalClock
from vedette.store import Store

_TERMS = ("days", "calendar days", "business days")


def final(act: Act, case: Case, made: Decision) -> None:
    """What follows from a decision that has become final, in its own act: clocks start, blocks freeze, releases free."""
    started = [_clock(made, rule, act.moment) for rule in _duties(made)]
    state.keep_clocks(act, started)
    if made.action is Action.BLOCK_PROPERTY:
        state.keep_freezes(act, [Freeze(a, case.case_id, made.decision_id, act.moment) for a in case.accounts])
    if made.action is Action.UNBLOCK:
        frozen = [item for item in state.freezes(act.connection) if item.account_id in set(case.accounts)]
        state.keep_freezes(act, [replace(item, released_at=act.moment) for item in frozen if not item.released_at])
    for item in started:
        act.fact(f"due/{item.policy}", item.due_on)


def _duties(made: Decision) -> list[policy.Rule]:
    """The rules in force when it was decided that set a term for such an action."""
    word = f"decision:{made.action.value}"
    ids = sorted(key.removeprefix("policy/") for key in made.versions if key.startswith("policy/"))
    found = [rule for rule in policy.rules() if rule.id in ids]
    return [rule for rule in found if word in rule.applies_to and rule.number and rule.unit in _TERMS]


def _clock(made: Decision, rule: policy.Rule, moment: str) -> LegalClock:
    start = (parse_time(moment) - WEST).date()
    return LegalClock(
        clock_id=stable_id("clk", made.decision_id, rule.id),
        case_id=made.case_id,
        decision_id=made.decision_id,
        policy=rule.id,
        policy_version=str(made.versions.get(f"policy/{rule.id}", "")),
        started_at=moment,
        due_on=last_day(start, int(rule.number or 0), rule.unit, federal()).isoformat(),
        state=ClockState.RUNNING,
    )


def start(store: Store, principal: Principal, case_id: str, rule_id: str, *, clock: Time) -> LegalClock:
    """Start a term by hand for the standing decision of a case, such as one of a proposed rule kept voluntarily."""
    require_person(principal)
    rule = policy.rule(rule_id)
    if not rule.number or rule.unit not in _TERMS:
        raise CaseError(f"{rule_id} sets no term in days", remedy="See docs/reference/policies.md")
    with writing(store, principal, "cases.clock", clock=clock) as act:
        case = state.known(act.connection, case_id)
        if case.decision_id is None:
            raise CaseError("an undecided case starts no term", remedy="Decide it first")
        made = _clock(state.decision(act.connection, case.decision_id), rule, act.moment)
        state.keep_clocks(act, [made])
        act.fact("case_id", case_id)
        act.fact(f"due/{rule_id}", made.due_on)
        state.keep(act, case, [Event("clock started", {"rule": rule_id, "due_on": made.due_on})])
    return made


def meet(store: Store, principal: Principal, clock_id: str, reference: str, *, clock: Time) -> LegalClock:
    """Say that what was due has been done; ``reference`` is the receipt's number or the report's id, never a name."""
    require_person(principal)
    if not reference.strip() or len(reference) > 200 or not reference.isprintable():
        raise CaseError("a met term needs a reference", remedy="Give the number of the receipt or report")
    with writing(store, principal, "cases.clock", clock=clock) as act:
        found = state.clock(act.connection, clock_id)
        if found.state is not ClockState.RUNNING:
            raise CaseError(f"the clock is {found.state.value}", remedy="See `vedette cases clocks --all`")
        done = replace(
            found,
            state=ClockState.MET,
            closed_by=str(principal),
            closed_at=act.moment,
            reference=reference.strip(),
        )
        state.keep_clocks(act, [done])
        case = state.known(act.connection, found.case_id)
        state.keep(act, case, [Event("clock met", {"rule": found.policy, "reference": done.reference})])
        act.fact("case_id", found.case_id)
        act.fact("clock_id", clock_id)
    return done


def clocks(store: Store, *, everything: bool = False) -> list[LegalClock]:
    """Running clocks, the one due first in front; with ``everything`` the met and dropped ones too."""
    with store.database.reading() as connection:
        found = state.clocks(connection)
    return [item for item in found if everything or item.state is ClockState.RUNNING]


def frozen(store: Store, *, everything: bool = False) -> list[Freeze]:
    """Accounts whose service and balance stand still, by account; with ``everything`` the released ones too."""
    with store.database.reading() as connection:
        found = state.freezes(connection)
    return [item for item in found if everything or item.released_at is None]
