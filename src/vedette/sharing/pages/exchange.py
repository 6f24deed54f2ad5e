"""Pages: what other houses sent and waits for a person, and what this house shares, with whom, and how to take it back."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from vedette.doors import pages, web
from vedette.doors.pages import word
from vedette.sharing import admit, judge
from vedette.sharing.model import Inbound, Shared, State, stamp
from vedette.sharing.send import find_collection, publish
from vedette.sharing.standing import standings
from vedette.sharing.store.objects import collections, deliveries, objects
from vedette.sharing.store.peers import peers
from vedette.sharing.withdraw import recall_object

router = APIRouter(include_in_schema=False, route_class=pages.Route)
LINKS = (pages.Link("/sharing", word("Sharing"), web.Permission.SHARE, "i", 70),)
_OFFICER = Annotated[web.Person, Depends(web.needs_person(web.Permission.SHARE))]
_FORM = Annotated[web.Form, Depends(web.form)]
_PAGE, _MOST = 50, 200


@router.get("/sharing")
def inbound(request: Request, person: _OFFICER) -> Response:
    """Items that wait, or those in another state, of the sources that were right most often first."""
    store, clock = person.place.store, person.place.clock
    asked = request.query_params.get("state", State.WAITING.value)
    wanted = State(asked) if asked in list(State) else State.WAITING
    found = judge.items(store, clock=clock, wanted=wanted, limit=_PAGE)
    now = stamp(clock.now())
    return pages.show(
        request,
        person,
        "sharing/inbound.html",
        "Sharing",
        rows=[_row(one, now) for one in found],
        total=judge.total(store, wanted, clock=clock),
        state=wanted.value,
        states=[state.value for state in State],
        standings=[one.as_json() for one in standings(store)][:_MOST],
    )


def _row(one: Inbound, now: str) -> dict[str, Any]:
    item = one.item
    return {
        **one.as_json(now),
        "title": item.title if item.value else "",
        "refs": list(item.refs[:5]),
        "relation": item.relation,
        "count": item.count,
        "origin": item.origin,
        "appeal": item.appeal,
        "open": one.state_at(now) is State.WAITING,
        "held": one.state_at(now) is State.ACCEPTED,
    }


@router.post("/sharing/inbound/{item}")
def decide(person: _OFFICER, item: str, sent: _FORM) -> Response:
    """Accept an item as a watch item, or reject it with its reason."""
    place, reason = person.place, sent.get("reason", "")
    if sent.get("act") == "accept":
        judge.accept(place.store, person.principal, [item], clock=place.clock, reason=reason)
    else:
        judge.reject(place.store, person.principal, [item], clock=place.clock, reason=reason)
    return RedirectResponse("/sharing", 303)


@router.get("/sharing/outgoing")
def outgoing(request: Request, person: _OFFICER) -> Response:
    """Objects of this house, collections, peers, and deliveries that somebody must see to."""
    store, now = person.place.store, stamp(person.place.clock.now())
    places = collections(store)
    names = {found.id: found.alias for found in places}
    with store.database.reading() as connection:
        own = [one.item for one in objects(connection)][::-1]
        stuck = [one for one in deliveries(connection, limit=10_000) if one.state.value in ("by_hand", "dead")]
    return pages.show(
        request,
        person,
        "sharing/outgoing.html",
        "Sharing",
        objects=[_object(item, now) for item in own[:_MOST]],
        total=len(own),
        collections=[found.as_json() for found in places],
        peers=[_peer(one.as_json(), names) for one in peers(store)],
        stuck=[one.as_json() for one in stuck[:_MOST]],
    )


def _object(item: Shared, now: str) -> dict[str, Any]:
    names = ("id", "value", "title", "kind", "marking", "basis", "valid_until", "recalled", "recall_reason")
    return {**{name: getattr(item, name) for name in names}, "expired": item.expired(now)}


def _peer(row: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    told = {key: [names.get(one, "?") for one in row[key]] for key in ("reads", "writes")}
    return {**row, **told}


@router.post("/sharing/objects/{object_id}/recall")
def recall(person: _OFFICER, object_id: str, sent: _FORM) -> Response:
    """Withdraw an object everywhere."""
    place = person.place
    recall_object(place.store, person.principal, object_id, sent.get("reason", ""), clock=place.clock)
    return RedirectResponse("/sharing/outgoing", 303)


@router.post("/sharing/collections/{alias}/publish")
def put(person: _OFFICER, alias: str) -> Response:
    """Put every open object that may enter into a collection."""
    place = person.place
    publish(place.store, person.principal, find_collection(place.store, alias), clock=place.clock)
    return RedirectResponse("/sharing/outgoing", 303)


@router.post("/sharing/peers/{peer}/revoke")
def revoke(person: _OFFICER, peer: str) -> Response:
    """Keep a peer out from its next request on."""
    admit.revoke(person.place.store, person.principal, peer, clock=person.place.clock)
    return RedirectResponse("/sharing/outgoing", 303)
