"""The rule book in the state database: standings, exceptions, and what rules in shadow found."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, Float, MetaData, Table, Text, select

from vedette.audit import Act
from vedette.base import Finding, Json, canonical_json, iso, parse_time
from vedette.detections.standing import Mode, RuleException, Standing
from vedette.store import Store

_METADATA = MetaData()
STANDING = Table(
    "rule_standing",
    _METADATA,
    Column("rule_id", Text, primary_key=True),
    Column("live", BigInteger, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("shadow_version", BigInteger, nullable=False),
    Column("shadow_hash", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("changed_by", Text, nullable=False),
    Column("changed_at", Text, nullable=False),
    Column("wanted_mode", Text, nullable=False),
    Column("wanted_version", BigInteger, nullable=False),
    Column("wanted_hash", Text, nullable=False),
    Column("request_id", Text, nullable=False),
)
EXCEPTION = Table(
    "rule_exception",
    _METADATA,
    Column("id", Text, primary_key=True),
    Column("rule_id", Text, nullable=False),
    Column("account_id", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("expires_at", Text, nullable=False),
    Column("ended_by", Text, nullable=False),
    Column("ended_at", Text, nullable=False),
)
SHADOW = Table(
    "rule_shadow",
    _METADATA,
    Column("finding_id", Text, primary_key=True),
    Column("rule_id", Text, nullable=False),
    Column("rule_version", Text, nullable=False),
    Column("subject_kind", Text, nullable=False),
    Column("subject_id", Text, nullable=False),
    Column("accounts", Text, nullable=False),
    Column("strength", Text, nullable=False),
    Column("bits", Float, nullable=True),
    Column("summary", Text, nullable=False),
    Column("first_seen", Text, nullable=False),
    Column("last_seen", Text, nullable=False),
    Column("found_at", Text, nullable=False),
)


def standings(store: Store) -> dict[str, Standing]:
    """Every rule that the book speaks of, by id."""
    with store.database.reading() as connection:
        rows = connection.execute(select(STANDING).order_by(STANDING.c.rule_id)).mappings().all()
    return {row["rule_id"]: _standing(dict(row)) for row in rows}


def standing_within(connection: Connection, rule_id: str) -> Standing | None:
    """One rule's line within an open transaction, or None."""
    query = select(STANDING).where(STANDING.c.rule_id == rule_id)
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else _standing(dict(row))


def put_standing(act: Act, item: Standing) -> None:
    """Write one rule's line."""
    wanted = "" if item.wanted_mode is None else item.wanted_mode.value
    row = {column.name: getattr(item, column.name) for column in STANDING.columns}
    act.upsert(STANDING, [{**row, "live": int(item.live), "wanted_mode": wanted}])


def exceptions(store: Store) -> list[RuleException]:
    """Every exception ever made, oldest first."""
    with store.database.reading() as connection:
        rows = connection.execute(select(EXCEPTION).order_by(EXCEPTION.c.created_at, EXCEPTION.c.id)).mappings().all()
    return [_exception(dict(row)) for row in rows]


def exception_within(connection: Connection, exception_id: str) -> RuleException | None:
    """One exception within an open transaction, or None."""
    row = connection.execute(select(EXCEPTION).where(EXCEPTION.c.id == exception_id)).mappings().one_or_none()
    return None if row is None else _exception(dict(row))


def put_exception(act: Act, item: RuleException) -> None:
    """Write one exception."""
    ended = "" if item.ended_at is None else iso(item.ended_at)
    times = {"created_at": iso(item.created_at), "expires_at": iso(item.expires_at), "ended_at": ended}
    row = {column.name: getattr(item, column.name) for column in EXCEPTION.columns}
    act.upsert(EXCEPTION, [{**row, **times}])


def record_shadow(act: Act, rule_id: str, found: Iterable[Finding]) -> int:
    """Make what a rule in shadow found its whole result: what it no longer finds goes. Returns how many stand."""
    known = {row["finding_id"]: dict(row) for row in _shadow_rows(act.connection, rule_id)}
    rows = {item.id: _shadow_row(item, act.moment) for item in found}
    changed = [row for key, row in rows.items() if _without_time(known.get(key)) != _without_time(row)]
    act.upsert(SHADOW, changed)
    act.delete(SHADOW, [{"finding_id": key} for key in sorted(known.keys() - rows.keys())])
    return len(rows)


def shadow(store: Store, rule_id: str | None = None) -> list[dict[str, Json]]:
    """What rules in shadow found, latest first; of one rule where asked."""
    with store.database.reading() as connection:
        rows = _shadow_rows(connection, rule_id)
    found = [{**row, "accounts": json.loads(row["accounts"])} for row in rows]
    return sorted(found, key=lambda row: (row["last_seen"], row["finding_id"]), reverse=True)


def _shadow_rows(connection: Connection, rule_id: str | None) -> list[dict[str, Any]]:
    query = select(SHADOW).order_by(SHADOW.c.finding_id)
    if rule_id is not None:
        query = query.where(SHADOW.c.rule_id == rule_id)
    return [dict(row) for row in connection.execute(query).mappings().all()]


def _without_time(row: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if row is None else {key: value for key, value in row.items() if key != "found_at"}


def _shadow_row(item: Finding, moment: str) -> dict[str, Any]:
    return {
        "finding_id": item.id,
        "rule_id": item.check,
        "rule_version": item.version,
        "subject_kind": item.subject.kind,
        "subject_id": item.subject.id,
        "accounts": canonical_json(list(item.accounts)).decode(),
        "strength": item.strength.value,
        "bits": item.bits,
        "summary": item.summary,
        "first_seen": iso(item.first_seen),
        "last_seen": iso(item.last_seen),
        "found_at": moment,
    }


def _standing(row: dict[str, Any]) -> Standing:
    wanted = Mode(row["wanted_mode"]) if row["wanted_mode"] else None
    return Standing(**{**row, "live": bool(row["live"]), "wanted_mode": wanted})


def _exception(row: dict[str, Any]) -> RuleException:
    def moment(name: str) -> datetime | None:
        return parse_time(row[name]) if row[name] else None

    created, expires = parse_time(row["created_at"]), parse_time(row["expires_at"])
    return RuleException(**{**row, "created_at": created, "expires_at": expires, "ended_at": moment("ended_at")})
