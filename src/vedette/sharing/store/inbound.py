"""Inbound items and named disclosures in the state database."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Column, ColumnElement, Connection, LargeBinary, MetaData, Table, Text, func, select

from vedette.audit import Act
from vedette.base import canonical_json
from vedette.sharing.model import Inbound, State, read_shared
from vedette.store import Store

METADATA = MetaData()


def _texts(*names: str) -> tuple[Column[Any], ...]:
    return tuple(Column(name, Text, nullable=False) for name in names)


INBOUND = Table(
    "sharing_inbound",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("seq", BigInteger, nullable=False),
    *_texts("source", "object_id", "version", "kind", "state", "valid_until", "received_at"),
    *_texts("decided_by", "decided_at", "reason", "body"),
)
DISCLOSURE = Table(
    "sharing_disclosure",
    METADATA,
    Column("id", Text, primary_key=True),
    *_texts("case_id", "recipient", "ground", "state", "sha256", "made_by", "made_at", "left_at"),
    Column("request_id", Text, nullable=True),
    Column("sealed", LargeBinary, nullable=False),
)
_SOME = 500


def keep_inbound(act: Act, items: Iterable[Inbound]) -> int:
    """Write items within an act. Returns how many."""
    seq = act.connection.execute(select(func.coalesce(func.max(INBOUND.c.seq), 0))).scalar_one()
    return act.upsert(INBOUND, [_row(item, seq + number) for number, item in enumerate(items, 1)])


def _row(found: Inbound, seq: int) -> dict[str, Any]:
    item = found.item
    return {
        "id": found.id,
        "seq": seq,
        "source": found.source,
        "object_id": item.id,
        "version": item.modified,
        "kind": item.kind.value,
        "state": found.state.value,
        "valid_until": item.valid_until,
        "received_at": found.received_at,
        "decided_by": found.decided_by,
        "decided_at": found.decided_at,
        "reason": found.reason,
        "body": canonical_json(item.as_json()).decode(),
    }


def inbound(
    connection: Connection, *, state: State | None = None, ids: Sequence[str] | None = None, limit: int | None = None
) -> list[Inbound]:
    """Items in the order they came: in one state, or those named."""
    query = select(INBOUND).order_by(INBOUND.c.seq).limit(limit)
    if state is not None:
        query = query.where(INBOUND.c.state == state.value)
    if ids is None:
        return [_inbound(row) for row in connection.execute(query).mappings()]
    found: list[Inbound] = []
    for start in range(0, len(ids), _SOME):
        rows = connection.execute(query.where(INBOUND.c.id.in_(ids[start : start + _SOME]))).mappings()
        found += [_inbound(row) for row in rows]
    return found


def standing_at(connection: Connection, wanted: State, now: str, *, source: str, limit: int) -> list[Inbound]:
    """Items of a source in a state as it holds at a moment, in the order they came, at most so many."""
    query = select(INBOUND).where(_holds(wanted, now), INBOUND.c.source == source).order_by(INBOUND.c.seq).limit(limit)
    return [_inbound(row) for row in connection.execute(query).mappings()]


def counted_at(connection: Connection, wanted: State, now: str) -> dict[str, int]:
    """How many items of each source are in a state as it holds at a moment."""
    query = select(INBOUND.c.source, func.count()).where(_holds(wanted, now)).group_by(INBOUND.c.source)
    return {row[0]: row[1] for row in connection.execute(query.order_by(INBOUND.c.source))}


def _holds(wanted: State, now: str) -> ColumnElement[bool]:
    running = INBOUND.c.state.in_([State.WAITING.value, State.ACCEPTED.value])
    if wanted is State.EXPIRED:
        return running & (INBOUND.c.valid_until <= now)
    stored = INBOUND.c.state == wanted.value
    return stored if wanted in (State.REJECTED, State.RECALLED) else stored & (INBOUND.c.valid_until > now)


def inbound_beginning(connection: Connection, text: str) -> list[Inbound]:
    """Items whose id begins so."""
    query = select(INBOUND).where(INBOUND.c.id.startswith(text, autoescape=True)).limit(3)
    return [_inbound(row) for row in connection.execute(query).mappings()]


def counts(store: Store) -> dict[tuple[str, str], int]:
    """How many items each source has in each state."""
    query = select(INBOUND.c.source, INBOUND.c.state, func.count()).group_by(INBOUND.c.source, INBOUND.c.state)
    with store.database.reading() as connection:
        return {(row[0], row[1]): row[2] for row in connection.execute(query)}


def _inbound(row: Mapping[Any, Any]) -> Inbound:
    names = ("id", "source", "received_at", "decided_by", "decided_at", "reason")
    item = read_shared(json.loads(row["body"]))
    return Inbound(**{name: row[name] for name in names}, item=item, state=State(row["state"]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosed:
    """A named disclosure as it is kept; its content is sealed."""

    id: str
    case_id: str
    recipient: str
    ground: Mapping[str, str]
    state: str
    sha256: str
    made_by: str
    made_at: str
    request_id: str | None
    left_at: str = ""

    def as_json(self) -> dict[str, Any]:
        """The form shown."""
        names = ("id", "case_id", "recipient", "state", "sha256", "made_by", "made_at", "request_id", "left_at")
        return {**{name: getattr(self, name) for name in names}, "ground": dict(self.ground)}


def keep_disclosure(act: Act, found: Disclosed, sealed: bytes) -> None:
    """Write a disclosure within an act."""
    row = found.as_json()
    act.upsert(DISCLOSURE, [{**row, "ground": canonical_json(row["ground"]).decode(), "sealed": sealed}])


def disclosure(connection: Connection, disclosure_id: str) -> tuple[Disclosed, bytes] | None:
    """One disclosure and its sealed content."""
    row = connection.execute(select(DISCLOSURE).where(DISCLOSURE.c.id == disclosure_id)).mappings().one_or_none()
    return None if row is None else (_disclosed(row), bytes(row["sealed"]))


def disclosures(store: Store) -> tuple[Disclosed, ...]:
    """Every named disclosure, oldest first."""
    with store.database.reading() as connection:
        rows = connection.execute(select(DISCLOSURE).order_by(DISCLOSURE.c.made_at, DISCLOSURE.c.id)).mappings()
        return tuple(map(_disclosed, rows))


def _disclosed(row: Mapping[Any, Any]) -> Disclosed:
    values = {name: row[name] for name in row if name != "sealed"}
    return Disclosed(**{**values, "ground": json.loads(row["ground"])})
