"""HTTP: the queue, one case with its evidence, and who holds it."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from vedette import cases
from vedette.cases.routes.told import BODY, CASE, DECIDES, READS, claimed, known, row, tag, told
from vedette.doors import web

router = APIRouter(tags=["Cases"])
_OF_PAGE = ("limit", "cursor")
_CLAIM = {"given": True, "held_by": "person:bea", "until": "2026-03-01T13:00:00Z", "also_viewing": [], "case": CASE}


class Next(msgspec.Struct, forbid_unknown_fields=True):
    """Which case somebody would like next: a filter as a query string, and the case just shown."""

    filter: str = ""
    skip: str | None = None


@router.get(
    "/v1/cases",
    summary="The queue",
    responses=web.answers("A page of it.", {"cases": [CASE], "total": 1, "next": "...", "more": False}),
)
def queue(
    acting: READS,
    request: Request,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    cursor: Annotated[str | None, Query(max_length=400)] = None,
) -> Response:
    """Cases, most urgent first. Every other parameter is the filter of the queue, such as `status=open&family=network`,
    `updated_since=...` or `hold=yes`; an unknown one is refused. The order moves with the work: go on at once, or ask again.
    """
    wanted = cases.selection([pair for pair in request.query_params.multi_items() if pair[0] not in _OF_PAGE])
    question = f"cases {wanted.query()}"
    cursors = acting.place.cursors
    offset = cursors.read(question, cursor)["offset"] if cursor else 0
    assert isinstance(offset, int)
    now = acting.place.clock.now()
    found = cases.view(acting.store, wanted, now=now, limit=limit, offset=offset)
    after = offset + len(found.cases)
    return web.answer(
        {
            "cases": found.rows(now),
            "total": found.total,
            "next": cursors.write(question, {"offset": after}),
            "more": after < found.total,
        }
    )


@router.get("/v1/cases/{case_id}", summary="One case", responses=web.answers("The case with its evidence.", CASE))
def case(acting: READS, request: Request, case_id: str) -> Response:
    """Why it is open, its evidence by strength, what is not known, decisions and history; no customer's name. The ETag is
    what a decision names.
    """
    found = known(acting, case_id)
    version = tag(found)
    return web.unchanged(request, version) or web.answer(
        cases.explain(acting.store, found.case_id, clock=acting.place.clock), headers={"ETag": version}
    )


@router.post(
    "/v1/cases/claim-next",
    summary="Claim the next case",
    responses=web.answers("The claim; `case` is null where nothing waits.", _CLAIM),
    openapi_extra=web.asks("Which one.", web.schema_of(Next), {"any": {}, "stops": {"filter": "hold=yes"}}),
)
def claim_next(acting: DECIDES, data: BODY) -> Response:
    """The most urgent case that waits for this person, claimed for an hour. Two who ask at once never get the same one."""
    sent = web.shaped(data, Next)
    with told():
        wanted = cases.parse(sent.filter)
        found = cases.next_case(acting.store, acting.principal, clock=acting.place.clock, wanted=wanted, skip=sent.skip)
    return web.answer({"case": None} if found is None else claimed(acting, found))


@router.post("/v1/cases/{case_id}/claim", summary="Claim a case", responses=web.answers("The claim.", _CLAIM))
def claim(acting: DECIDES, case_id: str) -> Response:
    """Takes the case for an hour, or renews that. Where another person holds it, `given` is false and says who."""
    found = known(acting, case_id)
    with told():
        return web.answer(
            claimed(acting, cases.claim(acting.store, acting.principal, found.case_id, clock=acting.place.clock))
        )


@router.post("/v1/cases/{case_id}/release", summary="Give a case back", responses=web.answers("The case.", CASE))
def release(acting: DECIDES, case_id: str) -> Response:
    """Gives a claimed case back to the queue."""
    found = known(acting, case_id)
    with told():
        return row(acting, cases.release(acting.store, acting.principal, found.case_id, clock=acting.place.clock))
