"""The routes of the frame itself: static files, and a reader's choice of language and theme."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from vedette.doors.pages.assets import assets
from vedette.doors.pages.catalogue import LANGUAGES
from vedette.doors.pages.render import LANGUAGE_COOKIE, THEME_COOKIE, THEMES
from vedette.doors.pages.route import Route
from vedette.doors.people import Permission
from vedette.doors.web.form import Form, form
from vedette.doors.web.person import Person, needs_person
from vedette.doors.web.problem import Problem

router = APIRouter(include_in_schema=False, route_class=Route)
_READER = Annotated[Person, Depends(needs_person(Permission.READ))]
_YEAR = 365 * 24 * 3600


@router.get("/static/{name:path}")
async def static(request: Request, name: str) -> Response:
    """A file of the console: nothing but what was packed. Kept for good where the address names its content."""
    held = assets().get(name)
    if held is None:
        raise Problem(404, "not-found", "There is no such file")
    keep = f"public, max-age={_YEAR}, immutable" if request.query_params.get("v") == held.mark else "no-cache"
    return Response(held.body, media_type=held.kind, headers={"Cache-Control": keep, "ETag": f'"{held.mark}"'})


@router.post("/preferences")
async def prefer(request: Request, person: _READER, sent: Annotated[Form, Depends(form)]) -> Response:
    """Keep a choice of language or theme in the browser, and go back to the page."""
    response = RedirectResponse(_back(request), 303)
    for name, cookie, known in (("language", LANGUAGE_COOKIE, LANGUAGES), ("theme", THEME_COOKIE, THEMES)):
        if sent.get(name) in known:
            secure = request.url.scheme == "https"
            response.set_cookie(cookie, sent[name], max_age=_YEAR, httponly=True, samesite="lax", secure=secure)
    return response


def _back(request: Request) -> str:
    """The page that the choice was made on; only its path and query, so that nobody is led elsewhere."""
    sent = urlsplit(request.query_params.get("back", "/"))
    inside = (
        sent.path.startswith("/") and not sent.path.startswith(("//", "/\\")) and not sent.scheme and not sent.netloc
    )
    return sent.path + (f"?{sent.query}" if sent.query else "") if inside else "/"
