"""Pages: accounts that are held for one hand, and for each such actor its links, its history and a drawing."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from vedette.doors import pages, web
from vedette.doors.pages import word
from vedette.linking.actors import actors, events, links
from vedette.linking.elements import elements
from vedette.linking.model import Link, confidence
from vedette.linking.picture import graph_json

router = APIRouter(include_in_schema=False, route_class=pages.Route)
LINKS = (pages.Link("/actors", word("Actors"), web.Permission.READ, "a", 55),)
_READER = Annotated[web.Person, Depends(web.needs_person(web.Permission.READ))]
_MOST_ROWS, _MOST_NODES, _MOST_LOOKED_AT = 500, 150, 100


@router.get("/actors")
def all_actors(request: Request, person: _READER) -> Response:
    """Every actor of two and more accounts, the largest first."""
    known = sorted(actors(person.place.store), key=lambda actor: (-len(actor.accounts), actor.actor_id))
    rows = [
        {
            "actor_id": actor.actor_id,
            "accounts": list(actor.accounts),
            "bits": max(actor.link_bits.values(), default=0.0),
            "since": actor.since,
            "review": list(actor.review),
        }
        for actor in known[:_MOST_ROWS]
    ]
    return pages.show(request, person, "linking/actors.html", "Actors", rows=rows, total=len(known))


@router.get("/actors/{actor_id}")
def one_actor(request: Request, person: _READER, actor_id: str) -> Response:
    """One actor: its accounts, what each link rests on, what happened to it."""
    store = person.place.store
    actor = next((found for found in actors(store) if found.actor_id == actor_id), None)
    if actor is None:
        raise web.Problem(404, "no-actor", word("There is no such actor now"), remedy=word("See the actors there are"))
    held = {link.pair: link for account in actor.accounts[:_MOST_LOOKED_AT] for link in links(store, account)}
    strongest = sorted(held.values(), key=lambda link: (-link.bits, link.pair))
    graph = graph_json(store, actor_id, _MOST_NODES)
    return pages.show(
        request,
        person,
        "linking/actor.html",
        "Actor",
        actor=actor,
        links=[_row(link) for link in strongest[:_MOST_ROWS]],
        events=events(store, actor_id),
        graph=elements(graph),
        same=graph["same_from_bits"],
        left_out=graph["accounts_left_out"],
    )


def _row(link: Link) -> dict[str, Any]:
    parts = sorted(link.parts, key=lambda part: -part.bits)
    return {
        "left": link.left,
        "right": link.right,
        "bits": link.bits,
        "confidence": confidence(link.bits),
        "parts": [part.as_json() for part in parts],
    }
