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
