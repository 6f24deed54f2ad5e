"""HTTP: reports and where each stands, their way from draft to receipt, and the paper as a file. Who answers names what was shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from vedette import approvals, reports
from vedette.doors import web
from vedette.reports.export import FORMATS
from vedette.reports.gather import HOUSE
from vedette.reports.grounds import available
from vedette.reports.model import Filed, State
from vedette.reports.shown import taken

router = APIRouter(tags=["Reports"])
_READS = Annotated[web.Acting, Depends(web.allows(web.Permission.READ, web.Scope.READ))]
_DECIDES = Annotated[web.Acting, Depends(web.allows(web.Permission.DECIDE))]
_APPROVES = Annotated[web.Acting, Depends(web.allows(web.Permission.APPROVE))]
_REVEALS = Annotated[web.Acting, Depends(web.allows(web.Permission.REVEAL))]
_SHARES = Annotated[web.Acting, Depends(web.allows(web.Permission.SHARE))]
_BODY = Annotated[bytes, Depends(web.body(most=512 * 1024))]
_TEXT = Query(max_length=200, pattern=r"^[^\x00]*$")
_REPORT = {"report_id": "rep_3k5v", "report": "ofac_blocking", "state": "draft", "missing": ["value"], "route": None}
_SEEN = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "schema": {"type": "string"},
    "description": "The ETag of the report as it was shown.",
}
_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "json": "application/json",
    "zip": "application/zip",
    "md": "text/markdown; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
}


class Drafting(msgspec.Struct, forbid_unknown_fields=True):
    """A report that somebody wants: its kind, the case or account it is about, and what they know beyond what is held."""

    report: str
    subject: str = HOUSE
    language: str = "en"
    entered: dict[str, str] = {}
    amend: bool = False


class Submitting(msgspec.Struct, forbid_unknown_fields=True):
    """Where a report goes and, for an authority, on what ground and under which paper's number."""

    to: str
    ground: str = ""
    reference: str = ""


class Verdict(msgspec.Struct, forbid_unknown_fields=True):
    """A second person's word."""

    agree: bool


class Receipt(msgspec.Struct, forbid_unknown_fields=True):
    """The receiver's answer: its number, and whether the report was taken."""

    receipt: str
    accepted: bool = True


@router.get(
    "/v1/reports",
    summary="Reports and where each stands",
    responses=web.answers("A page of them.", {"reports": [_REPORT], "next": "...", "more": False}),
)
def all_reports(
    acting: _READS,
    subject: Annotated[str | None, _TEXT] = None,
    state: State | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    cursor: Annotated[str | None, Query(max_length=400)] = None,
) -> Response:
    """Reports of a case, an account or of everything, the one that changed last in front; ids, hashes and states, no content."""
    question = f"reports {subject or ''} {state or ''}"
    cursors = acting.place.cursors
    offset = cursors.read(question, cursor)["offset"] if cursor else 0
    assert isinstance(offset, int)
    found = [item for item in reports.all_filed(acting.store, subject) if state in (None, item.state)]
    page = found[offset : offset + limit]
    after = offset + len(page)
    return web.answer(
        {
            "reports": [item.as_json() for item in page],
            "next": cursors.write(question, {"offset": after}),
            "more": after < len(found),
        }
    )


@router.get(
    "/v1/report-kinds",
    summary="Kinds of report, and grounds",
    responses=web.answers("Kinds, and the grounds that hold today.", {"kinds": [], "grounds": {}}),
)
def kinds(acting: _READS) -> Response:
    """What each kind is about, who reads it and where it may go; on which grounds records may go to an authority today."""
    place = acting.place
    grounds = available(place.home, place.clock.now().date())
    return web.answer(
        {
            "kinds": [item.as_json() for item in reports.kinds().values()],
            "grounds": {kind: [rule.id for rule in rules] for kind, rules in grounds.items()},
        }
    )


@router.post(
    "/v1/reports",
    summary="Draft a report",
    status_code=201,
    responses=web.answers("Where it stands.", _REPORT, 201),
    openapi_extra={
        **web.asks(
            "Its kind and what it is about.",
            web.schema_of(Drafting),
            {"a blocking": {"report": "ofac_blocking", "subject": "case_3k5v", "entered": {"holder": "Example Ltd"}}},
        ),
        "parameters": [web.IDEMPOTENCY],
    },
)
def draft(acting: _DECIDES, request: Request, data: _BODY) -> Response:
    """Makes a draft of what is held now, or gives the report that stands. What was entered before is kept."""
    return web.once(acting, request, data, lambda: _drafted(acting, web.shaped(data, Drafting)))


def _drafted(acting: web.Acting, sent: Drafting) -> Response:
    place = acting.place
    words = (sent.report, sent.subject, *sent.entered, *sent.entered.values())
    if any("\0" in word for word in words):
        raise web.Problem(422, "refused", "A text holds a character that no database keeps", remedy="Leave out NUL")
    made = reports.draft(
        acting.store,
        acting.principal,
        sent.report,
        sent.subject,
        home=place.home,
        clock=place.clock,
        language=sent.language,
        entered=sent.entered,
        amend=sent.amend,
    )
    return _told(made, 201)


@router.get("/v1/reports/{report_id}", summary="One report", responses=web.answers("It, with its steps.", _REPORT))
def report(acting: _READS, request: Request, report_id: str) -> Response:
    """Where it stands, what is missing, and each step with its leaf of the audit log. The ETag is what an answer names."""
    found = _known(acting, report_id)
    steps = [step.as_json() for step in reports.steps(acting.store, found.report_id)]
    return web.unchanged(request, _tag(found)) or web.answer(
        {**found.as_json(), "steps": steps}, headers={"ETag": _tag(found)}
    )


@router.get(
    "/v1/reports/{report_id}/file",
    summary="The paper as a file",
    responses={200: {"description": "The file.", "content": {kind.partition(";")[0]: {} for kind in _TYPES.values()}}},
)
def file(acting: _REVEALS, report_id: str, form: Annotated[str, Query(pattern=f"^({'|'.join(FORMATS)})$")]) -> Response:
    """The report as it stands, customer data in the clear; the log keeps who took it. A draft says on every page what it is."""
    found = _known(acting, report_id)
    return _file(found, form, taken(acting.store, acting.principal, found, form, clock=acting.place.clock))


@router.get(
    "/v1/reports/{report_id}/outgoing",
    summary="The paper that leaves",
    responses={200: {"description": "The file.", "content": {kind.partition(";")[0]: {} for kind in _TYPES.values()}}},
)
def outgoing(
    acting: _SHARES, report_id: str, form: Annotated[str, Query(pattern=f"^({'|'.join(FORMATS)})$")]
) -> Response:
    """The approved report as the file that leaves the house; refused before two people have agreed."""
    found = _known(acting, report_id)
    data = taken(acting.store, acting.principal, found, form, clock=acting.place.clock, outgoing=True)
    return _file(found, form, data)


@router.post(
    "/v1/reports/{report_id}/submit",
    summary="Hand a draft to a second person",
    responses=web.answers("Where it stands.", {**_REPORT, "state": "review"}),
    openapi_extra={
        **web.asks("Route and ground.", web.schema_of(Submitting), {"to the customer": {"to": "customer"}}),
        "parameters": [_SEEN],
    },
)
def submit(acting: _DECIDES, request: Request, report_id: str, data: _BODY) -> Response:
    """Refused while a needed field is empty, the route is none of the kind's, or no such ground holds today."""
    sent, place = web.shaped(data, Submitting), acting.place
    found = _shown(acting, request, report_id)
    return _step(
        lambda: reports.submit(
            acting.store,
            acting.principal,
            found.report_id,
            to=sent.to,
            home=place.home,
            clock=place.clock,
            ground=sent.ground,
            reference=sent.reference,
        )
    )


@router.post(
    "/v1/reports/{report_id}/approval",
    summary="Answer to a report as a second person",
    responses=web.answers("Where it stands.", {**_REPORT, "state": "approved"}),
    openapi_extra={
        **web.asks("Whether you agree.", web.schema_of(Verdict), {"yes": {"agree": True}}),
        "parameters": [_SEEN],
    },
)
def approval(acting: _APPROVES, request: Request, report_id: str, data: _BODY) -> Response:
    """Agrees with the paper that was shown, or sends it back to draft; who drafted or submitted it never agrees."""
    verb = reports.approve if web.shaped(data, Verdict).agree else reports.give_back
    found = _shown(acting, request, report_id)
    return _step(lambda: verb(acting.store, acting.principal, found.report_id, clock=acting.place.clock))


@router.post(
    "/v1/reports/{report_id}/withdraw",
    summary="Give a report up before it leaves",
    responses=web.answers("Where it stands.", {**_REPORT, "state": "withdrawn"}),
)
def withdraw(acting: _DECIDES, report_id: str) -> Response:
    """Gives up a report that has not left."""
    found = _known(acting, report_id)
    return _step(lambda: reports.withdraw(acting.store, acting.principal, found.report_id, clock=acting.place.clock))


@router.post(
    "/v1/reports/{report_id}/sent",
    summary="Note that a report has left",
    responses=web.answers("Where it stands.", {**_REPORT, "state": "sent"}),
    openapi_extra={"parameters": [_SEEN]},
)
def sent(acting: _SHARES, request: Request, report_id: str) -> Response:
    """Refused where the ground no longer holds today. Vedette sends no report itself."""
    found, place = _shown(acting, request, report_id), acting.place
    return _step(
        lambda: reports.sent(acting.store, acting.principal, found.report_id, home=place.home, clock=place.clock)
    )


@router.post(
    "/v1/reports/{report_id}/received",
    summary="Note the receiver's answer",
    responses=web.answers("Where it stands.", {**_REPORT, "state": "acknowledged"}),
    openapi_extra=web.asks("Its number.", web.schema_of(Receipt), {"taken": {"receipt": "ORS-2026-0042"}}),
)
def received(acting: _SHARES, report_id: str, data: _BODY) -> Response:
    """Acknowledged under a receipt's number, or refused."""
    given = web.shaped(data, Receipt)
    found = _known(acting, report_id)
    return _step(
        lambda: reports.received(
            acting.store,
            acting.principal,
            found.report_id,
            given.receipt,
            clock=acting.place.clock,
            accepted=given.accepted,
        )
    )


def _step(step: Callable[[], Filed]) -> Response:
    with _faults():
        return _told(step())


@contextmanager
def _faults() -> Iterator[None]:
    """A second person who may not be it is told so; what else is wrong with a step is about the request."""
    try:
        yield
    except approvals.NotAllowed as fault:
        raise web.Problem(403, "not-yours", fault.problem, remedy=fault.remedy) from None


def _shown(acting: web.Acting, request: Request, report_id: str) -> Filed:
    """The report, if it still is the one that the request names."""
    found = _known(acting, report_id)
    web.require_match(request, _tag(found))
    return found


def _known(acting: web.Acting, report_id: str) -> Filed:
    wanted = report_id.replace("\0", "") if len(report_id) <= 100 else ""
    try:
        return reports.filed(acting.store, wanted)
    except reports.ReportError:
        raise web.Problem(
            404, "unknown-report", "There is no report of this id", remedy="GET /v1/reports names them"
        ) from None


def _tag(found: Filed) -> str:
    return web.etag("report", found.report_id, found.state.value, found.sha256, found.changed_at)


def _told(found: Filed, status: int = 200) -> Response:
    return web.answer(found.as_json(), status, headers={"ETag": _tag(found)})


def _file(found: Filed, form: str, data: bytes) -> Response:
    name = f'attachment; filename="{found.report_id}.{form}"'
    return Response(data, media_type=_TYPES[form], headers={"Content-Disposition": name, "ETag": _tag(found)})
