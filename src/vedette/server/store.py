"""What the outbox keeps in the state database, and what it reads of the audit log and the cases' histories."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, LargeBinary, MetaData, Table, Text, and_, func, select

from vedette.audit import Act
from vedette.audit.store import COMMITMENT, HEAD, LEAF
from vedette.base import Json, canonical_json, iso, stable_id
from vedette.cases.store import EVENT
from vedette.server.model import OF_ACTS, OF_CASES, Delivery, DeliveryState, Message, Target, TargetKind
from vedette.store import Store

_METADATA = MetaData()
TARGET = Table(
    "outbox_target",
    _METADATA,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("messages", Text, nullable=False),
    Column("private", BigInteger, nullable=False),
    Column("options", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("since_leaf", BigInteger, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("created_by", Text, nullable=False),
)
DELIVERY = Table(
    "outbox_delivery",
    _METADATA,
    Column("id", Text, primary_key=True),
    Column("target", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", BigInteger, nullable=False),
    Column("next_at", Text, nullable=False),
    Column("fault", Text, nullable=True),
    Column("made_at", Text, nullable=False),
)
POSITION = Table(
    "outbox_position",
    _METADATA,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("leaf", BigInteger, nullable=False),
)
_UNDERWAY = (DeliveryState.WAITING.value, DeliveryState.SENDING.value)


def log_size(connection: Connection) -> int:
    """How many entries the audit log has."""
    return connection.execute(select(HEAD.c.size).where(HEAD.c.id == 1)).scalar_one_or_none() or 0


def position(connection: Connection) -> int:
    """The first entry of the log that was not read yet."""
    return connection.execute(select(POSITION.c.leaf).where(POSITION.c.id == 1)).scalar_one_or_none() or 0


def keep_position(act: Act, leaf: int) -> None:
    """Go on from this entry, within an act."""
    act.upsert(POSITION, [{"id": 1, "leaf": leaf}])


def messages(connection: Connection, start: int, end: int) -> Iterator[Message]:
    """What the entries from ``start`` to before ``end`` tell, in order: of cases by their history, of the house by its acts."""
    within = and_(LEAF.c.leaf_index >= start, LEAF.c.leaf_index < end)
    bodies = connection.execute(select(LEAF.c.leaf_index, LEAF.c.body).where(within).order_by(LEAF.c.leaf_index)).all()
    of_cases = _events(connection, start, end)
    for row in bodies:
        yield from of_cases.get(row.leaf_index, ())
        body = json.loads(bytes(row.body))
        kind = OF_ACTS.get(body["act"])
        if kind is not None:
            who = f"{body['principal']['kind']}:{body['principal']['id']}"
            yield Message(
                id=stable_id("msg", kind, str(row.leaf_index)),
                kind=kind,
                leaf=row.leaf_index,
                time=body["time"],
                principal=who,
                case_id=None,
                facts=body["facts"],
            )


def _events(connection: Connection, start: int, end: int) -> dict[int, list[Message]]:
    within = and_(COMMITMENT.c.leaf_index >= start, COMMITMENT.c.leaf_index < end)
    named = select(COMMITMENT.c.row_id).where(within, COMMITMENT.c.table_name == EVENT.name)
    found: dict[int, list[Message]] = {}
    for row_id in connection.execute(named.order_by(COMMITMENT.c.leaf_index, COMMITMENT.c.position)).scalars().all():
        case_id, number = json.loads(row_id)
        query = select(EVENT).where(EVENT.c.case_id == case_id, EVENT.c.number == number)
        row = connection.execute(query).mappings().one_or_none()
        if row is not None and row["verb"] in OF_CASES:
            kind = OF_CASES[row["verb"]]
            found.setdefault(row["leaf"], []).append(
                Message(
                    id=stable_id("msg", kind, case_id, str(number)),
                    kind=kind,
                    leaf=row["leaf"],
                    time=row["time"],
                    principal=row["principal"],
                    case_id=case_id,
                    facts=json.loads(row["facts"]),
                )
            )
    return found


def targets(store: Store) -> tuple[Target, ...]:
    """Every target, by id."""
    with store.database.reading() as connection:
        rows = connection.execute(select(TARGET).order_by(TARGET.c.id)).mappings().all()
    return tuple(_target(store, dict(row)) for row in rows)


def keep_target(act: Act, store: Store, target: Target) -> None:
    """Write a target within an act; its secret and options, which may name people, are sealed."""
    row = {name: getattr(target, name) for name in ("id", "url", "since_leaf", "created_at", "created_by")}
    row |= {"kind": target.kind.value, "messages": ",".join(target.messages), "private": int(target.private)}
    held: dict[str, Json] = {"secret": target.secret, "options": dict(target.options)}
    act.upsert(TARGET, [{**row, "options": "{}", "sealed": store.vault.seal(f"target:{target.id}", held)}])


def drop_target(act: Act, target_id: str) -> int:
    """Forget a target and what was still on its way to it, within an act. Returns how many deliveries fell."""
    underway = select(DELIVERY.c.id).where(DELIVERY.c.target == target_id, DELIVERY.c.state.in_(_UNDERWAY))
    ids = list(act.connection.execute(underway).scalars())
    act.delete(DELIVERY, [{"id": one} for one in ids])
    act.delete(TARGET, [{"id": target_id}])
    return len(ids)


def keep_deliveries(act: Act, deliveries: list[Delivery]) -> None:
    """Write deliveries, within an act."""
    act.upsert(
        DELIVERY,
        [
            {
                "id": one.id,
                "target": one.target,
                "message": canonical_json(one.message.as_json()).decode(),
                "state": one.state.value,
                "attempts": one.attempts,
                "next_at": one.next_at,
                "fault": one.fault,
                "made_at": one.made_at,
            }
            for one in deliveries
        ],
    )


def due(connection: Connection, now: datetime, limit: int) -> list[Delivery]:
    """Deliveries whose time has come, and those whose sender's lease has ended, oldest first."""
    query = select(DELIVERY).where(DELIVERY.c.state.in_(_UNDERWAY), DELIVERY.c.next_at <= iso(now))
    rows = connection.execute(query.order_by(DELIVERY.c.next_at, DELIVERY.c.id).limit(limit)).mappings().all()
    return [_delivery(dict(row)) for row in rows]


def find_deliveries(
    connection: Connection, *, state: DeliveryState | None = None, ids: list[str] | None = None, limit: int = 100
) -> list[Delivery]:
    """Deliveries, newest first."""
    query = select(DELIVERY).order_by(DELIVERY.c.made_at.desc(), DELIVERY.c.id).limit(limit)
    if state is not None:
        query = query.where(DELIVERY.c.state == state.value)
    if ids is not None:
        query = query.where(DELIVERY.c.id.in_(ids))
    return [_delivery(dict(row)) for row in connection.execute(query).mappings()]


def counts(connection: Connection) -> dict[str, int]:
    """How many deliveries there are in each state."""
    rows = connection.execute(select(DELIVERY.c.state, func.count()).group_by(DELIVERY.c.state)).all()
    found = {row[0]: row[1] for row in rows}
    return {state.value: found.get(state.value, 0) for state in DeliveryState}


def idle(connection: Connection, start: int, now: datetime) -> bool:
    """Whether there is nothing to read and nothing to send."""
    if log_size(connection) > start and connection.execute(select(TARGET.c.id).limit(1)).first() is not None:
        return False
    waiting = select(DELIVERY.c.id).where(DELIVERY.c.state.in_(_UNDERWAY), DELIVERY.c.next_at <= iso(now))
    return connection.execute(waiting.limit(1)).first() is None


def _target(store: Store, row: Mapping[str, Any]) -> Target:
    held = store.vault.open(f"target:{row['id']}", bytes(row["sealed"]))
    return Target(
        id=row["id"],
        kind=TargetKind(row["kind"]),
        url=row["url"],
        messages=tuple(word for word in row["messages"].split(",") if word),
        secret=str(held["secret"]),
        since_leaf=row["since_leaf"],
        created_at=row["created_at"],
        created_by=row["created_by"],
        private=bool(row["private"]),
        options=held.get("options") or json.loads(row["options"]),
    )


def _delivery(row: Mapping[str, Any]) -> Delivery:
    return Delivery(
        id=row["id"],
        target=row["target"],
        message=Message(**json.loads(row["message"])),
        state=DeliveryState(row["state"]),
        attempts=row["attempts"],
        next_at=row["next_at"],
        made_at=row["made_at"],
        fault=row["fault"],
    )
