"""The page of one's own account: sessions, and another password."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from vedette.doors import web
from vedette.doors.access.own import change_password, end_others, own_sessions
from vedette.doors.pages.catalogue import word
from vedette.doors.people import PersonRefused, SignInRefused, passwords
from vedette.doors.web.person import give_cookie
from vedette.server.signin import page

router = APIRouter(include_in_schema=False)
_PERSON = Annotated[web.Person, Depends(web.needs_person(web.Permission.READ))]
_FORM = Annotated[web.Form, Depends(web.form)]


@router.get("/account")
def account(request: Request, person: _PERSON, done: bool = False) -> Response:
    """Who I am here, and from where I am signed in."""
    return _page(request, person, done=word("It is changed; every other session has ended.") if done else "")


@router.post("/account/sessions")
def end(request: Request, person: _PERSON) -> Response:
    """End all my other sessions."""
    count = end_others(person.place.store, person.session, clock=person.place.clock)
    return _page(request, person, done=word("{n} other sessions have ended."), count=count)


@router.post("/account/password")
def password(request: Request, person: _PERSON, sent: _FORM) -> Response:
    """Another password for whoever proves the current one again."""
    place = person.place
    try:
        entered = change_password(
            place.store,
            person.session,
            sent.get("current", ""),
            sent.get("code", ""),
            sent.get("new", ""),
            clock=place.clock,
        )
    except (PersonRefused, SignInRefused) as fault:
        return _page(request, person, fault=(fault.problem, fault.remedy), status=422)
    response = RedirectResponse("/account?done=true", 303)
    give_cookie(response, place, entered.secret)
    return response


def _page(
    request: Request,
    person: web.Person,
    *,
    done: str = "",
    count: int = 0,
    fault: tuple[str, ...] = (),
    status: int = 200,
) -> Response:
    return page(
        request,
        "account.html",
        word("Your account"),
        status,
        fault,
        done=done,
        count=count,
        name=person.name,
        roles=[role.value for role in person.roles],
        sessions=own_sessions(person.place.store, person.session),
        own=person.session.id,
        csrf=person.csrf,
        password=person.session.person.outside is None,
        shortest=passwords.SHORTEST,
        longest=passwords.LONGEST,
    )
