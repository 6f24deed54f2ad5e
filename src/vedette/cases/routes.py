"""HTTP: the queue, a case with its evidence, and what people do with it. Who decides names the version that was shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from vedette import approvals, cases
from vedette.base import Json
from vedette.cases.model import CaseHeld, Decision
from vedette.cases.versions import in_force, of_house
from vedette.doors import web

router = APIRouter(tags=["Cases"])
_READS = Annotated[web.Acting, Depends(web.allows(web.Permission.READ, web.Scope.READ))]
_DECIDES = Annotated[web.Acting, Depends(web.allows(web.Permission.DECIDE))]
_APPROVES = Annotated[web.Acting, Depends(web.allows(web.Permission.APPROVE))]
_BODY = Annotated[bytes, Depends(web.body(most=64 * 1024))]
_OF_PAGE = ("limit", "cursor")
_CASE = {"case_id": "case_3k5v", "status": "open", "priority": 88, "version": 3}
_CLAIM = {"given": True, "held_by": "person:bea", "until": "2026-03-01T13:00:00Z", "also_viewing": [], "case": _CASE}
_DECISION = {"decision_id": "dec_3k5v", "case_id": "case_3k5v", "outcome": "false", "action": "none", "state": "final"}
_IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "schema": {"type": "string"},
    "description": "The ETag of the case as it was shown.",
}


class Deciding(msgspec.Struct, forbid_unknown_fields=True):
    """A decision as it is sent."""

    outcome: cases.Outcome
    reason_code: str
    note: str
    action: cases.Action = cases.Action.NONE


class Next(msgspec.Struct, forbid_unknown_fields=True):
    """Which case somebody would like next: a filter as a query string, and the case just shown."""

    filter: str = ""
    skip: str | None = None


class Words(msgspec.Struct, forbid_unknown_fields=True):
    """Words left on a case."""

    note: str


class Sleep(msgspec.Struct, forbid_unknown_fields=True):
    """Until when a case sleeps."""

    until: datetime


class Person(msgspec.Struct, forbid_unknown_fields=True):
    """Whom a case is assigned to; nobody where it is null."""

    person: str | None


class Verdict(msgspec.Struct, forbid_unknown_fields=True):
    """A second person's word."""

    agree: bool


class Many(msgspec.Struct, forbid_unknown_fields=True):
    """One decision for every case of a filter; without ``fingerprint`` it is only counted."""

    filter: str
    outcome: cases.Outcome
    reason_code: str
    note: str
    action: cases.Action = cases.Action.NONE
    fingerprint: str | None = None


def warm(place: web.Workplace) -> None:
    """Read at start what the first decision would wait for: reasons, the opening rule, policies in force."""
    cases.reasons()
    cases.opening_rule()
    of_house(place.store, home=place.home, on=place.clock.now().date())


@router.get(
    "/v1/cases",
    summary="The queue",
    responses=web.answers("A page of it.", {"cases": [_CASE], "total": 1, "next": "...", "more": False}),
)
def queue(
    acting: _READS,
    request: Request,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    cursor: Annotated[str | None, Query(max_length=400)] = None,
) -> Response:
    """Cases, most urgent first. Every other parameter is the filter of the queue, such as `status=open&family=network`,
    `updated_since=...` or `hold=yes`; an unknown one is refused. The order moves with the work: go on at once, or ask again.
    """
    wanted = cases.selection([pair for pair in request.query_params.multi_items() if pair[0] not in _OF_PAGE])
    question = f"cases {wanted.query()}"
    cursors = acting.place.cursors
    offset = cursors.read(question, cursor)["offset"] if cursor else 0
    assert isinstance(offset, int)
    now = acting.place.clock.now()
    found = cases.view(acting.store, wanted, now=now, limit=limit, offset=offset)
    after = offset + len(found.cases)
    return web.answer(
        {
            "cases": found.rows(now),
            "total": found.total,
            "next": cursors.write(question, {"offset": after}),
            "more": after < found.total,
        }
    )


@router.get("/v1/cases/{case_id}", summary="One case", responses=web.answers("The case with its evidence.", _CASE))
def case(acting: _READS, request: Request, case_id: str) -> Response:
    """Why it is open, its evidence by strength, what is not known, decisions and history; no customer's name. The ETag is
    what a decision names.
    """
    found = _known(acting, case_id)
    tag = _tag(found)
    return web.unchanged(request, tag) or web.answer(
        cases.explain(acting.store, found.case_id, clock=acting.place.clock), headers={"ETag": tag}
    )


@router.post(
    "/v1/cases/claim-next",
    summary="Claim the next case",
    responses=web.answers("The claim; `case` is null where nothing waits.", _CLAIM),
    openapi_extra=web.asks("Which one.", web.schema_of(Next), {"any": {}, "stops": {"filter": "hold=yes"}}),
)
def claim_next(acting: _DECIDES, data: _BODY) -> Response:
    """The most urgent case that waits for this person, claimed for an hour. Two who ask at once never get the same one."""
    sent = web.shaped(data, Next)
    with _told():
        wanted = cases.parse(sent.filter)
        found = cases.next_case(acting.store, acting.principal, clock=acting.place.clock, wanted=wanted, skip=sent.skip)
    return web.answer({"case": None} if found is None else _claim(acting, found))


@router.post("/v1/cases/{case_id}/claim", summary="Claim a case", responses=web.answers("The claim.", _CLAIM))
def claim(acting: _DECIDES, case_id: str) -> Response:
    """Takes the case for an hour, or renews that. Where another person holds it, `given` is false and says who."""
    found = _known(acting, case_id)
    with _told():
        return web.answer(
            _claim(acting, cases.claim(acting.store, acting.principal, found.case_id, clock=acting.place.clock))
        )


@router.post("/v1/cases/{case_id}/release", summary="Give a case back", responses=web.answers("The case.", _CASE))
def release(acting: _DECIDES, case_id: str) -> Response:
    """Gives a claimed case back to the queue."""
    found = _known(acting, case_id)
    with _told():
        return _row(acting, cases.release(acting.store, acting.principal, found.case_id, clock=acting.place.clock))


@router.post(
    "/v1/cases/{case_id}/decisions",
    summary="Decide a case",
    status_code=201,
    responses=web.answers("The decision; `waiting` where a second person must agree.", _DECISION, 201),
    openapi_extra={
        **web.asks(
            "Outcome apart from action, with a reason code and a note.",
            web.schema_of(Deciding),
            {"a namesake": {"outcome": "false", "reason_code": "namesake", "note": "Birth dates differ by 30 years."}},
        ),
        "parameters": [_IF_MATCH, web.IDEMPOTENCY],
    },
)
def decide(acting: _DECIDES, request: Request, case_id: str, data: _BODY) -> Response:
    """Decides on the version that If-Match names: 412 where the case has changed since, 409 where somebody else holds it."""
    return web.once(acting, request, data, lambda: _decided(acting, request, case_id, web.shaped(data, Deciding)))


def _decided(acting: web.Acting, request: Request, case_id: str, sent: Deciding) -> Response:
    found = _known(acting, case_id)
    web.require_match(request, _tag(found))
    place = acting.place
    with _told(acting, found):
        made = cases.decide(
            acting.store,
            acting.principal,
            found.case_id,
            sent.outcome,
            sent.action,
            sent.reason_code,
            sent.note,
            expected_version=found.version,
            clock=place.clock,
            versions=in_force(acting.store, found, home=place.home, on=place.clock.now().date()),
        )
    return _decision(made, 201)


@router.post(
    "/v1/cases/{case_id}/approval",
    summary="Answer as a second person",
    responses=web.answers("The decision.", _DECISION),
    openapi_extra=web.asks("Whether you agree.", web.schema_of(Verdict), {"yes": {"agree": True}}),
)
def answer(acting: _APPROVES, case_id: str, data: _BODY) -> Response:
    """Agrees or disagrees with the decision that waits; its maker never can."""
    agree = web.shaped(data, Verdict).agree
    found = _known(acting, case_id)
    verb = cases.approve if agree else cases.reject
    with _told():
        return _decision(verb(acting.store, acting.principal, found.case_id, clock=acting.place.clock))


@router.post("/v1/cases/{case_id}/undo", summary="Take back a slip", responses=web.answers("The case.", _CASE))
def undo(acting: _DECIDES, case_id: str) -> Response:
    """Takes back one's own decision within ten seconds."""
    found = _known(acting, case_id)
    with _told():
        return _row(acting, cases.undo(acting.store, acting.principal, found.case_id, clock=acting.place.clock))


@router.post(
    "/v1/cases/{case_id}/notes",
    summary="Leave words on a case",
    status_code=201,
    responses=web.answers("The remark's id.", {"remark_id": "rem_3k5v"}, 201),
    openapi_extra=web.asks(
        "The words; they are kept sealed.", web.schema_of(Words), {"a note": {"note": "Asked sales."}}
    ),
)
def remark(acting: _DECIDES, request: Request, case_id: str, data: _BODY) -> Response:
    """Leaves words for the next reader without deciding."""
    return web.once(acting, request, data, lambda: _remarked(acting, case_id, web.shaped(data, Words).note))


def _remarked(acting: web.Acting, case_id: str, words: str) -> Response:
    found = _known(acting, case_id)
    with _told():
        identity = cases.remark(acting.store, acting.principal, found.case_id, words, clock=acting.place.clock)
    return web.answer({"remark_id": identity}, 201)


@router.post(
    "/v1/cases/{case_id}/snooze",
    summary="Let a case sleep",
    responses=web.answers("The case.", _CASE),
    openapi_extra=web.asks("Until when.", web.schema_of(Sleep), {"a day": {"until": "2026-03-02T12:00:00Z"}}),
)
def snooze(acting: _DECIDES, case_id: str, data: _BODY) -> Response:
    """Lets a case sleep until a time; it always wakes."""
    until = web.shaped(data, Sleep).until
    if until.tzinfo is None:
        raise web.Problem(422, "bad-time", "A time needs a zone", remedy="Write for example 2026-01-31T00:00:00Z")
    found = _known(acting, case_id)
    with _told():
        return _row(
            acting, cases.snooze(acting.store, acting.principal, found.case_id, until, clock=acting.place.clock)
        )


@router.post(
    "/v1/cases/{case_id}/escalate",
    summary="Escalate a case",
    responses=web.answers("The case.", _CASE),
    openapi_extra=web.asks("Why.", web.schema_of(Words), {"a reason": {"note": "Needs counsel."}}),
)
def escalate(acting: _DECIDES, case_id: str, data: _BODY) -> Response:
    """Moves a case to the top for somebody with more authority."""
    words = web.shaped(data, Words).note
    found = _known(acting, case_id)
    with _told():
        return _row(
            acting, cases.escalate(acting.store, acting.principal, found.case_id, words, clock=acting.place.clock)
        )


@router.post(
    "/v1/cases/{case_id}/assign",
    summary="Assign a case",
    responses=web.answers("The case.", _CASE),
    openapi_extra=web.asks("To whom.", web.schema_of(Person), {"Bea": {"person": "bea"}, "nobody": {"person": None}}),
)
def assign(acting: _DECIDES, case_id: str, data: _BODY) -> Response:
    """Says who is to work on a case."""
    person = web.shaped(data, Person).person
    found = _known(acting, case_id)
    with _told():
        return _row(
            acting, cases.assign(acting.store, acting.principal, found.case_id, person, clock=acting.place.clock)
        )


@router.post(
    "/v1/cases/bulk",
    summary="Decide every case of a filter",
    responses=web.answers("What was counted, or what was done.", {"cases": 3, "fingerprint": "0f3a9c2b71de0f3a"}),
    openapi_extra=web.asks(
        "Without `fingerprint` it is only counted; with the one that was counted it is done.",
        web.schema_of(Many),
        {
            "count": {
                "filter": "family=network",
                "outcome": "false",
                "reason_code": "expected_behaviour",
                "note": "One outage.",
            }
        },
    ),
)
def bulk(acting: _DECIDES, request: Request, data: _BODY) -> Response:
    """Counts, then decides exactly the cases that were counted: 412 where the set has changed since. Over the policy's
    number a second person must agree.
    """
    return web.once(acting, request, data, lambda: _many(acting, web.shaped(data, Many)))


def _many(acting: web.Acting, sent: Many) -> Response:
    now = acting.place.clock.now()
    with _told():
        wanted = cases.Wanted(
            selection=cases.parse(sent.filter),
            outcome=sent.outcome,
            action=sent.action,
            reason_code=sent.reason_code,
            note=sent.note,
        )
        if sent.fingerprint is None:
            return web.answer(cases.plan(acting.store, acting.principal, wanted, now=now).as_json())
        done = cases.bulk(
            acting.store,
            acting.principal,
            wanted,
            fingerprint=sent.fingerprint,
            clock=acting.place.clock,
            versions=of_house(acting.store, home=acting.place.home, on=now.date()),
        )
    return web.answer(done.as_json())


@router.post(
    "/v1/bulks/{bulk_id}/approval",
    summary="Answer to a bulk act as a second person",
    responses=web.answers("What was done.", {"bulk_id": "bulk_3k5v", "state": "done"}),
    openapi_extra=web.asks("Whether you agree.", web.schema_of(Verdict), {"yes": {"agree": True}}),
)
def answer_bulk(acting: _APPROVES, bulk_id: str, data: _BODY) -> Response:
    """Agrees or disagrees; agreed, the act is carried out in its maker's name."""
    agree = web.shaped(data, Verdict).agree
    with _told():
        done = cases.answer_bulk(acting.store, acting.principal, _plain(bulk_id), agree=agree, clock=acting.place.clock)
    return web.answer(done.as_json())


@router.get(
    "/v1/approvals",
    summary="What waits for a second person",
    responses=web.answers("Requests, oldest first.", {"approvals": []}),
)
def waiting(acting: _READS) -> Response:
    """Every request that still waits for somebody other than its maker."""
    return web.answer({"approvals": [item.as_json() for item in approvals.waiting(acting.store)]})


@contextmanager
def _told(acting: web.Acting | None = None, shown: cases.Case | None = None) -> Iterator[None]:
    """Faults of a step as problems: changed since it was shown, held by another, not allowed now."""
    try:
        yield
    except cases.StaleCase as fault:
        raise _changed(fault.problem) from None
    except CaseHeld:
        raise web.Problem(409, "held", "Another person holds this case", remedy="Ask them, or wait") from None
    except approvals.NotAllowed as fault:
        raise web.Problem(403, "not-yours", fault.problem, remedy=fault.remedy) from None
    except approvals.UnknownRequest:
        raise web.Problem(404, "unknown-request", "There is no such request for approval") from None
    except cases.CaseError as fault:
        # Whatever else is wrong with it now: if it has changed since it was shown, that is what the person must know.
        if acting is not None and shown is not None and _known(acting, shown.case_id).version != shown.version:
            raise _changed(fault.problem) from None
        raise


def _changed(detail: str) -> web.Problem:
    return web.Problem(412, "changed", detail, remedy="Read it again and decide on what it says now")


def _known(acting: web.Acting, case_id: str) -> cases.Case:
    try:
        return cases.get(acting.store, _plain(case_id))
    except cases.CaseError:
        raise web.Problem(
            404, "unknown-case", "There is no case of this id", remedy="GET /v1/cases names them"
        ) from None


def _plain(text: str) -> str:
    """An id without the character that no database keeps."""
    return text.replace("\0", "") if len(text) <= 100 else ""


def _tag(found: cases.Case) -> str:
    return web.etag("case", found.case_id, str(found.version))


def _row(acting: web.Acting, found: cases.Case) -> Response:
    return web.answer(found.row(acting.place.clock.now()), headers={"ETag": _tag(found)})


def _claim(acting: web.Acting, found: cases.Claim) -> dict[str, Any]:
    told: Mapping[str, Json] = found.case.row(acting.place.clock.now())
    return {
        "given": found.given,
        "held_by": found.held_by,
        "until": found.until.isoformat().replace("+00:00", "Z"),
        "also_viewing": list(found.also_viewing),
        "etag": _tag(found.case),
        "case": told,
    }


def _decision(made: Decision, status: int = 200) -> Response:
    return web.answer(made.as_json(), status)
