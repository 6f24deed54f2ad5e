"""HTTP: what was found, page by page in the order of change."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from vedette.base import canonical_json
from vedette.doors import web
from vedette.findings.select import Wanted, page
from vedette.findings.store import get

router = APIRouter(tags=["Findings"])
_CALLER = Annotated[web.Caller, Depends(web.needs(web.Scope.READ))]
_TEXT = Query(max_length=200, pattern=r"^[^\x00]*$")
_EXAMPLE = {"findings": [{"id": "fnd_3k5v", "check": "network/console_from_dprk", "state": "standing"}], "next": "..."}


@router.get(
    "/v1/findings", summary="Findings in order of change", responses=web.answers("One page of findings.", _EXAMPLE)
)
def findings(
    caller: _CALLER,
    since: Annotated[str | None, Query(max_length=40, description="Recorded at or after this time.")] = None,
    updated_since: Annotated[str | None, Query(max_length=40, description="The same as `since`.")] = None,
    check: Annotated[str | None, _TEXT] = None,
    account: Annotated[str | None, _TEXT] = None,
    withdrawn: Annotated[bool, Query(description="Also those that no longer stand.")] = False,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    cursor: Annotated[str | None, Query(max_length=400)] = None,
) -> Response:
    """Findings, the longest unchanged first. Go on with `next` until `more` is false; a page may hold fewer than asked
    for, or none, while `more` is true. Kept for later, `next` gives what has changed since. No finding is not the same
    as clean.
    """
    begin = web.moment(since or updated_since, "since")
    wanted = Wanted(since=since or updated_since, check=check, account=account, withdrawn=withdrawn)
    question = canonical_json([begin and begin.isoformat(), check, account, withdrawn]).decode()
    cursors = caller.place.cursors
    after = cursors.read(question, cursor)["seq"] if cursor else 0
    assert isinstance(after, int)
    found = page(caller.place.store, wanted, after, limit)
    return web.answer(
        {
            "findings": [item.as_json() for item in found.items],
            "next": cursors.write(question, {"seq": found.after}),
            "more": found.more,
        }
    )


@router.get("/v1/findings/{finding_id}", summary="One finding", responses=web.answers("The finding.", {"id": "fnd_"}))
@web.near
def finding(caller: _CALLER, finding_id: str) -> Response:
    """A finding by its id, standing or withdrawn."""
    found = get(caller.place.store, finding_id) if "\0" not in finding_id else None
    if found is None:
        raise web.Problem(
            404, "unknown-finding", "There is no finding of this id", remedy="GET /v1/findings names them"
        )
    tag = web.etag(found.finding.id, str(found.seq))
    return web.answer(found.as_json(), headers={"ETag": tag})
