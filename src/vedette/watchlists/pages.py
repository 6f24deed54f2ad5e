"""Pages: every list with its version, age and duty; a known list that was never loaded is shown as a gap."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from vedette import watchlists
from vedette.base import parse_time
from vedette.doors import pages, web
from vedette.doors.pages import word
from vedette.watchlists.routes import STALE_DAYS
from vedette.watchlists.status import ListStatus

router = APIRouter(include_in_schema=False, route_class=pages.Route)
LINKS = (pages.Link("/lists", word("Lists"), web.Permission.READ, "l", 40),)
_READER = Annotated[web.Person, Depends(web.needs_person(web.Permission.READ))]


@router.get("/lists")
def lists(request: Request, person: _READER) -> Response:
    """Every list, those in force first."""
    now = person.place.clock.now()
    rows = [_row(item, now) for item in watchlists.status(person.place.store)]
    rows.sort(key=lambda row: (row["state"] == "missing", row["list_id"]))
    counts = {state: sum(row["state"] == state for row in rows) for state in ("fresh", "stale", "missing")}
    return pages.show(request, person, "watchlists/lists.html", "Lists", rows=rows, counts=counts, days=STALE_DAYS)


def _row(item: ListStatus, now: datetime) -> dict[str, Any]:
    version = item.version
    state = "missing"
    if version is not None:
        state = "stale" if (now - parse_time(version.loaded_at)).days > STALE_DAYS else "fresh"
    return {
        "list_id": item.list_id,
        "title": item.title,
        "state": state,
        "duty": str(item.duty),
        "obligation": item.obligation,
        "version": version,
        "kept": item.kept,
        "forced": version.forced if version is not None else "",
    }
