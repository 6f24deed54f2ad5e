"""Who is here: the person behind a browser's cookie, whether their roles suffice, and that no other site sent the request."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from vedette.base import Principal
from vedette.doors.access import Session, resume, touch
from vedette.doors.access.sessions import due
from vedette.doors.people import Permission, Role, permissions_of
from vedette.doors.web.caller import refusal
from vedette.doors.web.form import CSRF_FIELD, CSRF_HEADER, Form, form, refuse_other_sites
from vedette.doors.web.place import Workplace, workplace
from vedette.doors.web.problem import Problem

SIGN_IN = "/sign-in"
_SAFE = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True, slots=True)
class Person:
    """A person who signed in. ``csrf`` goes into the field ``csrf`` of every form, or the header ``X-CSRF-Token``."""

    session: Session
    place: Workplace

    @property
    def principal(self) -> Principal:
        """Who acts in the audit log."""
        return self.session.person.principal

    @property
    def name(self) -> str:
        """The sign-in name."""
        return self.session.person.name

    @property
    def roles(self) -> tuple[Role, ...]:
        """The person's roles."""
        return self.session.person.roles

    @property
    def csrf(self) -> str:
        """The token that forms carry."""
        return self.session.csrf

    def may(self, permission: Permission) -> bool:
        """Whether the roles open this: for links and buttons. The route itself must need the permission all the same."""
        return permission in permissions_of(self.roles)


def needs_person(permission: Permission) -> Callable[..., Awaitable[Person]]:
    """The dependency that lets in only people whose roles hold a permission.

    A page without a session leads to the sign-in page and back; an unsafe method without the session's token is refused.
    """

    async def person(
        request: Request, place: Annotated[Workplace, Depends(workplace)], sent: Annotated[Form, Depends(form)]
    ) -> Person:
        found = await signed_in(request, place)
        if found is None:
            raise await _nobody(request, place)
        await require_own(request, found, sent)
        await require(found, permission)
        return found

    person.__name__ = f"needs_person_{permission.value.replace('.', '_')}"
    person.permission = permission  # type: ignore[attr-defined]  # read when the matrix of roles and routes is checked
    return person


def cookie_name(place: Workplace) -> str:
    """The cookie's name: bound to this host and to encryption wherever browsers reach us encrypted."""
    return "__Host-vedette" if place.entrance.secure else "vedette"


def give_cookie(response: Response, place: Workplace, secret: str) -> None:
    """Let the browser keep a session's secret until it closes; no script can read it."""
    response.set_cookie(
        cookie_name(place), secret, path="/", httponly=True, secure=place.entrance.secure, samesite="lax"
    )


def take_cookie(response: Response, place: Workplace) -> None:
    """Let the browser forget it."""
    response.delete_cookie(cookie_name(place), path="/", httponly=True, secure=place.entrance.secure, samesite="lax")


async def signed_in(request: Request, place: Workplace) -> Person | None:
    """The person behind this request's cookie; None where there is none or the session has ended."""
    secret = request.cookies.get(cookie_name(place))
    if not secret:
        return None
    session = await run_in_threadpool(resume, place.store, secret, place.clock)
    if session is None:
        return None
    if due(session, place.clock):
        await run_in_threadpool(touch, place.store, session, place.clock)
    request.scope["vedette.person"] = session.person.name
    return Person(session, place)


async def require_own(request: Request, found: Person, sent: Form) -> None:
    """Refuse an unsafe request that does not carry the session's token."""
    if request.method in _SAFE:
        return
    refuse_other_sites(request)
    token = request.headers.get(CSRF_HEADER) or sent.get(CSRF_FIELD, "")
    if not found.session.proves(token):
        await note_refusal(found.place, "csrf")
        detail, remedy = "This request does not carry the session's token", "Load the page again and repeat"
        raise Problem(403, "no-token", detail, remedy=remedy)


async def require(found: Person, permission: Permission) -> None:
    """Refuse a person whose roles lack a permission, and count it for the audit log."""
    if found.may(permission):
        return
    await note_refusal(found.place, f"permission {permission.value}")
    detail, remedy = f"Your roles lack the permission `{permission.value}`", "Ask an administrator for the role"
    raise Problem(403, "missing-permission", detail, remedy=remedy, extra={"permission": permission.value})


async def note_refusal(place: Workplace, reason: str) -> None:
    """Count a refusal by reason, written to the audit log every five minutes at most."""
    if place.refusals.count(reason):
        await run_in_threadpool(place.refusals.write)


async def _nobody(request: Request, place: Workplace) -> Problem:
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    back = f"{SIGN_IN}?next={quote(here)}" if request.method == "GET" else SIGN_IN
    detail, remedy = "Nobody is signed in", "Sign in first"
    if request.headers.get("hx-request"):
        return Problem(401, "not-signed-in", detail, remedy=remedy, headers={"HX-Redirect": SIGN_IN})
    if "text/html" in request.headers.get("accept", ""):
        return Problem(303, "not-signed-in", detail, remedy=remedy, headers={"Location": back})
    return await refusal(request, place, "not signed in", Problem(401, "not-signed-in", detail, remedy=remedy))
