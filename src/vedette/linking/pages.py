"""Pages: accounts that are held for one hand, and for each such actor its links, its history and a drawing."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from vedette.doors import pages, web
from vedette.doors.pages import word
from vedette.linking.actors import actors, events, links
from vedette.linking.elements import elements
from vedette.linking.explore import explore
from vedette.linking.judge import confirm, cut
from vedette.linking.model import Link, confidence
from vedette.linking.picture import Picture, PictureError, graph_json
from vedette.linking.read import weights
from vedette.linking.refresh import refresh

router = APIRouter(include_in_schema=False, route_class=pages.Route)
LINKS = (pages.Link("/actors", word("Actors"), web.Permission.READ, "a", 35),)
_READER = Annotated[web.Person, Depends(web.needs_person(web.Permission.READ))]
_DECIDER = Annotated[web.Person, Depends(web.needs_person(web.Permission.DECIDE))]
_FORM = Annotated[web.Form, Depends(web.form)]
_MOST_ROWS, _MOST_NODES, _MOST_LOOKED_AT, _MOST_OPENED = 500, 150, 100, 20


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


@router.get("/actors/explore")
def walk(request: Request, person: _READER) -> Response:
    """The graph around accounts and actors that were opened one by one, or the strongest links of a kind; tables first."""
    opened = [name.strip()[:200] for name in request.query_params.getlist("about") if name.strip()][:_MOST_OPENED]
    kind = request.query_params.get("kind", "")
    values: dict[str, Any] = {"nodes": [], "lines": [], "graph": [], "left_out": 0, "nothing": False}
    if opened or kind:
        try:
            values |= _walked(explore(person.place.store, opened, kind, _MOST_NODES), opened, kind)
        except PictureError:
            values["nothing"] = True
    return pages.show(
        request,
        person,
        "linking/explore.html",
        "Graph explorer",
        opened=opened,
        kind=kind,
        kinds=list(weights().by_name),
        closes={name: _onward([one for one in opened if one != name], kind) for name in opened},
        **values,
    )


@router.post("/actors/judge")
def judge(person: _DECIDER, sent: _FORM) -> Response:
    """A person's word on two accounts, with a reason; it stands over every re-run."""
    place, one, other = person.place, sent.get("one", "").strip(), sent.get("other", "").strip()
    verb = confirm if sent.get("verdict") == "confirm" else cut
    verb(place.store, person.principal, one, other, reason=sent.get("reason", ""), clock=place.clock)
    refresh(place.store, person.principal, place.clock)
    return RedirectResponse(_onward([one, other], ""), 303)


def _onward(opened: list[str], kind: str) -> str:
    pairs = [*(("about", name) for name in opened), *([("kind", kind)] if kind else [])]
    return f"/actors/explore?{urlencode(pairs)}"


def _walked(found: Picture, opened: list[str], kind: str) -> dict[str, Any]:
    """Nodes and lines as rows and as elements to draw; an account that is not open yet leads to itself opened, too."""
    further = {
        node.id: _onward([*opened, node.id], kind)
        for node in found.nodes
        if node.sort == "account" and node.id not in opened and len(opened) < _MOST_OPENED
    }
    graph = elements(found.as_json())
    for element in graph:
        if element["data"].get("id") in further:
            element["data"]["href"] = further[element["data"]["id"]]
    return {
        "nodes": [{**node.as_json(), "further": further.get(node.id, "")} for node in found.nodes],
        "lines": [
            edge.as_json() for edge in sorted(found.edges, key=lambda edge: (-edge.bits, edge.source, edge.target))
        ],
        "graph": graph,
        "left_out": found.left_out,
    }


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
        may=person.may(web.Permission.DECIDE),
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
