"""What people do with a case: decide, agree or disagree as a second person, take back a slip."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from vedette import approvals
from vedette.audit import Act, writing
from vedette.base import Clock, Json, Principal, Subject, digest, iso, parse_time, stable_id
from vedette.cases import clocks
from vedette.cases import store as state
from vedette.cases.claim import require_free, require_person
from vedette.cases.model import (
    ACTIONS_OF_FALSE,
    SETTLED,
    UNDECIDED,
    Action,
    Case,
    CaseError,
    CaseStatus,
    Decision,
    DecisionState,
    Event,
    Outcome,
    StaleCase,
)
from vedette.cases.read import content, reasons, timers
from vedette.store import Store

_NOTE_MOST = 20_000


@dataclass(frozen=True, slots=True)
class Ground:
    """The bulk act under which a decision is made, and who made it."""

    bulk_id: str
    made_by: str


def decide(
    store: Store,
    principal: Principal,
    case_id: str,
    outcome: Outcome,
    action: Action,
    reason_code: str,
    note: str,
    *,
    expected_version: int,
    clock: Clock,
    versions: Mapping[str, Json],
    ground: Ground | None = None,
) -> Decision:
    """Decide a case as it was shown. Outcome stands apart from action; reason code and note are mandatory.

    An action that the approval policy protects waits for a second person. ``versions`` are the rules, lists and policies
    in force. Raises StaleCase when the case has changed since, CaseHeld when another holds it, CaseError otherwise.
    """
    now = clock.now()
    require_person(principal)
    fitting(outcome, action, reason_code, note)
    with writing(store, principal, "cases.decide", clock=clock) as act:
        case = state.known(act.connection, case_id)
        _decidable(case, principal, expected_version, now)
        _keeps_stop(case, outcome, action)
        maker = str(principal) if ground is None else ground.made_by
        made = _decision(case, maker, outcome, action, reason_code, now, _in_force(store, versions))
        request = approvals.request(act, f"case.{action.value}", Subject("case", case_id), made.decision_id)
        waits = request.state is approvals.RequestState.WAITING
        made = replace(made, request_id=request.id, state=DecisionState.WAITING if waits else DecisionState.FINAL)
        after = _decided(case, made, now)
        state.keep_decision(act, made)
        state.keep_note(act, store, made, note.strip())
        if not waits:
            _mark_earlier(act, made, DecisionState.REPLACED)
            clocks.final(act, after, made)
        facts = _facts(made) if ground is None else {**_facts(made), "bulk": ground.bulk_id}
        state.keep(act, after, [Event("decided", facts)])
        _tell(act, made)
        if ground is not None:
            act.fact("bulk", ground.bulk_id)
    return made


def approve(store: Store, principal: Principal, case_id: str, *, clock: Clock) -> Decision:
    """Agree with the decision that waits, as a second person. The maker can never approve."""
    return _answered(store, principal, case_id, clock, agree=True)


def reject(store: Store, principal: Principal, case_id: str, *, clock: Clock) -> Decision:
    """Disagree: the decision falls, and the case is open again for anybody."""
    return _answered(store, principal, case_id, clock, agree=False)


def undo(store: Store, principal: Principal, case_id: str, *, clock: Clock) -> Case:
    """Take back one's own decision within seconds, unless a second person has already made it final."""
    now = clock.now()
    with writing(store, principal, "cases.undo", clock=clock) as act:
        case = state.known(act.connection, case_id)
        made = _standing(act, case)
        protected = approvals.needs(f"case.{made.action.value}") > 0
        if made.decided_by != str(principal):
            raise CaseError("only the person who decided can undo", remedy="Decide again, with a reason")
        if now - made.decided_at > timedelta(seconds=timers().undo_seconds):
            raise CaseError("the time to undo has passed", remedy="Decide again, with a reason")
        if made.state is DecisionState.FINAL and protected:
            raise CaseError("a second person has made this decision final", remedy="Decide again, with a reason")
        if made.state is DecisionState.WAITING and made.request_id:
            approvals.withdraw(act, made.request_id)
        after = _restored(case, made, now)
        state.keep_decision(act, replace(made, state=DecisionState.UNDONE))
        _mark_earlier(act, made, DecisionState.FINAL)
        state.keep(act, after, [Event("undone", {"decision": made.decision_id})])
        act.fact("case_id", case_id)
        act.fact("decision_id", made.decision_id)
    return after


def _answered(store: Store, principal: Principal, case_id: str, clock: Clock, *, agree: bool) -> Decision:
    now = clock.now()
    word = "approve" if agree else "reject"
    with writing(store, principal, f"cases.{word}", clock=clock) as act:
        case = state.known(act.connection, case_id)
        made = _standing(act, case)
        if case.status is not CaseStatus.WAITING_APPROVAL or made.request_id is None:
            raise CaseError(f"case {case_id} waits for no approval", remedy="See `vedette cases show`")
        answer = approvals.approve if agree else approvals.reject
        request = answer(act, made.request_id)
        after, made = _after_answer(case, made, request.state, now)
        verb = "approved" if agree else "approval rejected"
        state.keep_decision(act, made)
        if made.state is DecisionState.FINAL:
            _mark_earlier(act, made, DecisionState.REPLACED)
            clocks.final(act, after, made)
        state.keep(act, after, [Event(verb, {"decision": made.decision_id, "state": request.state.value})])
        _tell(act, made)
    return made


def _after_answer(case: Case, made: Decision, answer: approvals.RequestState, now: datetime) -> tuple[Case, Decision]:
    if answer is approvals.RequestState.APPROVED:
        final = replace(made, state=DecisionState.FINAL)
        return _decided(case, final, now), final
    if answer is approvals.RequestState.REJECTED:
        return _restored(case, made, now), replace(made, state=DecisionState.REJECTED)
    return replace(case, changed_at=now), made


def fitting(outcome: Outcome, action: Action, reason_code: str, note: str) -> None:
    """Refuse what no case allows: an unknown reason, one that does not fit the outcome, harm after a false alarm, no note."""
    known = reasons()
    if reason_code not in known:
        raise CaseError(f"no reason code {reason_code!r}", remedy=f"One of: {', '.join(known)}")
    if outcome not in known[reason_code].outcomes:
        fit = ", ".join(code for code, reason in known.items() if outcome in reason.outcomes)
        raise CaseError(f"{reason_code!r} does not fit the outcome {outcome.value!r}", remedy=f"One of: {fit}")
    if outcome is Outcome.FALSE and action not in ACTIONS_OF_FALSE:
        raise CaseError(
            f"a false outcome cannot {action.value}: nothing was true", remedy="Choose none, ask or unblock"
        )
    if not note.strip():
        raise CaseError("a decision needs a note", remedy="Say in a sentence what you saw and why you decide so")
    if len(note) > _NOTE_MOST:
        raise CaseError(f"the note is longer than {_NOTE_MOST} characters", remedy="Shorten it")


def _decidable(case: Case, principal: Principal, expected_version: int, now: datetime) -> None:
    if case.status is CaseStatus.MERGED:
        raise CaseError(f"the case was merged into {case.merged_into}", remedy=f"Decide {case.merged_into}")
    if case.status is CaseStatus.WAITING_APPROVAL:
        raise CaseError("a decision already waits for a second person", remedy="Approve or reject it first")
    if case.version != expected_version:
        raise StaleCase(
            f"the case is at version {case.version}, you looked at version {expected_version}",
            remedy=f"Look again: vedette cases show {case.case_id}",
        )
    require_free(case, principal, now)


def _keeps_stop(case: Case, outcome: Outcome, action: Action) -> None:
    """A stop ends when a person has found out, not when nobody could."""
    if case.human_required and outcome is Outcome.UNDETERMINED and action is Action.NONE:
        raise CaseError(
            "a stop cannot be let go undetermined", remedy="Ask, restrict or preserve; or decide true, useful or false"
        )


def _decision(
    case: Case,
    maker: str,
    outcome: Outcome,
    action: Action,
    reason_code: str,
    now: datetime,
    versions: Mapping[str, Json],
) -> Decision:
    return Decision(
        decision_id=stable_id("dec", case.case_id, str(case.version)),
        case_id=case.case_id,
        case_version=case.version,
        outcome=outcome,
        action=action,
        reason_code=reason_code,
        decided_by=maker,
        decided_at=now,
        findings=case.findings,
        versions=versions,
        state=DecisionState.FINAL,
        request_id=None,
        before={
            "status": CaseStatus.OPEN.value if case.status in UNDECIDED else case.status.value,
            "human_required": case.human_required,
            "hold_expires": iso(case.hold_expires) if case.hold_expires else None,
            "decision_id": case.decision_id,
        },
    )


def _in_force(store: Store, versions: Mapping[str, Json]) -> dict[str, Json]:
    """The versions named by the caller and those of this room's own content, which the archive keeps for a replay."""
    names = ("opening.yml", "reasons.yml", "timers.yml")
    own = {f"cases/{name}": store.archive.put(content(name).encode()) for name in names}
    policy = store.archive.put(approvals.policy().text.encode())
    return {**versions, **own, "approvals/actions.yml": policy}


def _decided(case: Case, made: Decision, now: datetime) -> Case:
    waits = made.state is DecisionState.WAITING
    settled = CaseStatus.CLOSED if made.action is Action.NONE else CaseStatus.DECIDED
    return replace(
        case,
        status=CaseStatus.WAITING_APPROVAL if waits else settled,
        version=case.version + 1,
        changed_at=now,
        decision_id=made.decision_id,
        human_required=case.human_required and waits,
        hold_expires=case.hold_expires if waits else None,
        claimed_by=None,
        lease_until=None,
        snoozed_until=None,
    )


def _restored(case: Case, made: Decision, now: datetime) -> Case:
    """The case as it stood before a decision, at a new version."""
    before = made.before
    hold = before["hold_expires"]
    previous = before["decision_id"]
    return replace(
        case,
        status=CaseStatus(str(before["status"])),
        version=case.version + 1,
        changed_at=now,
        decision_id=None if previous is None else str(previous),
        human_required=bool(before["human_required"]) or case.human_required,
        hold_expires=case.hold_expires or (None if hold is None else parse_time(str(hold))),
    )


def _standing(act: Act, case: Case) -> Decision:
    if case.decision_id is None or case.status not in {*SETTLED, CaseStatus.WAITING_APPROVAL}:
        raise CaseError(f"case {case.case_id} has no standing decision")
    return state.decision(act.connection, case.decision_id)


def _mark_earlier(act: Act, made: Decision, mark: DecisionState) -> None:
    """A later decision replaces the one that stood before it, and gives way to it again when taken back."""
    previous = made.before["decision_id"]
    if previous is None:
        return
    earlier = state.decision(act.connection, str(previous))
    if earlier.state in {DecisionState.FINAL, DecisionState.REPLACED}:
        state.keep_decision(act, replace(earlier, state=mark))


def _facts(made: Decision) -> dict[str, Json]:
    return {
        "decision": made.decision_id,
        "outcome": made.outcome.value,
        "action": made.action.value,
        "reason_code": made.reason_code,
        "state": made.state.value,
        "case_version": made.case_version,
    }


def _tell(act: Act, made: Decision) -> None:
    """What the leaf says: ids, codes and hashes; never the note."""
    act.fact("case_id", made.case_id)
    for name, value in _facts(made).items():
        act.fact(name, value)
    act.fact("findings", digest(*made.findings).hex())
    act.fact("versions", digest(*(f"{key}={made.versions[key]}" for key in sorted(made.versions))).hex())
