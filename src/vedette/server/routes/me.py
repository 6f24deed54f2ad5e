"""HTTP: who is signed in."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from vedette.doors import web
from vedette.doors.people import permissions_of

router = APIRouter(tags=["People"])
_PERSON = Annotated[web.Acting, Depends(web.allows(web.Permission.READ))]
_ME = {"name": "bea", "roles": ["analyst"], "permissions": ["decide", "read", "reveal"], "csrf": "..."}


@router.get("/v1/me", summary="Who is signed in", responses=web.answers("The person of this session.", _ME))
def me(acting: _PERSON) -> Response:
    """Name, roles, what they open, and the token that every change carries in `X-CSRF-Token`."""
    person = acting.person
    assert person is not None  # no scope opens this route
    return web.answer(
        {
            "name": person.name,
            "roles": [role.value for role in person.roles],
            "permissions": sorted(permissions_of(person.roles)),
            "csrf": person.csrf,
        }
    )
