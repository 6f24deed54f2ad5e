"""What each step of the daily run last worked on, so that a step whose inputs are unchanged is not due."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Column, MetaData, Table, Text, select

from vedette.audit import Act
from vedette.base import Json, canonical_json
from vedette.store import Store

STEP = Table(
    "run_step",
    MetaData(),
    Column("step", Text, primary_key=True),
    Column("inputs", Text, nullable=False),
    Column("result", Text, nullable=False),
    Column("finished_at", Text, nullable=False),
)


def last(store: Store, step: str) -> tuple[str, dict[str, Any]] | None:
    """The fingerprint of a step's last inputs and what it reported, or None where it never finished."""
    with store.database.reading() as connection:
        row = connection.execute(select(STEP).where(STEP.c.step == step)).mappings().one_or_none()
    return None if row is None else (str(row["inputs"]), json.loads(row["result"]))


def finish(act: Act, step: str, inputs: str, result: dict[str, Json]) -> None:
    """Note, in the act of the step's own work, what it worked on and reports."""
    row = {
        "step": step,
        "inputs": inputs,
        "result": canonical_json(result).decode(),
        "finished_at": act.moment,
    }
    act.upsert(STEP, [row])


def lake_fingerprint(store: Store, tables: tuple[str, ...]) -> str:
    """A text that changes whenever the committed files of these tables do."""
    with store.database.reading() as connection:
        rows = [row for name in tables for row in store.lake.files(connection, name)]
    return canonical_json([[row["path"], row["sha256"]] for row in rows]).decode()


def opened(store: Store) -> dict[str, int]:
    """When each account was opened, in microseconds; when it was first received where that is not known."""
    with store.engine(["accounts"]) as engine:
        return dict(engine.rows("SELECT account_id, coalesce(opened_us, received_us) FROM accounts"))


def wallets(store: Store) -> list[tuple[str, str, int]]:
    """(wallet, account, first payment in microseconds) of every wallet that paid, in a stable order."""
    sql = (
        "SELECT wallet, account_id, min(time_us) FROM payments WHERE wallet IS NOT NULL AND account_id IS NOT NULL "
        "GROUP BY ALL ORDER BY ALL"
    )
    with store.engine(["payments"]) as engine:
        return [(row[0], row[1], row[2]) for row in engine.rows(sql)]


def event(store: Store, event_id: str) -> tuple[str, dict[str, Any]] | None:
    """(table, row) of the sign-in, payment or log event of this id; None where the lake holds none."""
    keys = {"signins": "event_id", "logs": "event_id", "payments": "payment_id"}
    with store.engine(list(keys)) as engine:
        for table, key in keys.items():
            rows = list(engine.dictionaries(f"SELECT * FROM {table} WHERE {key} = ?", [event_id]))
            if rows:
                return table, rows[0]
    return None


def span_days(store: Store) -> float:
    """Days from the first to the last sign-in, payment and log event within the last year of data; at least one."""
    union = " UNION ALL ".join(f"SELECT time_us FROM {name}" for name in ("signins", "payments", "logs"))
    year = 365 * 86_400_000_000
    sql = f"SELECT min(time_us), max(time_us) FROM ({union}) WHERE time_us > (SELECT max(time_us) - {year} FROM ({union}))"
    with store.engine(["signins", "payments", "logs"]) as engine:
        first, last_seen = engine.rows(sql)[0]
    return max(1.0, (last_seen - first) / 86_400_000_000) if first is not None else 1.0
