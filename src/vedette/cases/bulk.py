"""One decision on exactly a filtered set: counted first, one reason, one note, and a leaf of the log for every case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from vedette import approvals
from vedette.audit import writing
from vedette.base import Clock, Json, Principal, Subject, digest, stable_id
from vedette.cases import store as state
from vedette.cases.claim import require_person
from vedette.cases.decide import Ground, decide, fitting
from vedette.cases.model import UNDECIDED, Action, Case, CaseError, CaseStatus, Outcome, StaleCase
from vedette.cases.select import Selection
from vedette.cases.versions import of_checks
from vedette.cases.view import view
from vedette.cases.words import Bulk
from vedette.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a bulk act would do to every case of a filter."""

    selection: Selection
    outcome: Outcome
    action: Action
    reason_code: str
    note: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What a bulk act would touch: case ids with their versions, what it must leave out and why, and its fingerprint."""

    items: tuple[tuple[str, int], ...]
    left_out: Mapping[str, str]
    second_person: bool

    @property
    def fingerprint(self) -> str:
        """Names exactly these cases at these versions."""
        return digest(*(f"{case_id}@{version}" for case_id, version in self.items)).hex()[:16]

    def as_json(self) -> dict[str, Json]:
        """The counts shown before anything happens."""
        reasons = Counter(self.left_out.values())
        return {
            "cases": len(self.items),
            "left_out": len(self.left_out),
            "left_out_because": {text: reasons[text] for text in sorted(reasons)},
            "second_person": self.second_person,
            "fingerprint": self.fingerprint,
        }


@dataclass(frozen=True, slots=True)
class Done:
    """What a bulk act did: decided cases, those that wait for a second person each, those refused with the reason."""

    bulk_id: str
    state: str
    decided: tuple[str, ...] = ()
    refused: Mapping[str, str] | None = None

    def as_json(self) -> dict[str, Json]:
        """The form printed."""
        return {
            "bulk_id": self.bulk_id,
            "state": self.state,
            "decided": len(self.decided),
            "refused": dict(self.refused or {}),
        }


def plan(store: Store, principal: Principal, wanted: Wanted, *, now: datetime) -> Plan:
    """Count what a bulk act would do, without doing it. Raises CaseError where the decision itself is not allowed."""
    fitting(wanted.outcome, wanted.action, wanted.reason_code, wanted.note)
    items, left_out = [], {}
    for case in view(store, wanted.selection, now=now).cases:
        why = _unfit(case, principal, wanted, now)
        if why is None:
            items.append((case.case_id, case.version))
        else:
            left_out[case.case_id] = why
    return Plan(tuple(items), left_out, approvals.needs("case.bulk", count=len(items)) > 0)


def bulk(
    store: Store,
    principal: Principal,
    wanted: Wanted,
    *,
    fingerprint: str,
    clock: Clock,
    versions: Mapping[str, Json],
) -> Done:
    """Decide every case of a plan that was shown, named by its fingerprint. Over the policy's number a second person agrees.

    Raises StaleCase where the set has changed since it was counted, and CaseError where it is empty.
    """
    require_person(principal)
    planned = plan(store, principal, wanted, now=clock.now())
    if planned.fingerprint != fingerprint:
        raise StaleCase("the filtered set has changed since it was counted", remedy="Count again with --dry-run")
    if not planned.items:
        raise CaseError("the filter holds no case that could be decided", remedy="See what --dry-run leaves out")
    with writing(store, principal, "cases.bulk", clock=clock) as act:
        identity = stable_id("bulk", str(principal), act.moment, planned.fingerprint)
        subject = Subject("bulk", identity)
        request = approvals.request(act, "case.bulk", subject, planned.fingerprint, count=len(planned.items))
        waits = request.state is approvals.RequestState.WAITING
        made = Bulk(
            bulk_id=identity,
            query=wanted.selection.query(),
            outcome=wanted.outcome,
            action=wanted.action,
            reason_code=wanted.reason_code,
            items=planned.items,
            versions=versions,
            made_by=str(principal),
            made_at=act.moment,
            state="waiting" if waits else "running",
            request_id=request.id,
        )
        state.keep_bulk(act, made, state.sealed_bulk_note(store, identity, wanted.note.strip()))
        for name, value in planned.as_json().items():
            act.fact(name, value)
        act.fact("bulk_id", identity)
    return Done(identity, "waiting") if waits else carry_out(store, principal, identity, clock=clock)


def answer(store: Store, principal: Principal, bulk_id: str, *, agree: bool, clock: Clock) -> Done:
    """Agree or disagree with a waiting bulk act as a second person; agreed, it is carried out in its maker's name."""
    with writing(store, principal, "cases.bulk.answer", clock=clock) as act:
        made, sealed = state.bulk(act.connection, bulk_id)
        verdict = approvals.approve if agree else approvals.reject
        request = verdict(act, made.request_id)
        words = {approvals.RequestState.APPROVED: "running", approvals.RequestState.REJECTED: "rejected"}
        after = replace(made, state=words.get(request.state, "waiting"))
        state.keep_bulk(act, after, sealed)
        act.fact("bulk_id", bulk_id)
        act.fact("state", request.state.value)
    if after.state != "running":
        return Done(bulk_id, after.state)
    return carry_out(store, principal, bulk_id, clock=clock)


def carry_out(store: Store, principal: Principal, bulk_id: str, *, clock: Clock) -> Done:
    """Decide the cases of an agreed bulk act, each in an act of its own. Doing it again after a crash does only the rest."""
    with store.database.reading() as connection:
        made, sealed = state.bulk(connection, bulk_id)
    if made.state not in ("running", "done"):
        raise CaseError(f"the bulk act is {made.state}", remedy="A second person must agree first")
    note = state.opened_bulk_note(store, bulk_id, sealed)
    decided, refused = [], {}
    for case_id, version in made.items:
        try:
            decide(
                store,
                principal,
                case_id,
                made.outcome,
                made.action,
                made.reason_code,
                note,
                expected_version=version,
                clock=clock,
                versions={**made.versions, **of_checks(store, state.get(store, case_id))},
                ground=Ground(bulk_id, made.made_by),
            )
        except CaseError as fault:
            refused[case_id] = str(fault)
        else:
            decided.append(case_id)
    with writing(store, principal, "cases.bulk.done", clock=clock) as act:
        state.keep_bulk(act, replace(made, state="done"), sealed)
        act.fact("bulk_id", bulk_id)
        act.fact("decided", len(decided))
        act.fact("refused", len(refused))
    return Done(bulk_id, "done", tuple(decided), refused)


def waiting_bulks(store: Store) -> list[Bulk]:
    """The bulk acts that wait for a second person, oldest first."""
    with store.database.reading() as connection:
        return [item for item in state.bulks(connection) if item.state == "waiting"]


def _unfit(case: Case, principal: Principal, wanted: Wanted, now: datetime) -> str | None:
    holder = case.holder_at(now)
    reasons: Iterable[tuple[bool, str]] = (
        (case.status is CaseStatus.MERGED, "merged into another case"),
        (case.status is CaseStatus.WAITING_APPROVAL, "a decision waits for a second person"),
        (case.status not in UNDECIDED, "already decided"),
        (holder not in (None, str(principal)), "held by somebody else"),
        (case.human_required and wanted.outcome is not Outcome.TRUE, "a stop is judged one by one"),
    )
    return next((text for wrong, text in reasons if wrong), None)
