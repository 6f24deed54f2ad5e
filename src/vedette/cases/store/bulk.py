"""Bulk acts in the state database, with their sealed notes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Column, Connection, LargeBinary, MetaData, Table, Text, select

from vedette.audit import Act
from vedette.base import canonical_json
from vedette.cases.model import Action, CaseError, Outcome
from vedette.cases.words import Bulk
from vedette.store import Store

BULK = Table(
    "case_bulk",
    MetaData(),
    Column("bulk_id", Text, primary_key=True),
    Column("query", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("reason_code", Text, nullable=False),
    Column("items", Text, nullable=False),
    Column("versions", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_at", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("request_id", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)


def keep_bulk(act: Act, made: Bulk, sealed: bytes) -> None:
    """Write a bulk act as it stands."""
    row: dict[str, Any] = {name: getattr(made, name) for name in made.__slots__}
    row["items"] = canonical_json([list(item) for item in made.items]).decode()
    row["versions"] = canonical_json(dict(made.versions)).decode()
    act.upsert(BULK, [{**row, "outcome": made.outcome.value, "action": made.action.value, "sealed": sealed}])


def sealed_bulk_note(store: Store, bulk_id: str, words: str) -> bytes:
    """The note of a bulk act under a key of its own."""
    return store.vault.seal(bulk_id, {"note": words})


def opened_bulk_note(store: Store, bulk_id: str, sealed: bytes) -> str:
    """The note of a bulk act."""
    return str(store.vault.open(bulk_id, sealed)["note"])


def bulk(connection: Connection, bulk_id: str) -> tuple[Bulk, bytes]:
    """One bulk act and its sealed note. Raises CaseError."""
    row = connection.execute(select(BULK).where(BULK.c.bulk_id == bulk_id)).mappings().one_or_none()
    if row is None:
        raise CaseError(f"no bulk act {bulk_id[:60]!r}", remedy="See `vedette cases bulk --waiting`")
    return _bulk(row), bytes(row["sealed"])


def bulks(connection: Connection) -> list[Bulk]:
    """Every bulk act, oldest first."""
    query = select(BULK).order_by(BULK.c.made_at, BULK.c.bulk_id)
    return [_bulk(row) for row in connection.execute(query).mappings()]


def _bulk(row: Mapping[Any, Any]) -> Bulk:
    values = {name: row[name] for name in row if name != "sealed"}
    values["items"] = tuple((case_id, version) for case_id, version in json.loads(values["items"]))
    values["versions"] = json.loads(values["versions"])
    return Bulk(**{**values, "outcome": Outcome(values["outcome"]), "action": Action(values["action"])})
