"""HTTP: which accounts are one hand, and the links between them. A link is evidence for people and sanctions nobody."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from vedette import linking
from vedette.doors import web

router = APIRouter(tags=["Actors"])
_READS = Annotated[web.Acting, Depends(web.allows(web.Permission.READ, web.Scope.READ))]
_ACTOR = {"actor_id": "act_3k5v", "accounts": ["a-1", "a-2"], "review": []}


@router.get(
    "/v1/actors",
    summary="Accounts that are one hand",
    responses=web.answers("A page of actors, in order of id.", {"actors": [_ACTOR], "next": "...", "more": False}),
)
def actors(
    acting: _READS,
    account: Annotated[str | None, Query(max_length=200, pattern=r"^[^\x00]*$")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    cursor: Annotated[str | None, Query(max_length=400)] = None,
) -> Response:
    """Actors of two and more accounts as of the last run; the one of an account where it is named. No actor is no proof that
    an account is its own.
    """
    question = f"actors {account or ''}"
    after = acting.place.cursors.read(question, cursor)["after"] if cursor else ""
    assert isinstance(after, str)
    wanted = linking.actor_of(acting.store, account) if account else None
    known = [item for item in linking.actors(acting.store) if not account or item.actor_id == wanted]
    rest = [item for item in known if item.actor_id > after]
    page = rest[:limit]
    last = page[-1].actor_id if page else after
    return web.answer(
        {
            "actors": [_told(item) for item in page],
            "next": acting.place.cursors.write(question, {"after": last}),
            "more": len(rest) > len(page),
        }
    )


@router.get("/v1/actors/{actor_id}", summary="One actor", responses=web.answers("The actor and its past.", _ACTOR))
def actor(acting: _READS, actor_id: str) -> Response:
    """An actor with the links inside it and what happened to it."""
    found = next((item for item in linking.actors(acting.store) if item.actor_id == actor_id), None)
    if found is None:
        raise web.Problem(404, "unknown-actor", "There is no actor of this id", remedy="GET /v1/actors names them")
    inside = set(found.accounts)
    links = [item for item in linking.links(acting.store) if {item.left, item.right} <= inside]
    past = [asdict(item) for item in linking.events(acting.store, actor_id)]
    return web.answer({**_told(found), "links": [asdict(item) for item in links], "events": past})


@router.get(
    "/v1/links",
    summary="Links of an account",
    responses=web.answers("Its links, those below the threshold too.", {"links": []}),
)
def links(
    acting: _READS, account: Annotated[str, Query(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]
) -> Response:
    """Every stored link of an account: kinds of shared things with their bits, never a shared value itself."""
    return web.answer({"links": [asdict(item) for item in linking.links(acting.store, account)]})


def _told(item: linking.Actor) -> dict[str, Any]:
    return asdict(item)
