"""HTTP: deciding a case on the version that was shown, the second person's answer, and taking back a slip."""

from __future__ import annotations

import msgspec
from fastapi import APIRouter, Request
from starlette.responses import Response

from vedette import cases
from vedette.cases.routes.told import APPROVES, BODY, CASE, DECIDES, DECISION, Verdict, decision, known, row, tag, told
from vedette.cases.versions import in_force
from vedette.doors import web

router = APIRouter(tags=["Cases"])
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


@router.post(
    "/v1/cases/{case_id}/decisions",
    summary="Decide a case",
    status_code=201,
    responses=web.answers("The decision; `waiting` where a second person must agree.", DECISION, 201),
    openapi_extra={
        **web.asks(
            "Outcome apart from action, with a reason code and a note.",
            web.schema_of(Deciding),
            {"a namesake": {"outcome": "false", "reason_code": "namesake", "note": "Birth dates differ by 30 years."}},
        ),
        "parameters": [_IF_MATCH, web.IDEMPOTENCY],
    },
)
def decide(acting: DECIDES, request: Request, case_id: str, data: BODY) -> Response:
    """Decides on the version that If-Match names: 412 where the case has changed since, 409 where somebody else holds it."""
    return web.once(acting, request, data, lambda: _decided(acting, request, case_id, web.shaped(data, Deciding)))


def _decided(acting: web.Acting, request: Request, case_id: str, sent: Deciding) -> Response:
    found = known(acting, case_id)
    web.require_match(request, tag(found))
    place = acting.place
    with told(acting, found):
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
    return decision(made, 201)


@router.post(
    "/v1/cases/{case_id}/approval",
    summary="Answer as a second person",
    responses=web.answers("The decision.", DECISION),
    openapi_extra=web.asks("Whether you agree.", web.schema_of(Verdict), {"yes": {"agree": True}}),
)
def answer(acting: APPROVES, case_id: str, data: BODY) -> Response:
    """Agrees or disagrees with the decision that waits; its maker never can."""
    agree = web.shaped(data, Verdict).agree
    found = known(acting, case_id)
    verb = cases.approve if agree else cases.reject
    with told():
        return decision(verb(acting.store, acting.principal, found.case_id, clock=acting.place.clock))


@router.post("/v1/cases/{case_id}/undo", summary="Take back a slip", responses=web.answers("The case.", CASE))
def undo(acting: DECIDES, case_id: str) -> Response:
    """Takes back one's own decision within ten seconds."""
    found = known(acting, case_id)
    with told():
        return row(acting, cases.undo(acting.store, acting.principal, found.case_id, clock=acting.place.clock))
