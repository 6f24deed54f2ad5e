"""Recall: an object is withdrawn everywhere it went, told to all who may have received it and to nobody who did."""

from __future__ import annotations

from dataclasses import dataclass

from vedette.audit import Act, writing
from vedette.base import Clock, Place, Principal
from vedette.sharing.model import Delivery, DeliveryState, Peer, Shared, ShareError, delivery_id, recall, stamp
from vedette.sharing.send import member
from vedette.sharing.store import objects as state
from vedette.sharing.store.peers import peers
from vedette.store import Store

_WORDS = 300


@dataclass(frozen=True, slots=True)
class Recalled:
    """The withdrawn object, into how many collections the recall went, and the deliveries that carry it."""

    item: Shared
    collections: int
    deliveries: tuple[Delivery, ...]


def find(store: Store, reference: str) -> Shared:
    """An object of this house by its id, a beginning of it, or of its random part. Raises ShareError."""
    with store.database.reading() as connection:
        found = state.objects(connection, [reference]) or (
            state.beginning(connection, reference) if len(reference) >= 4 else []
        )
    if len(found) != 1:
        raise ShareError(
            "is no object of this house, or of several", place=Place(reference[:60]), remedy="`vedette share list`"
        )
    return found[0].item


def recall_object(store: Store, principal: Principal, reference: str, reason: str, *, clock: Clock) -> Recalled:
    """Withdraw an object for good. Raises ShareError where there is none, it is withdrawn already, or no reason is given."""
    text = reason.strip()
    if not text or len(text) > _WORDS or not text.isprintable():
        raise ShareError("a recall needs its reason, in one line", remedy='Write --reason "..."')
    wanted, now = find(store, reference).id, stamp(clock.now())
    every = {peer.id: peer for peer in peers(store)}
    with writing(store, principal, "sharing.recall", clock=clock) as act:
        own = state.objects(act.connection, [wanted])[0]
        if own.item.recalled:
            raise ShareError("is withdrawn already", place=Place(wanted), remedy="`vedette share list` shows it")
        item = recall(own.item, text, now)
        state.keep_objects(act, [state.Own(item, own.source)])
        places = state.collections_with(act.connection, wanted)
        for place in places:
            state.add_members(act, place, [member(item)], now)
        told = _queue(act, item, every, now)
        act.fact("object", wanted)
        act.fact("collections", len(places))
        act.fact("recipients", len(told))
    return Recalled(item, len(places), told)


def _queue(act: Act, item: Shared, every: dict[str, Peer], now: str) -> tuple[Delivery, ...]:
    """A delivery to each peer that may have received it: sent by itself where there is an address, else told by hand."""
    handed = {one.peer for one in state.deliveries(act.connection, object_id=item.id, limit=100_000)}
    reached = sorted(handed | set(state.readers_of(act.connection, item.id)))
    told = tuple(_delivery(every[peer], item, now) for peer in reached if peer in every)
    state.keep_deliveries(act, told)
    return told


def _delivery(peer: Peer, item: Shared, now: str) -> Delivery:
    return Delivery(
        id=delivery_id(peer.id, item.id, item.modified),
        peer=peer.id,
        object_id=item.id,
        version=item.modified,
        state=DeliveryState.WAITING if peer.url else DeliveryState.BY_HAND,
        made_at=now,
        next_at=now if peer.url else "",
    )
