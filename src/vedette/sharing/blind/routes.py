"""HTTP: messages of the members of a blind match, each opened by the member's own signature."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from vedette.doors import web
from vedette.sharing.blind import wire
from vedette.sharing.blind.answer import Ground, NotAnswered, respond

router = APIRouter(tags=["Sharing"])

_STATUS = {
    Ground.UNKNOWN_EPOCH: 404,
    Ground.CLOSED_EPOCH: 409,
    Ground.WRONG_PURPOSE: 409,
    Ground.NOT_AUTHENTIC: 401,
    Ground.REPLAYED: 409,
    Ground.STALE: 401,
    Ground.QUOTA: 429,
    Ground.MALFORMED: 422,
    Ground.NOT_RELAY: 409,
    Ground.TOO_FEW: 409,
}
_UNPROVEN = frozenset({Ground.NOT_AUTHENTIC, Ground.UNKNOWN_EPOCH})
_EXAMPLE = {
    "kind": "evaluate.answer",
    "epoch": "bep_3k5v",
    "sender": "acme",
    "request_id": "0" * 32,
    "made_at": "2026-03-01T12:00:00Z",
    "body": {"elements": ["..."], "proof": "..."},
    "signature": "...",
}


@router.post(
    "/v1/blind",
    summary="Take a message of a blind match",
    responses=web.answers("The signed answer.", _EXAMPLE),
    openapi_extra=web.asks("The message as the member signs it.", {"type": "object"}, {**_EXAMPLE, "kind": "evaluate"}),
)
async def blind(
    request: Request,
    place: Annotated[web.Workplace, Depends(web.workplace)],
    data: Annotated[bytes, Depends(web.body())],
) -> Response:
    """Evaluate blinded identifiers, hand out or take tags, pass a question on. Needs no key: every message is signed by a
    member of the epoch, is made just now, is answered once, and counts against the member's quota.
    """

    def take() -> wire.Message:
        return respond(place.store, wire.decode(data), clock=place.clock)

    try:
        answer = await run_in_threadpool(take)
    except wire.BadMessage as fault:
        raise web.Problem(422, Ground.MALFORMED.value, fault.problem, remedy=fault.remedy) from None
    except NotAnswered as fault:
        problem = web.Problem(_STATUS[fault.ground], fault.ground.value, fault.problem, remedy=fault.remedy)
        if fault.ground in _UNPROVEN:
            problem = await web.refusal(request, place, "signature", problem)
        raise problem from None
    return Response(answer.encoded(), media_type="application/json")
