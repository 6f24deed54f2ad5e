"""HTTP: the compute ledger, operations by account, beneficial owner and linked actor with their uncertainty."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from vedette import workloads
from vedette.audit.store import head_note
from vedette.base import Json, iso
from vedette.doors import web
from vedette.workloads.model import Line, Scope

router = APIRouter(tags=["Compute"])
_READS = Annotated[web.Acting, Depends(web.allows(web.Permission.READ, web.Scope.READ))]
_MOST_KEPT = 4
_LINE = {"scope": "owner", "id": "own_3k5v", "flop_p5": 1.1e21, "flop_p50": 1.6e21, "flop_p95": 2.4e21, "coverage": 0.9}


@dataclass
class Ledgers:
    """The ledgers asked for last. One is made at a time, and again once anything was written to the audit log."""

    _kept: OrderedDict[tuple[str, ...], list[Line]] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def lines(self, place: web.Workplace, scope: Scope, since: datetime | None, until: datetime | None) -> list[Line]:
        """The lines of one scope in a stretch of time, by id."""
        with place.store.database.reading() as connection:
            asked = (head_note(connection) or "", scope.value, str(since), str(until))
        with self._lock:
            if asked not in self._kept:
                book = workloads.book(place.store, place.clock, since=since, until=until)
                found = workloads.lines(place.store, book, [scope])
                self._kept[asked] = sorted(found, key=lambda line: line.id)
                while len(self._kept) > _MOST_KEPT:
                    self._kept.popitem(last=False)
            return self._kept[asked]


@router.get(
    "/v1/compute-ledger",
    summary="Operations with their uncertainty",
    responses=web.answers("A page of lines, in order of id.", {"lines": [_LINE], "next": "...", "more": False}),
)
def ledger(
    acting: _READS,
    scope: Scope = Scope.OWNER,
    since: Annotated[str | None, Query(max_length=40, description="From this time, ISO 8601 with a zone.")] = None,
    until: Annotated[str | None, Query(max_length=40, description="Up to this time, itself excluded.")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    cursor: Annotated[str | None, Query(max_length=400)] = None,
) -> Response:
    """Lines as of `vedette workload ledger`: an upper bound on what somebody could have trained here, which says nothing of
    other providers. Without telemetry `coverage` is 0 and the range wide, never 0 operations.
    """
    begin, end = web.moment(since, "since"), web.moment(until, "until")
    question = f"ledger {scope.value} {begin and iso(begin)} {end and iso(end)}"
    cursors = acting.place.cursors
    after = cursors.read(question, cursor)["after"] if cursor else ""
    assert isinstance(after, str)
    found = acting.place.keep(Ledgers, Ledgers).lines(acting.place, scope, begin, end)
    rest = [line for line in found if line.id > after]
    page = rest[:limit]
    told: list[dict[str, Json]] = [line.as_json() for line in page]
    last = page[-1].id if page else after
    return web.answer({"lines": told, "next": cursors.write(question, {"after": last}), "more": len(rest) > len(page)})
