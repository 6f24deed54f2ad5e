"""HTTP: messages on their way to other systems, for administrators."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from vedette.doors import web
from vedette.server.model import DeliveryState, OutboxError
from vedette.server.outbox.pump import replay
from vedette.server.store import find_deliveries

router = APIRouter(tags=["Messages"])
_ADMIN = Annotated[web.Acting, Depends(web.allows(web.Permission.ADMIN, web.Scope.ADMIN))]
_ONE = {"id": "dlv_3k5v", "target": "siem", "kind": "case.created", "state": "dead", "attempts": 14}


class Again(msgspec.Struct, forbid_unknown_fields=True):
    """Which deliveries to send again; all dead ones where none is named."""

    ids: list[str] = []


@router.get(
    "/v1/deliveries", summary="Messages by state", responses=web.answers("Newest first.", {"deliveries": [_ONE]})
)
def deliveries(
    acting: _ADMIN,
    state: Annotated[DeliveryState | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
) -> Response:
    """How far messages have come, with the reason where one was not taken."""
    with acting.store.database.reading() as connection:
        found = find_deliveries(connection, state=state, limit=limit)
    return web.answer({"deliveries": [one.as_json() for one in found]})


@router.post(
    "/v1/deliveries/replay",
    summary="Send messages again",
    responses=web.answers("How many.", {"again": 1}),
    openapi_extra=web.asks("Which.", web.schema_of(Again), {"all dead ones": {}}),
)
def again(acting: _ADMIN, data: Annotated[bytes, Depends(web.body())]) -> Response:
    """Puts deliveries back in the queue, with the same message ids."""
    sent = web.shaped(data, Again)
    try:
        return web.answer({"again": replay(acting.store, acting.principal, sent.ids, clock=acting.place.clock)})
    except OutboxError:
        raise web.Problem(404, "unknown-delivery", "There is no delivery of this id") from None
