"""A change that is made once, however often its request arrives: by the request's idempotency key, for a day."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from fastapi import Request
from starlette.responses import Response

from vedette.audit import writing
from vedette.base import iso
from vedette.doors.store.once import Kept, drop, drop_older, find, keep
from vedette.doors.web.acting import Acting
from vedette.doors.web.conditions import idempotency_key
from vedette.doors.web.problem import Problem

_LASTS = timedelta(hours=24)
#: What the API document says of the header, for ``openapi_extra``.
IDEMPOTENCY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "maxLength": 200},
    "description": "The same key with the same request does nothing again and gives the same answer, for a day.",
}


def once(acting: Acting, request: Request, data: bytes, make: Callable[[], Response]) -> Response:
    """The answer of ``make``, or the one it gave to the same request before; without a key it is simply made.

    Raises Problem where the key was used for another request (422), or that one is still at work (409). A refused request
    leaves no trace: it may be corrected and sent again.
    """
    key = idempotency_key(request)
    if key is None:
        return make()
    held, fresh = _begun(acting, key, _asked(request, data))
    if not fresh:
        return Response(held.answer, held.status, {"Idempotency-Replayed": "true"}, media_type="application/json")
    try:
        made = make()
    except BaseException:  # whatever kept it from being done, it was not done: the key is free again
        with writing(acting.store, acting.principal, "doors.once", clock=acting.place.clock) as act:
            drop(act, held)
        raise
    with writing(acting.store, acting.principal, "doors.once", clock=acting.place.clock) as act:
        keep(act, replace(held, status=made.status_code, answer=bytes(made.body)))
    return made


def _begun(acting: Acting, key: str, asked: str) -> tuple[Kept, bool]:
    """What is held under the key, and whether it began just now."""
    principal = str(acting.principal)
    with writing(acting.store, acting.principal, "doors.once", clock=acting.place.clock) as act:
        drop_older(act, principal, iso(acting.place.clock.now() - _LASTS))
        found = find(act.connection, principal, key)
        if found is None:
            found = Kept(principal=principal, key=key, asked=asked, status=0, answer=b"", made_at=act.moment)
            keep(act, found)
            return found, True
    if found.asked != asked:
        raise Problem(422, "key-reused", "This Idempotency-Key was used for another request", remedy="Use a fresh one")
    if found.status == 0:
        raise Problem(409, "at-work", "This request is still at work", remedy="Wait, and send it again")
    return found, False


def _asked(request: Request, data: bytes) -> str:
    conditions = request.headers.get("if-match", "")
    return hashlib.sha256(f"{request.method} {request.url.path} {conditions}\n".encode() + data).hexdigest()
