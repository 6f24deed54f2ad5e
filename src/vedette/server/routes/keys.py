"""HTTP: the keys that open this service, for whoever administers them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from vedette.doors import web
from vedette.doors.keys import KeyRefused
from vedette.doors.store import keys as known
from vedette.doors.store import revoke_key

router = APIRouter(tags=["Keys"])
_ADMIN = Annotated[web.Acting, Depends(web.allows(web.Permission.ADMIN, web.Scope.ADMIN))]
_EXAMPLE = {"id": "k3j5abcdef", "owner": "signup-service", "scopes": ["verify"], "state": "active"}


@router.get("/v1/keys", summary="Every key", responses=web.answers("Keys, oldest first.", {"keys": [_EXAMPLE]}))
def keys(acting: _ADMIN) -> Response:
    """Every key ever made, without its secret. Keys are made at the terminal only."""
    now = acting.place.clock.now()
    return web.answer({"keys": [key.as_json(now) for key in known(acting.place.store)]})


@router.delete("/v1/keys/{key_id}", summary="Revoke a key", responses=web.answers("The key.", _EXAMPLE))
def revoke(acting: _ADMIN, key_id: str) -> Response:
    """Closes a key for good, within two seconds; also the one that asks."""
    place = acting.place
    try:
        key = revoke_key(place.store, acting.principal, key_id.replace("\0", ""), clock=place.clock)
    except KeyRefused:
        raise web.Problem(404, "unknown-key", "There is no key of this id", remedy="GET /v1/keys names them") from None
    return web.answer(key.as_json(place.clock.now()))
