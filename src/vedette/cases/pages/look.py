"""Pages: how the queue is laid out for one reader: close or wide rows, and which facts a row shows; kept in the browser."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from vedette.cases.select import parse
from vedette.doors import pages, web

router = APIRouter(include_in_schema=False, route_class=pages.Route)
_READER = Annotated[web.Person, Depends(web.needs_person(web.Permission.READ))]
_FORM = Annotated[web.Form, Depends(web.form)]
#: The facts of a row that a reader may leave out; priority and summary always stand.
FACTS = ("age", "hold", "state", "accounts", "families")
_COOKIE, _YEAR = "vedette_queue", 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Look:
    """How rows are shown."""

    compact: bool
    shown: tuple[str, ...]


def look_of(request: Request) -> Look:
    """What the browser kept; everything, in wide rows, where it kept nothing that can be read."""
    words = request.cookies.get(_COOKIE, "").split(".")
    if words[0] not in ("compact", "wide"):
        return Look(False, FACTS)
    return Look(words[0] == "compact", tuple(name for name in FACTS if name in words[1:]))


@router.post("/queue/look")
def choose(request: Request, person: _READER, sent: _FORM) -> Response:
    """Keep a choice of density and facts in the browser, and go back to the view."""
    shown = [name for name in FACTS if name in sent.getlist("fact")]
    density = "compact" if sent.get("density") == "compact" else "wide"
    response = RedirectResponse(f"/queue?{parse(sent.get('query', '')).query()}", 303)
    response.set_cookie(
        _COOKIE,
        ".".join([density, *shown]),
        max_age=_YEAR,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    return response
