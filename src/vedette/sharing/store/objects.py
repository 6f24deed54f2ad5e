"""Objects of this house, the collections they stand in, and who may have received what."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, MetaData, Table, Text, func, or_, select

from vedette.audit import Act
from vedette.base import canonical_json, from_micros, parse_time, to_micros
from vedette.sharing.model import (
    Collection,
    Delivery,
    DeliveryState,
    Marking,
    Shared,
    Tier,
    read_shared,
)
from vedette.store import Store

METADATA = MetaData()


def _texts(*names: str) -> tuple[Column[Any], ...]:
    return tuple(Column(name, Text, nullable=False) for name in names)


OBJECT = Table(
    "sharing_object",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("seq", BigInteger, nullable=False),
    *_texts("kind", "tier", "marking", "modified", "valid_until", "source", "body", "made_by", "recorded_at"),
    Column("recalled", BigInteger, nullable=False),
)
COLLECTION = Table(
    "sharing_collection",
    METADATA,
    Column("id", Text, primary_key=True),
    *_texts("alias", "title", "description", "tier", "most", "created_at"),
)
MEMBER = Table(
    "sharing_member",
    METADATA,
    Column("collection", Text, primary_key=True),
    Column("object_id", Text, primary_key=True),
    Column("version", Text, primary_key=True),
    Column("owner", Text, primary_key=True),
    Column("seq", BigInteger, nullable=False),
    *_texts("date_added", "type", "spec_version", "body"),
)
TAKEN = Table(
    "sharing_taken",
    METADATA,
    Column("peer", Text, primary_key=True),
    Column("collection", Text, primary_key=True),
    Column("through", BigInteger, nullable=False),
    *_texts("changed_at"),
)
DELIVERY = Table(
    "sharing_delivery",
    METADATA,
    Column("id", Text, primary_key=True),
    *_texts("peer", "object_id", "version", "state", "made_at", "next_at", "fault"),
    Column("attempts", BigInteger, nullable=False),
)
_SOME = 500


@dataclass(frozen=True, slots=True)
class Own:
    """An object of this house and where it comes from here, which never leaves: ``case:ID``, ``person:NAME`` or ``inbound:ID``."""

    item: Shared
    source: str


def keep_objects(act: Act, objects: Iterable[Own]) -> int:
    """Write objects, new or in a new version, within an act. Returns how many."""
    seq = act.connection.execute(select(func.coalesce(func.max(OBJECT.c.seq), 0))).scalar_one()
    rows = [_object_row(own, seq + number, act) for number, own in enumerate(objects, 1)]
    return act.upsert(OBJECT, rows)


def _object_row(own: Own, seq: int, act: Act) -> dict[str, Any]:
    item = own.item
    return {
        "id": item.id,
        "seq": seq,
        "kind": item.kind.value,
        "tier": item.tier.value,
        "marking": item.marking.value,
        "modified": item.modified,
        "valid_until": item.valid_until,
        "recalled": int(item.recalled),
        "source": own.source,
        "body": canonical_json(item.as_json()).decode(),
        "made_by": str(act.principal),
        "recorded_at": act.moment,
    }


def objects(connection: Connection, ids: Sequence[str] | None = None) -> list[Own]:
    """Objects of this house, oldest first; those named, or all."""
    query = select(OBJECT.c.body, OBJECT.c.source).order_by(OBJECT.c.seq)
    if ids is None:
        return [_own(row) for row in connection.execute(query)]
    found = []
    for start in range(0, len(ids), _SOME):
        found += [_own(row) for row in connection.execute(query.where(OBJECT.c.id.in_(ids[start : start + _SOME])))]
    return found


def _own(row: Any) -> Own:
    return Own(read_shared(json.loads(row.body)), row.source)


def beginning(connection: Connection, text: str) -> list[Own]:
    """Objects whose id, or the random part of it, begins so."""
    query = select(OBJECT.c.body, OBJECT.c.source).where(
        or_(OBJECT.c.id.startswith(text, autoescape=True), OBJECT.c.id.contains(f"--{text}", autoescape=True))
    )
    return [_own(row) for row in connection.execute(query.limit(3))]


def collections(store: Store) -> tuple[Collection, ...]:
    """Every collection, by alias."""
    with store.database.reading() as connection:
        rows = connection.execute(select(COLLECTION).order_by(COLLECTION.c.alias)).mappings().all()
    return tuple(Collection(**{**row, "tier": Tier(row["tier"]), "most": Marking(row["most"])}) for row in rows)


def keep_collection(act: Act, found: Collection) -> None:
    """Write a collection within an act."""
    act.upsert(COLLECTION, [found.as_json()])


@dataclass(frozen=True, slots=True)
class Member:
    """One version of an object in a collection. ``owner`` is the peer that posted it, and alone sees it; empty for ours."""

    object_id: str
    version: str
    type: str
    body: str
    owner: str = ""
    spec_version: str = "2.1"


def add_members(act: Act, collection: str, members: Iterable[Member], moment: str) -> int:
    """Put versions into a collection within an act; those already there stay as they are. Returns how many are new."""
    wanted = {(item.object_id, item.version, item.owner): item for item in members}
    known = _known(act.connection, collection, sorted({key[0] for key in wanted}))
    last = act.connection.execute(
        select(MEMBER.c.seq, MEMBER.c.date_added).order_by(MEMBER.c.seq.desc()).limit(1)
    ).first()
    seq, begun = (last.seq, to_micros(parse_time(last.date_added)) + 1) if last is not None else (0, 0)
    # Times of addition differ and grow with the order, so that no reader who goes on after one misses the next.
    begun = max(begun, to_micros(parse_time(moment)))
    rows = [
        {
            "collection": collection,
            "object_id": item.object_id,
            "version": item.version,
            "owner": item.owner,
            "seq": seq + 1 + number,
            "date_added": _micros(begun + number),
            "type": item.type,
            "spec_version": item.spec_version,
            "body": item.body,
        }
        for number, item in enumerate(item for key, item in wanted.items() if key not in known)
    ]
    return act.upsert(MEMBER, rows)


def _micros(micros: int) -> str:
    return from_micros(micros).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _known(connection: Connection, collection: str, ids: Sequence[str]) -> set[tuple[str, str, str]]:
    found: set[tuple[str, str, str]] = set()
    for start in range(0, len(ids), _SOME):
        query = select(MEMBER.c.object_id, MEMBER.c.version, MEMBER.c.owner)
        query = query.where(MEMBER.c.collection == collection, MEMBER.c.object_id.in_(ids[start : start + _SOME]))
        found.update((row[0], row[1], row[2]) for row in connection.execute(query))
    return found


def collections_with(connection: Connection, object_id: str) -> list[str]:
    """Ids of collections in which an object of ours stands."""
    query = select(MEMBER.c.collection).where(MEMBER.c.object_id == object_id, MEMBER.c.owner == "").distinct()
    return list(connection.execute(query.order_by(MEMBER.c.collection)).scalars())


def note_taken(act: Act, peer: str, collection: str, through: int) -> None:
    """Remember how far a peer has read a collection, within an act."""
    act.upsert(TAKEN, [{"peer": peer, "collection": collection, "through": through, "changed_at": act.moment}])


def taken_through(connection: Connection, peer: str, collection: str) -> int:
    """How far a peer has read a collection."""
    query = select(TAKEN.c.through).where(TAKEN.c.peer == peer, TAKEN.c.collection == collection)
    return connection.execute(query).scalar_one_or_none() or 0


def readers_of(connection: Connection, object_id: str) -> list[str]:
    """Peers that may have read an object from a collection: all whose reading went beyond its place."""
    query = (
        select(TAKEN.c.peer)
        .distinct()
        .join(MEMBER, (MEMBER.c.collection == TAKEN.c.collection) & (MEMBER.c.seq <= TAKEN.c.through))
        .where(MEMBER.c.object_id == object_id, MEMBER.c.owner == "")
    )
    return list(connection.execute(query.order_by(TAKEN.c.peer)).scalars())


def keep_deliveries(act: Act, found: Iterable[Delivery]) -> int:
    """Write deliveries within an act."""
    names = ("id", "peer", "object_id", "version", "made_at", "next_at", "fault", "attempts")
    return act.upsert(
        DELIVERY, [{**{name: getattr(one, name) for name in names}, "state": one.state.value} for one in found]
    )


def deliveries(
    connection: Connection,
    *,
    object_id: str | None = None,
    state: DeliveryState | None = None,
    due: str | None = None,
    limit: int = 1_000,
) -> list[Delivery]:
    """Deliveries, oldest first: of one object, in one state, due by a moment."""
    query = select(DELIVERY).order_by(DELIVERY.c.made_at, DELIVERY.c.id).limit(limit)
    if object_id is not None:
        query = query.where(DELIVERY.c.object_id == object_id)
    if state is not None:
        query = query.where(DELIVERY.c.state == state.value)
    if due is not None:
        query = query.where(DELIVERY.c.next_at <= due)
    rows = connection.execute(query).mappings().all()
    return [Delivery(**{**row, "state": DeliveryState(row["state"])}) for row in rows]
