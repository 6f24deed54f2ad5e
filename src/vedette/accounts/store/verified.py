"""Standing, changes, evidence and resellers in the state database. What people write in their own words is sealed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, LargeBinary, MetaData, Table, Text, func, select

from vedette.accounts.verification.model import Evidence, Method, Move, Reseller, Result, Standing, State, Tier
from vedette.audit import Act
from vedette.base import canonical_json, iso, parse_day, parse_time
from vedette.store import Store

_METADATA = MetaData()
STANDING = Table(
    "account_standing",
    _METADATA,
    Column("account_id", Text, primary_key=True),
    *(Column(name, Text, nullable=False) for name in ("state", "since", "by", "tier", "owners_mark")),
    Column("moves", BigInteger, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)
MOVE = Table(
    "account_move",
    _METADATA,
    Column("account_id", Text, primary_key=True),
    Column("number", BigInteger, primary_key=True),
    *(Column(name, Text, nullable=False) for name in ("before", "after", "at", "by")),
    Column("sealed", LargeBinary, nullable=False),
)
EVIDENCE = Table(
    "account_evidence",
    _METADATA,
    Column("source", Text, primary_key=True),
    Column("event_id", Text, primary_key=True),
    *(
        Column(name, Text, nullable=False)
        for name in ("account_id", "about", "method", "result", "done_at", "reference")
    ),
    *(Column(name, Text, nullable=False) for name in ("checks", "document_type", "document_country", "document_hash")),
    Column("expires", Text, nullable=False),
    Column("shows_home", BigInteger, nullable=False),
    *(Column(name, Text, nullable=False) for name in ("recorded_at", "recorded_by")),
)
RESELLER = Table(
    "account_reseller",
    _METADATA,
    Column("account_id", Text, primary_key=True),
    Column("foreign_reseller", BigInteger, nullable=False),
    *(Column(name, Text, nullable=False) for name in ("programme_received", "programme_hash", "last_attested")),
    *(Column(name, Text, nullable=False) for name in ("recorded_at", "recorded_by")),
    Column("sealed", LargeBinary, nullable=False),
)


def standing(store: Store, connection: Connection, account_id: str) -> Standing:
    """Where an account stands; ``unverified`` where nothing was ever recorded."""
    row = connection.execute(select(STANDING).where(STANDING.c.account_id == account_id)).mappings().one_or_none()
    return Standing(account_id=account_id, state=State.UNVERIFIED) if row is None else _standing(store, row)


def standings(store: Store) -> dict[str, Standing]:
    """Every account with a recorded standing."""
    with store.database.reading() as connection:
        rows = connection.execute(select(STANDING)).mappings().all()
    return {row["account_id"]: _standing(store, row) for row in rows}


def evidence(store: Store, account_id: str | None = None) -> dict[str, tuple[Evidence, ...]]:
    """Evidence by account, oldest first; of one account if named."""
    query = select(EVIDENCE).order_by(EVIDENCE.c.done_at, EVIDENCE.c.source, EVIDENCE.c.event_id)
    with store.database.reading() as connection:
        return _evidence_by_account(connection, query, account_id)


def evidence_within(connection: Connection, account_id: str) -> tuple[Evidence, ...]:
    """The evidence of one account within an open transaction."""
    query = select(EVIDENCE).order_by(EVIDENCE.c.done_at, EVIDENCE.c.source, EVIDENCE.c.event_id)
    return _evidence_by_account(connection, query, account_id).get(account_id, ())


def _evidence_by_account(connection: Connection, query: Any, account_id: str | None) -> dict[str, tuple[Evidence, ...]]:
    if account_id is not None:
        query = query.where(EVIDENCE.c.account_id == account_id)
    found: dict[str, tuple[Evidence, ...]] = {}
    for row in connection.execute(query).mappings():
        found[row["account_id"]] = (*found.get(row["account_id"], ()), _evidence(row))
    return found


def seen(connection: Connection, source: str, event_id: str) -> Evidence | None:
    """The evidence of a source's event, if it was received before."""
    query = select(EVIDENCE).where(EVIDENCE.c.source == source, EVIDENCE.c.event_id == event_id)
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else _evidence(row)


def moves(store: Store, account_id: str) -> tuple[Move, ...]:
    """Every change of one account's state, oldest first."""
    query = select(MOVE).where(MOVE.c.account_id == account_id).order_by(MOVE.c.number)
    with store.database.reading() as connection:
        return tuple(_move(store, row) for row in connection.execute(query).mappings())


def resellers(store: Store) -> dict[str, Reseller]:
    """The register, by account id."""
    with store.database.reading() as connection:
        rows = connection.execute(select(RESELLER).order_by(RESELLER.c.account_id)).mappings().all()
    return {row["account_id"]: _reseller(store, row) for row in rows}


def mark(store: Store) -> str:
    """A text that changes whenever something here does, for the daily run."""
    counts = (
        select(func.count(), func.max(STANDING.c.since), func.sum(STANDING.c.moves)),
        select(func.count(), func.max(EVIDENCE.c.recorded_at)),
        select(func.count(), func.max(RESELLER.c.recorded_at)),
    )
    with store.database.reading() as connection:
        return repr([tuple(connection.execute(query).one()) for query in counts])


# -- writing


def put_move(act: Act, store: Store, now: Standing, change: Move) -> None:
    """Store a change and the standing that it leads to."""
    row = {name: getattr(now, name) for name in ("account_id", "by", "owners_mark", "moves")}
    sealed = store.vault.seal(now.account_id, {"reason": now.reason})
    assert now.since is not None  # whoever moves knows when
    row |= {"state": now.state.value, "tier": now.tier.value, "since": iso(now.since), "sealed": sealed}
    act.upsert(STANDING, [row])
    moved = {name: getattr(change, name) for name in ("account_id", "number", "by")}
    moved |= {"before": change.before.value, "after": change.after.value, "at": iso(change.at)}
    act.upsert(MOVE, [{**moved, "sealed": store.vault.seal(change.account_id, {"reason": change.reason})}])


def put_evidence(act: Act, items: Iterable[Evidence]) -> None:
    """Store evidence; what was received before under the same source and event stays as it is for its caller to see."""
    act.upsert(EVIDENCE, [_evidence_row(item, act) for item in items])


def put_reseller(act: Act, store: Store, item: Reseller) -> None:
    """Store or replace a reseller in the register."""
    row = {
        "account_id": item.account_id,
        "foreign_reseller": int(item.foreign),
        "programme_received": _day_text(item.programme_received),
        "programme_hash": item.programme_hash,
        "last_attested": _day_text(item.last_attested),
        "recorded_at": act.moment,
        "recorded_by": str(act.principal),
        "sealed": store.vault.seal(item.account_id, {"note": item.note}),
    }
    act.upsert(RESELLER, [row])


# -- rows


def _standing(store: Store, row: Mapping[Any, Any]) -> Standing:
    return Standing(
        account_id=row["account_id"],
        state=State(row["state"]),
        since=parse_time(row["since"]),
        by=row["by"],
        reason=store.vault.open(row["account_id"], bytes(row["sealed"]))["reason"],
        tier=Tier(row["tier"]),
        owners_mark=row["owners_mark"],
        moves=row["moves"],
    )


def _move(store: Store, row: Mapping[Any, Any]) -> Move:
    return Move(
        account_id=row["account_id"],
        number=row["number"],
        before=State(row["before"]),
        after=State(row["after"]),
        at=parse_time(row["at"]),
        by=row["by"],
        reason=store.vault.open(row["account_id"], bytes(row["sealed"]))["reason"],
    )


_PLAIN = (
    "source",
    "event_id",
    "account_id",
    "about",
    "reference",
    "document_type",
    "document_country",
    "document_hash",
)


def _evidence(row: Mapping[Any, Any]) -> Evidence:
    return Evidence(
        **{name: row[name] for name in _PLAIN},
        method=Method(row["method"]),
        result=Result(row["result"]),
        done_at=parse_time(row["done_at"]),
        checks=json.loads(row["checks"]),
        expires=_day(row["expires"]),
        shows_home=bool(row["shows_home"]),
    )


def _evidence_row(item: Evidence, act: Act) -> dict[str, Any]:
    return {
        **{name: getattr(item, name) for name in _PLAIN},
        "method": item.method.value,
        "result": item.result.value,
        "done_at": iso(item.done_at),
        "checks": canonical_json(dict(item.checks)).decode(),
        "expires": _day_text(item.expires),
        "shows_home": int(item.shows_home),
        "recorded_at": act.moment,
        "recorded_by": str(act.principal),
    }


def _reseller(store: Store, row: Mapping[Any, Any]) -> Reseller:
    return Reseller(
        account_id=row["account_id"],
        foreign=bool(row["foreign_reseller"]),
        programme_received=_day(row["programme_received"]),
        programme_hash=row["programme_hash"],
        last_attested=_day(row["last_attested"]),
        note=store.vault.open(row["account_id"], bytes(row["sealed"]))["note"],
        recorded_at=row["recorded_at"],
        recorded_by=row["recorded_by"],
    )


def _day(text: str) -> date | None:
    return parse_day(text) if text else None


def _day_text(day: date | None) -> str:
    return "" if day is None else day.isoformat()
