"""What people do with a drafted report: submit with route and ground, approve as a second person, note that it left and was received."""

from __future__ import annotations

from dataclasses import replace

from vedette import approvals, cases
from vedette.audit import Act, writing
from vedette.base import Clock, Json, Principal, PrincipalKind, Subject, parse_time, stable_id
from vedette.cases import store as case_store
from vedette.cases.model import DecisionState
from vedette.documents import Document, read_document
from vedette.reports import store as state
from vedette.reports.grounds import choose, routes, still_holds
from vedette.reports.model import MOVES, Audience, Filed, Report, ReportError, Scope, State
from vedette.reports.scan import kind
from vedette.reports.silence import breaches
from vedette.store import Store

_RECEIPT_MOST = 200


def submit(
    store: Store,
    principal: Principal,
    report_id: str,
    *,
    to: str,
    home: str,
    clock: Clock,
    ground: str = "",
    reference: str = "",
) -> Filed:
    """Hand a draft to a second person, with where it goes and, for an authority, on what ground.

    Raises ReportError while a needed field is empty, the route is not one of the kind's, the ground is none today, or a
    paper to the customer tells what may not be told.
    """
    _person(principal)
    paper = document(store, report_id)
    with writing(store, principal, "reports.submit", clock=clock) as act:
        found = _moved(act, report_id, State.REVIEW)
        report = kind(found.name)
        _unaltered(found, paper)
        _current(store, report, found, leaving=False)
        _complete(found, store)
        _silent(report, paper, store, found)
        if to not in report.routes:
            raise ReportError(f"{report.name} does not go to {to!r}", remedy=f"One of: {', '.join(report.routes)}")
        basis = None
        if routes()[to].government:
            basis = choose(home, parse_time(act.moment).date(), ground, reference)
        asked = stable_id("sub", report_id, str(act.index))
        request = approvals.request(act, "case.report", Subject("report", report_id), asked)
        after = replace(found, state=State.REVIEW, route=to, ground=basis, request_id=request.id, changed_at=act.moment)
        facts: dict[str, Json] = {"route": to, "sha256": found.sha256, "ground": basis.rule if basis else None}
        state.note(act, after, "submitted", facts)
    return after


def _current(store: Store, report: Report, found: Filed, *, leaving: bool) -> None:
    """Refuse a paper about a case that has moved on: before review by any change, before it leaves by another decision."""
    if report.scope is not Scope.CASE:
        return
    case = cases.get(store, found.subject)
    if not leaving and case.version != found.case_version:
        raise ReportError("the case has changed since the draft", remedy=f"Draft it again: {_again(found)}")
    if not report.actions:
        return
    made = {item.decision_id: item for item in case_store.decisions(store, found.subject)}.get(case.decision_id or "")
    fits = made is not None and made.state is DecisionState.FINAL and made.action.value in report.actions
    if not fits or case.decision_id != found.decision_id:
        raise ReportError(
            f"no final decision of the case calls for {report.name} as it was drafted",
            remedy=f"It follows one of: {', '.join(report.actions)}; then {_again(found)}",
        )


def _again(found: Filed) -> str:
    return f"vedette report draft {found.name} {found.subject}"


def _complete(found: Filed, store: Store) -> None:
    fields = state.content(store, found.report_id)["fields"]
    empty = [item["label"] for item in fields if item["needed"] and item["key"] in found.missing]
    if empty:
        raise ReportError(
            f"{len(empty)} fields must be there first: {', '.join(empty)}",
            remedy=f'Enter them: {_again(found)} --set KEY="..."',
        )


def _silent(report: Report, paper: Document, store: Store, found: Filed) -> None:
    if report.audience is not Audience.CUSTOMER:
        return
    fields = state.content(store, found.report_id)["fields"]
    own = [str(item["value"]) for item in fields if item["key"] in ("customer", "account") and item["value"]]
    told = breaches(paper, own=own)
    if told:
        raise ReportError(
            f"the paper tells the customer what it may not: {'; '.join(told)}",
            remedy="Say it in other words, or leave it out",
        )


def give_back(store: Store, principal: Principal, report_id: str, *, clock: Clock) -> Filed:
    """Send a report in review back to draft; whoever did not submit it rejects it, the submitter takes it back."""
    _person(principal)
    with writing(store, principal, "reports.return", clock=clock) as act:
        found = _moved(act, report_id, State.DRAFT)
        _drop_request(act, found, principal)
        after = replace(found, state=State.DRAFT, route=None, ground=None, request_id=None, changed_at=act.moment)
        state.note(act, after, "returned", {})
    return after


def approve(store: Store, principal: Principal, report_id: str, *, clock: Clock) -> Filed:
    """Agree as a second person: neither who drafted nor who submitted it. Raises ReportError or NotAllowed."""
    _person(principal)
    paper = document(store, report_id)
    with writing(store, principal, "reports.approve", clock=clock) as act:
        found = _moved(act, report_id, State.APPROVED)
        if found.made_by.partition(":")[2].casefold() == principal.id.casefold():
            raise ReportError("whoever drafted a report cannot approve it", remedy="Let a second person approve")
        _unaltered(found, paper)
        request = approvals.approve(act, found.request_id or "")
        if request.state is not approvals.RequestState.APPROVED:
            state.keep(act, found, "agreed", {"request": request.id})
            return found
        after = replace(found, state=State.APPROVED, changed_at=act.moment)
        state.note(act, after, "approved", {"sha256": found.sha256})
    return after


def sent(store: Store, principal: Principal, report_id: str, *, home: str, clock: Clock) -> Filed:
    """Note that an approved report has left. Raises ReportError where its ground no longer holds today."""
    _person(principal)
    paper = document(store, report_id)
    with writing(store, principal, "reports.sent", clock=clock) as act:
        found = _moved(act, report_id, State.SENT)
        _unaltered(found, paper)
        _current(store, kind(found.name), found, leaving=True)
        _grounded(found, home, act)
        _silent(kind(found.name), paper, store, found)
        after = replace(found, state=State.SENT, changed_at=act.moment)
        state.note(act, after, "sent", {"route": found.route, "sha256": found.sha256})
        if found.amends is not None:
            earlier = _moved(act, found.amends, State.AMENDED)
            state.note(act, replace(earlier, state=State.AMENDED, changed_at=act.moment), "amended", {"by": report_id})
    return after


def _grounded(found: Filed, home: str, act: Act) -> None:
    government = found.route is None or routes()[found.route].government
    if not government:
        return
    if found.ground is None or not still_holds(found.ground, home, parse_time(act.moment).date()):
        raise ReportError(
            "no ground holds today on which these records may go to an authority",
            remedy=f"Withdraw {found.report_id}, draft it again, and submit it with a ground that holds",
        )


def received(
    store: Store, principal: Principal, report_id: str, receipt: str, *, clock: Clock, accepted: bool = True
) -> Filed:
    """Note the receiver's answer: acknowledged under a receipt's number, or refused."""
    _person(principal)
    text = receipt.strip()
    if not text or len(text) > _RECEIPT_MOST or not text.isprintable():
        raise ReportError("an answer needs its number", remedy="Give the receipt's or letter's number")
    to = State.ACKNOWLEDGED if accepted else State.REFUSED
    with writing(store, principal, "reports.received", clock=clock) as act:
        found = _moved(act, report_id, to)
        after = replace(found, state=to, receipt=text, changed_at=act.moment)
        state.note(act, after, to.value, {"receipt": text})
    return after


def withdraw(store: Store, principal: Principal, report_id: str, *, clock: Clock) -> Filed:
    """Give a report up before it leaves."""
    _person(principal)
    with writing(store, principal, "reports.withdraw", clock=clock) as act:
        found = _moved(act, report_id, State.WITHDRAWN)
        if found.state is State.REVIEW:
            _drop_request(act, found, principal)
        after = replace(found, state=State.WITHDRAWN, changed_at=act.moment)
        state.note(act, after, "withdrawn", {})
    return after


def shred(store: Store, principal: Principal, report_id: str, *, clock: Clock) -> None:
    """Destroy the content of a withdrawn or amended report; its hash, its steps and the log's proofs stay."""
    _person(principal)
    with writing(store, principal, "reports.shred", clock=clock) as act:
        found = state.known(act.connection, report_id)
        if found.state not in (State.WITHDRAWN, State.AMENDED):
            raise ReportError(f"a report that is {found.state.value} is kept", remedy="Withdraw or amend it first")
        state.shred_content(act, report_id)
        state.note(act, found, "shredded", {})


def find(store: Store, reference: str) -> Filed:
    """The report of an id, or of a unique beginning of one. Raises ReportError."""
    ids = state.ids_beginning(store, reference) if reference else []
    if len(ids) > 1 and reference not in ids:
        raise ReportError(f"several reports begin with {reference!r}", remedy="Write more of the id")
    return state.filed(store, reference if reference in ids or not ids else ids[0])


def document(store: Store, report_id: str) -> Document:
    """The paper of a report, opened."""
    return read_document(state.content(store, report_id)["document"])


def _moved(act: Act, report_id: str, to: State) -> Filed:
    """The report, if it may become that now."""
    found = state.known(act.connection, report_id)
    if to not in MOVES[found.state]:
        may = ", ".join(sorted(MOVES[found.state])) or "nothing else"
        raise ReportError(
            f"a report that is {found.state.value} cannot become {to.value}", remedy=f"It may become {may}"
        )
    return found


def _unaltered(found: Filed, paper: Document) -> None:
    if paper.sha256 != found.sha256:
        raise ReportError(
            "the content is not the one that was submitted", remedy="Return it to draft and make it again"
        )


def _drop_request(act: Act, found: Filed, principal: Principal) -> None:
    if found.request_id is None:
        return
    try:
        approvals.withdraw(act, found.request_id)
    except approvals.NotAllowed:
        approvals.reject(act, found.request_id)


def _person(principal: Principal) -> None:
    if principal.kind not in (PrincipalKind.PERSON, PrincipalKind.COMMAND_LINE):
        raise ReportError(f"a {principal.kind.value} is no person", remedy="Let a person move a report on")
