"""Sealed screenings, and the venue's questions, decisions and appeals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, select

from vedette.audit import Act
from vedette.base import Json
from vedette.conference.store.tables import APPEAL, DECISION, EXPIRING, QUESTION, SCREENING
from vedette.store import Store, VaultError

_BATCH = 500


def keep_screening(act: Act, store: Store, rows: Iterable[Mapping[str, Any]]) -> None:
    """Seal the rows of submissions; ``rows`` are mappings with the columns and a list under ``told``."""
    act.upsert(
        SCREENING,
        [
            {
                **{key: value for key, value in row.items() if key != "told"},
                "rows": len(row["told"]),
                "sealed": store.vault.seal(_subject(row["venue"], row["submission_id"]), {"rows": row["told"]}),
            }
            for row in rows
        ],
    )


def screenings(store: Store, venue: str, submission_id: str | None = None) -> list[dict[str, Any]]:
    """What screening said, sealed: who, when, how strict, how many rows. Nothing is opened."""
    query = select(SCREENING).where(SCREENING.c.venue == venue).order_by(SCREENING.c.submission_id)
    if submission_id is not None:
        query = query.where(SCREENING.c.submission_id == submission_id)
    with store.database.reading() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def opened(store: Store, row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows inside one sealed screening."""
    value = store.vault.open(_subject(row["venue"], row["submission_id"]), bytes(row["sealed"]))
    found: list[dict[str, Any]] = value["rows"]
    return found


def _subject(venue: str, submission_id: str) -> str:
    return f"conference/{venue}/{submission_id}/screening"


def keep_sealed(act: Act, store: Store, table: Table, row: Mapping[str, Any], told: Mapping[str, Json]) -> None:
    """Store a question, a decision or an appeal with its text sealed under its own id."""
    key = table.primary_key.columns[0].name
    act.upsert(table, [{**row, "sealed": store.vault.seal(f"conference/{row[key]}", told)}])


def sealed_of(store: Store, table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    """The text sealed with a row; empty once it was purged."""
    key = table.primary_key.columns[0].name
    try:
        return store.vault.open(f"conference/{row[key]}", bytes(row["sealed"]))
    except VaultError:
        return {}


def all_of(source: Store | Connection, table: Table, **where: str) -> list[dict[str, Any]]:
    """The rows of a table with these values, by their times and ids."""
    query = select(table)
    for name, value in where.items():
        query = query.where(table.c[name] == value)
    key = table.primary_key.columns[0]
    if isinstance(source, Connection):
        return [dict(row) for row in source.execute(query.order_by(key)).mappings()]
    with source.database.reading() as connection:
        return [dict(row) for row in connection.execute(query.order_by(key)).mappings()]


def due(connection: Connection, now: str) -> list[tuple[Table, list[dict[str, str]]]]:
    """The keys of every row whose time has passed, by table. What an open matter needs is not among them."""
    busy = _busy(connection)
    found = []
    for table in EXPIRING:
        keys = [column.name for column in table.primary_key]
        told = [name for name in ("venue", "submission_id") if name in table.c]
        query = select(*(table.c[name] for name in dict.fromkeys((*keys, *told)))).where(table.c.expires_at <= now)
        rows = [dict(row) for row in connection.execute(query).mappings()]
        free = [row for row in rows if (row.get("venue"), row.get("submission_id")) not in busy]
        found.append((table, [{key: row[key] for key in keys} for row in free]))
    return found


def _busy(connection: Connection) -> set[tuple[str, str]]:
    """Submissions with a waiting decision, or an open appeal."""
    waiting = connection.execute(
        select(DECISION.c.venue, DECISION.c.submission_id).where(DECISION.c.state == "waiting")
    ).all()
    query = (
        select(DECISION.c.venue, DECISION.c.submission_id)
        .join(APPEAL, APPEAL.c.decision_id == DECISION.c.decision_id)
        .where(APPEAL.c.state == "open")
    )
    return {(row[0], row[1]) for row in (*waiting, *connection.execute(query).all())}


def delete(act: Act, found: Sequence[tuple[Table, list[dict[str, str]]]]) -> dict[str, int]:
    """Delete the named rows; with a sealed row its key is gone. Returns how many, by table."""
    return {table.name: act.delete(table, keys) for table, keys in found if keys}


__all__ = [
    "APPEAL",
    "DECISION",
    "QUESTION",
    "all_of",
    "delete",
    "due",
    "keep_screening",
    "keep_sealed",
    "opened",
    "screenings",
    "sealed_of",
]
