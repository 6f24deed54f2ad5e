"""HTTP: one decision for every case of a filter, and what waits for a second person."""

from __future__ import annotations

import msgspec
from fastapi import APIRouter, Request
from starlette.responses import Response

from vedette import approvals, cases
from vedette.cases.routes.told import APPROVES, BODY, DECIDES, READS, Verdict, plain, told
from vedette.cases.versions import of_house
from vedette.doors import web

router = APIRouter(tags=["Cases"])


class Many(msgspec.Struct, forbid_unknown_fields=True):
    """One decision for every case of a filter; without ``fingerprint`` it is only counted."""

    filter: str
    outcome: cases.Outcome
    reason_code: str
    note: str
    action: cases.Action = cases.Action.NONE
    fingerprint: str | None = None


@router.post(
    "/v1/cases/bulk",
    summary="Decide every case of a filter",
    responses=web.answers("What was counted, or what was done.", {"cases": 3, "fingerprint": "0f3a9c2b71de0f3a"}),
    openapi_extra=web.asks(
        "Without `fingerprint` it is only counted; with the one that was counted it is done.",
        web.schema_of(Many),
        {
            "count": {
                "filter": "family=network",
                "outcome": "false",
                "reason_code": "expected_behaviour",
                "note": "One outage.",
            }
        },
    ),
)
def bulk(acting: DECIDES, request: Request, data: BODY) -> Response:
    """Counts, then decides exactly the cases that were counted: 412 where the set has changed since. Over the policy's
    number a second person must agree.
    """
    return web.once(acting, request, data, lambda: _many(acting, web.shaped(data, Many)))


def _many(acting: web.Acting, sent: Many) -> Response:
    now = acting.place.clock.now()
    with told():
        wanted = cases.Wanted(
            selection=cases.parse(sent.filter),
            outcome=sent.outcome,
            action=sent.action,
            reason_code=sent.reason_code,
            note=sent.note,
        )
        if sent.fingerprint is None:
            return web.answer(cases.plan(acting.store, acting.principal, wanted, now=now).as_json())
        done = cases.bulk(
            acting.store,
            acting.principal,
            wanted,
            fingerprint=sent.fingerprint,
            clock=acting.place.clock,
            versions=of_house(acting.store, home=acting.place.home, on=now.date()),
        )
    return web.answer(done.as_json())


@router.post(
    "/v1/bulks/{bulk_id}/approval",
    summary="Answer to a bulk act as a second person",
    responses=web.answers("What was done.", {"bulk_id": "bulk_3k5v", "state": "done"}),
    openapi_extra=web.asks("Whether you agree.", web.schema_of(Verdict), {"yes": {"agree": True}}),
)
def answer_bulk(acting: APPROVES, bulk_id: str, data: BODY) -> Response:
    """Agrees or disagrees; agreed, the act is carried out in its maker's name."""
    agree = web.shaped(data, Verdict).agree
    with told():
        done = cases.answer_bulk(acting.store, acting.principal, plain(bulk_id), agree=agree, clock=acting.place.clock)
    return web.answer(done.as_json())


@router.get(
    "/v1/approvals",
    summary="What waits for a second person",
    responses=web.answers("Requests, oldest first.", {"approvals": []}),
)
def waiting(acting: READS) -> Response:
    """Every request that still waits for somebody other than its maker."""
    return web.answer({"approvals": [item.as_json() for item in approvals.waiting(acting.store)]})
