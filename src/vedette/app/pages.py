"""Pages: the first page, which says what waits and whether lists and log are in order, and the page of the audit log."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from vedette import approvals, audit, cases, watchlists
from vedette.audit.checkpoint import opened, public_bytes
from vedette.audit.store import head_note, leaves, signing_key
from vedette.base import VedetteError, parse_time
from vedette.cases import pane
from vedette.doors import pages, web
from vedette.doors.pages import word
from vedette.store import Store
from vedette.watchlists.routes import STALE_DAYS

router = APIRouter(include_in_schema=False, route_class=pages.Route)
LINKS = (
    pages.Link("/", word("Home"), web.Permission.READ, "h", 10),
    pages.Link("/audit", word("Audit log"), web.Permission.AUDIT, "u", 80),
)
_READER = Annotated[web.Person, Depends(web.needs_person(web.Permission.READ))]
_AUDITOR = Annotated[web.Person, Depends(web.needs_person(web.Permission.AUDIT))]
_NEWEST = 60


@router.get("/")
def home(request: Request, person: _READER) -> Response:
    """What waits for me and for anybody, how old the lists are, and whether the log is signed."""
    store, now = person.place.store, person.place.clock.now()
    waiting = cases.view(
        store, cases.parse("&".join(f"status={item.value}" for item in pane.WAITING)), now=now, limit=8
    )
    held = cases.view(store, cases.parse("status=open&status=claimed&status=snoozed&hold=yes"), now=now, limit=1)
    values: dict[str, Any] = {
        "waiting": waiting.total,
        "held": held.total,
        "second": len(approvals.waiting(store)),
        "top": pane.lines(waiting, now),
        "mine": pane.mine(store, person.principal, now),
        "ages": pane.ages(store, now),
        "lists": _lists(store, now),
        "log": _log(store),
        "may_decide": person.may(web.Permission.DECIDE),
    }
    return pages.show(request, person, "app/home.html", "Home", **values)


def _lists(store: Store, now: datetime) -> dict[str, Any]:
    """How many lists are in force, the oldest of them, and those that are stale or were never loaded."""
    known = watchlists.status(store)
    loaded = [item for item in known if item.version is not None]
    stale = [item.list_id for item in loaded if item.version and _days(item.version.loaded_at, now) > STALE_DAYS]
    oldest = min((item.version.loaded_at for item in loaded if item.version), default=None)
    return {
        "loaded": len(loaded),
        "stale": stale,
        "missing": len(known) - len(loaded),
        "oldest": oldest,
        "days": STALE_DAYS,
    }


def _days(moment: str, now: datetime) -> int:
    return (now - parse_time(moment)).days


def _log(store: Store) -> dict[str, Any]:
    """The newest checkpoint, and whether its signature holds. Reads one row; the whole log is checked on its own page."""
    with store.database.reading() as connection:
        note = head_note(connection)
    if note is None:
        return {"signed": False, "size": 0, "root": "", "note": ""}
    try:
        checkpoint = opened(note, public_bytes(signing_key(store)))
    except audit.CheckpointError:
        return {"signed": False, "size": 0, "root": "", "note": note}
    return {"signed": True, "size": checkpoint.size, "root": checkpoint.root.hex(), "note": note}


@router.get("/audit")
def log(request: Request, person: _AUDITOR) -> Response:
    """The newest leaves and the signed checkpoint."""
    return pages.show(request, person, "app/audit.html", "Audit log", **_audit(person.place.store), verified=None)


@router.post("/audit/verify")
def verify(request: Request, person: _AUDITOR) -> Response:
    """Recompute the whole log: leaves, tree, signature, every audited row and the lake's files."""
    found = audit.verify(person.place.store).as_json()
    return pages.show(request, person, "app/audit.html", "Audit log", **_audit(person.place.store), verified=found)


def _audit(store: Store) -> dict[str, Any]:
    told = _log(store)
    with store.database.reading() as connection:
        found = list(leaves(connection, max(0, told["size"] - _NEWEST)))
    return {"log": told, "leaves": [_leaf(index, body) for index, body, _ in reversed(found)]}


def _leaf(index: int, body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body)
    except ValueError:
        raise VedetteError(f"leaf {index} of the log cannot be read", remedy="Run `vedette audit verify`") from None
    who = told.get("principal", {})
    return {
        "index": index,
        "at": told.get("time", ""),
        "who": f"{who.get('kind', '')}:{who.get('id', '')}",
        "act": told.get("act", ""),
        "facts": {
            **told.get("facts", {}),
            **{f"rows of {name}": count for name, count in told.get("rows", {}).items()},
        },
    }
