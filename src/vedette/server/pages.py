"""Pages: people and keys, for administrators: who may come in, with which roles, and which programs hold a key."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from vedette.doors import pages, web
from vedette.doors.access import disable, enable, invite, reset
from vedette.doors.access.watch import end_sessions, open_sessions
from vedette.doors.keys import read_lifetime, read_owner, read_scopes
from vedette.doors.pages import word
from vedette.doors.people import Role, role_table, roles_of_words
from vedette.doors.store.keys import keys, make_key, revoke_key
from vedette.doors.store.people import people
from vedette.store import Store

router = APIRouter(include_in_schema=False, route_class=pages.Route)
LINKS = (pages.Link("/admin", word("People and keys"), web.Permission.ADMIN, "p", 90),)
_ADMIN = Annotated[web.Person, Depends(web.needs_person(web.Permission.ADMIN))]
_FORM = Annotated[web.Form, Depends(web.form)]
_DAYS = (30, 90, 180, 366)
_ACTS = {"disable": disable, "enable": enable}


@router.get("/admin")
def admin(request: Request, person: _ADMIN) -> Response:
    """Everybody with their roles, and every key."""
    return _page(request, person)


@router.post("/admin/people")
def let_in(request: Request, person: _ADMIN, sent: _FORM) -> Response:
    """Invite somebody: shows the one-time link once."""
    place, name = person.place, sent.get("name", "")
    token = invite(place.store, person.principal, name, roles_of_words(sent.getlist("role")), clock=place.clock)
    return _page(request, person, invited=name, door=f"{_here(request)}/welcome/{token}")


@router.post("/admin/people/{name}")
def change(request: Request, person: _ADMIN, name: str, sent: _FORM) -> Response:
    """Keep somebody out, let them in again, or give a fresh link after a lost password."""
    place, act = person.place, sent.get("act", "")
    if act == "reset":
        token = reset(place.store, person.principal, name, clock=place.clock)
        return _page(request, person, invited=name, door=f"{_here(request)}/welcome/{token}")
    if act not in _ACTS:
        raise web.Problem(
            422, "no-act", word("This cannot be done to a person"), remedy=word("Use the buttons of the page")
        )
    _ACTS[act](place.store, person.principal, name, clock=place.clock)
    return RedirectResponse("/admin", 303)


@router.post("/admin/people/{name}/sessions")
def end_theirs(person: _ADMIN, name: str) -> Response:
    """End every session of a person; they may sign in again."""
    end_sessions(person.place.store, person.principal, name, clock=person.place.clock)
    return RedirectResponse("/admin#sessions", 303)


@router.post("/admin/keys")
def new_key(request: Request, person: _ADMIN, sent: _FORM) -> Response:
    """Make a key for a program, and show its secret once; only a hash of it is kept."""
    place = person.place
    key, secret = make_key(
        place.store,
        person.principal,
        owner=read_owner(sent.get("owner", "")),
        scopes=read_scopes(sent.getlist("scope")),
        lifetime=read_lifetime(f"{sent.get('days', '')}d"),
        clock=place.clock,
    )
    return _page(request, person, made=key.id, secret=secret.written)


@router.post("/admin/keys/{key_id}/revoke")
def revoke(person: _ADMIN, key_id: str) -> Response:
    """Close a key for good."""
    revoke_key(person.place.store, person.principal, key_id, clock=person.place.clock)
    return RedirectResponse("/admin", 303)


def _page(
    request: Request, person: web.Person, *, invited: str = "", door: str = "", made: str = "", secret: str = ""
) -> Response:
    now, store = person.place.clock.now(), person.place.store
    roles: list[dict[str, Any]] = [{"id": role.value, "why": role_table().role_texts[role]} for role in Role]
    return pages.show(
        request,
        person,
        "server/admin.html",
        "People and keys",
        people=[one.as_json() for one in people(store)],
        keys=[key.as_json(now) for key in keys(store)],
        roles=roles,
        invited=invited,
        door=door,
        made=made,
        secret=secret,
        scopes=[scope.value for scope in web.Scope],
        days=_DAYS,
        sessions=_sessions(store, person),
    )


def _sessions(store: Store, person: web.Person) -> list[dict[str, Any]]:
    """Who is signed in, from where: one row a person and kind."""
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for item in open_sessions(store, clock=person.place.clock):
        row = rows.setdefault((item.name, item.kind), {"name": item.name, "kind": item.kind, "count": 0, "seen_at": ""})
        row["count"] += 1
        row["seen_at"] = max(row["seen_at"], item.seen_at)
    return list(rows.values())


def _here(request: Request) -> str:
    """This service as the reader's browser reaches it."""
    return str(request.base_url).rstrip("/")
