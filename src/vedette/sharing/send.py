"""Lets open objects out: as a file for anybody or for one peer, or into a collection that peers read; each act in the log."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec

from vedette.audit import proofs, writing
from vedette.audit.export import written as proof_text
from vedette.base import Clock, Principal
from vedette.sharing import scan
from vedette.sharing.formats.bundle.format import fingerprint
from vedette.sharing.formats.stix21.write import as_stix
from vedette.sharing.house import House
from vedette.sharing.model import (
    Collection,
    Delivery,
    DeliveryState,
    Marking,
    Peer,
    Shared,
    ShareError,
    Tier,
    delivery_id,
    stamp,
)
from vedette.sharing.store.objects import Member, add_members, keep_collection, keep_deliveries, objects
from vedette.sharing.store.objects import collections as every_collection
from vedette.store import Store

_ENCODER = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True)
class Exported:
    """What a file holds: its bytes, how many objects, what the format could not hold, and what was held back and why."""

    data: bytes
    count: int
    lost: Mapping[str, int]
    held_back: Mapping[str, int]


def open_objects(store: Store, now: str, most: Marking) -> tuple[list[Shared], dict[str, int]]:
    """Objects of the open tier that may go as far as asked, recalled ones included so that recipients learn it."""
    with store.database.reading() as connection:
        every = [own.item for own in objects(connection)]
    kept, back = [], {"expired": 0, "marked beyond what was asked": 0, "of another tier": 0}
    for item in every:
        if item.tier is not Tier.OPEN:
            back["of another tier"] += 1
        elif item.expired(now):
            back["expired"] += 1
        elif item.marking.rank > most.rank:
            back["marked beyond what was asked"] += 1
        else:
            kept.append(item)
    return kept, {reason: count for reason, count in back.items() if count}


def export(
    store: Store,
    principal: Principal,
    house: House,
    format_name: str,
    *,
    clock: Clock,
    most: Marking = Marking.AMBER_STRICT,
    to: Peer | None = None,
) -> Exported:
    """Write the open objects in a format. The leaf of the act holds their fingerprint; for a peer, deliveries are noted."""
    chosen = scan.named(format_name)
    now = stamp(clock.now())
    kept, back = open_objects(store, now, most)
    lost = scan.lost(chosen, kept)
    held = [item for item in kept if item.kind in chosen.KINDS]
    with writing(store, principal, "sharing.export", clock=clock) as act:
        act.fact("format", format_name)
        act.fact("objects", len(held))
        act.fact("objects_sha256", fingerprint([item.as_json() for item in held]))
        index = act.index
        if to is not None:
            act.fact("peer", to.id)
            keep_deliveries(act, [_handed(to, item, now) for item in held])
    texts = tuple(proof_text(one) for one in proofs(store, (index,))) if chosen.SUFFIX == "bundle.json" else ()
    return Exported(chosen.write(held, house.writer(clock, texts)), len(held), lost, back)


def _handed(peer: Peer, item: Shared, now: str) -> Delivery:
    key = delivery_id(peer.id, item.id, item.modified)
    return Delivery(
        id=key, peer=peer.id, object_id=item.id, version=item.modified, state=DeliveryState.SENT, made_at=now
    )


def add_collection(
    store: Store,
    principal: Principal,
    alias: str,
    title: str,
    *,
    clock: Clock,
    description: str = "",
    most: Marking = Marking.AMBER,
) -> Collection:
    """Make a collection of the open tier. Raises ShareError."""
    if not alias.isascii() or not alias.replace("-", "").isalnum() or len(alias) > 40:
        raise ShareError("this is no name of a collection", remedy="Use up to 40 letters, digits and dashes")
    if alias in {found.alias for found in every_collection(store)}:
        raise ShareError("a collection of this name exists", remedy="`vedette share collections list` names them")
    if most is Marking.RED:
        raise ShareError("TLP:RED goes to named persons, never into a collection", remedy="Choose TLP:AMBER or less")
    made = Collection(
        id=str(uuid.uuid4()),
        alias=alias,
        title=title[:200] or alias,
        description=description[:2_000],
        tier=Tier.OPEN,
        most=most,
        created_at=stamp(clock.now()),
    )
    with writing(store, principal, "sharing.collection", clock=clock) as act:
        act.fact("collection", made.id)
        keep_collection(act, made)
    return made


def find_collection(store: Store, reference: str) -> Collection:
    """A collection by alias or id. Raises ShareError."""
    for found in every_collection(store):
        if reference in (found.alias, found.id):
            return found
    raise ShareError("there is no such collection", remedy="`vedette share collections list` names them")


def publish(
    store: Store,
    principal: Principal,
    collection: Collection,
    *,
    clock: Clock,
    ids: Sequence[str] = (),
) -> tuple[int, dict[str, int]]:
    """Put open objects (all, or those named) into a collection. Returns how many versions are new, and what was held back."""
    now = stamp(clock.now())
    kept, back = open_objects(store, now, collection.most)
    chosen = [item for item in kept if not ids or item.id in ids]
    missing = set(ids) - {item.id for item in chosen}
    if missing:
        raise ShareError(
            f"{len(missing)} of the objects named are none that may enter", remedy="`vedette share list` shows why"
        )
    with writing(store, principal, "sharing.publish", clock=clock) as act:
        count = add_members(act, collection.id, map(member, chosen), now)
        if count:
            act.fact("collection", collection.id)
            act.fact("objects", count)
    return count, back


def member(item: Shared) -> Member:
    """A version of an object as it stands in a collection."""
    row = as_stix(item)
    return Member(item.id, item.modified, row["type"], _ENCODER.encode(row).decode())
