"""HTTP: words, sleep, escalation and assignment of a case."""

from __future__ import annotations

from datetime import datetime

import msgspec
from fastapi import APIRouter, Request
from starlette.responses import Response

from vedette import cases
from vedette.cases.routes.told import BODY, CASE, DECIDES, known, row, told
from vedette.doors import web

router = APIRouter(tags=["Cases"])


class Words(msgspec.Struct, forbid_unknown_fields=True):
    """Words left on a case."""

    note: str


class Sleep(msgspec.Struct, forbid_unknown_fields=True):
    """Until when a case sleeps."""

    until: datetime


class Person(msgspec.Struct, forbid_unknown_fields=True):
    """Whom a case is assigned to; nobody where it is null."""

    person: str | None


@router.post(
    "/v1/cases/{case_id}/notes",
    summary="Leave words on a case",
    status_code=201,
    responses=web.answers("The remark's id.", {"remark_id": "rem_3k5v"}, 201),
    openapi_extra=web.asks(
        "The words; they are kept sealed.", web.schema_of(Words), {"a note": {"note": "Asked sales."}}
    ),
)
def remark(acting: DECIDES, request: Request, case_id: str, data: BODY) -> Response:
    """Leaves words for the next reader without deciding."""
    return web.once(acting, request, data, lambda: _remarked(acting, case_id, web.shaped(data, Words).note))


def _remarked(acting: web.Acting, case_id: str, words: str) -> Response:
    found = known(acting, case_id)
    with told():
        identity = cases.remark(acting.store, acting.principal, found.case_id, words, clock=acting.place.clock)
    return web.answer({"remark_id": identity}, 201)


@router.post(
    "/v1/cases/{case_id}/snooze",
    summary="Let a case sleep",
    responses=web.answers("The case.", CASE),
    openapi_extra=web.asks("Until when.", web.schema_of(Sleep), {"a day": {"until": "2026-03-02T12:00:00Z"}}),
)
def snooze(acting: DECIDES, case_id: str, data: BODY) -> Response:
    """Lets a case sleep until a time; it always wakes."""
    until = web.shaped(data, Sleep).until
    if until.tzinfo is None:
        raise web.Problem(422, "bad-time", "A time needs a zone", remedy="Write for example 2026-01-31T00:00:00Z")
    found = known(acting, case_id)
    with told():
        return row(acting, cases.snooze(acting.store, acting.principal, found.case_id, until, clock=acting.place.clock))


@router.post(
    "/v1/cases/{case_id}/escalate",
    summary="Escalate a case",
    responses=web.answers("The case.", CASE),
    openapi_extra=web.asks("Why.", web.schema_of(Words), {"a reason": {"note": "Needs counsel."}}),
)
def escalate(acting: DECIDES, case_id: str, data: BODY) -> Response:
    """Moves a case to the top for somebody with more authority."""
    words = web.shaped(data, Words).note
    found = known(acting, case_id)
    with told():
        return row(
            acting, cases.escalate(acting.store, acting.principal, found.case_id, words, clock=acting.place.clock)
        )


@router.post(
    "/v1/cases/{case_id}/assign",
    summary="Assign a case",
    responses=web.answers("The case.", CASE),
    openapi_extra=web.asks("To whom.", web.schema_of(Person), {"Bea": {"person": "bea"}, "nobody": {"person": None}}),
)
def assign(acting: DECIDES, case_id: str, data: BODY) -> Response:
    """Says who is to work on a case."""
    person = web.shaped(data, Person).person
    found = known(acting, case_id)
    with told():
        return row(
            acting, cases.assign(acting.store, acting.principal, found.case_id, person, clock=acting.place.clock)
        )
