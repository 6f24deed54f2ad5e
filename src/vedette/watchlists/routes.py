"""HTTP: which lists are in force, from whom, how old, and what each obliges to."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from vedette.base import Json, parse_time
from vedette.doors import web
from vedette.watchlists.source import sources
from vedette.watchlists.status import ListStatus, status

router = APIRouter(tags=["Lists"])
_CALLER = Annotated[web.Caller, Depends(web.needs(web.Scope.READ))]
#: Days without a newer version after which a list is called stale; as `vedette doctor` has it.
STALE_DAYS = 30
_EXAMPLE = {
    "lists": [
        {
            "id": "us_ofac_sdn",
            "title": "Specially Designated Nationals",
            "publisher": "US Treasury, OFAC",
            "state": "fresh",
            "version": "2026-03-01.0f3a9c2b71de",
            "entries": 17482,
            "duty": "block",
            "loaded_at": "2026-03-01T06:00:00Z",
        }
    ]
}


@router.get("/v1/lists", summary="Lists and their age", responses=web.answers("Every known list.", _EXAMPLE))
@web.near
def lists(caller: _CALLER, request: Request) -> Response:
    """Every list that is loaded or could be. One that is `missing` is not screened against: that is a gap, never a
    clean result. `stale` means that no version was loaded for thirty days.
    """
    now = caller.place.clock.now()
    known = status(caller.place.store)
    tag = web.etag(now.date().isoformat(), *(f"{item.list_id}@{item.version}" for item in known))
    same = web.unchanged(request, tag)
    if same is not None:
        return same
    return web.answer({"lists": [_shown(item, now) for item in known]}, headers={"ETag": tag})


def _shown(item: ListStatus, now: datetime) -> dict[str, Json]:
    version = item.version
    declared = next((s for s in sources() if s.id == (version.source_id if version else item.list_id)), None)
    facts: dict[str, Json] = {
        "id": item.list_id,
        "title": item.title,
        "publisher": declared.publisher if declared else "",
        "licence": declared.licence if declared else "",
        "source": declared.id if declared else "",
        "address": declared.address if declared else "",
        "obligation": item.obligation,
        "duty": str(item.duty),
        "state": "missing",
    }
    if version is None:
        return facts
    days = (now - parse_time(version.loaded_at)).days
    return {
        **facts,
        "state": "stale" if days > STALE_DAYS else "fresh",
        "version": version.version,
        "published": version.published.isoformat() if version.published else None,
        "loaded_at": version.loaded_at,
        "days_since_loaded": days,
        "entries": version.entries,
        "names": version.names,
        "dprk_entries": version.dprk,
        "versions_kept": item.kept,
        "content_hash": version.content_hash,
        "forced": version.forced,
    }
