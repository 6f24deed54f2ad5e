"""The newest back-test of each rule in the state database, as figures and a few examples."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Column, MetaData, Table, Text, select

from vedette.audit import Act
from vedette.base import Json, canonical_json
from vedette.store import Store

BACKTEST = Table(
    "rule_backtest",
    MetaData(),
    Column("rule_id", Text, primary_key=True),
    Column("result", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_at", Text, nullable=False),
)


def put_backtest(act: Act, rule_id: str, result: Mapping[str, Json]) -> None:
    """Keep a rule's newest back-test in place of an older one."""
    text = canonical_json(dict(result)).decode()
    act.upsert(BACKTEST, [{"rule_id": rule_id, "result": text, "made_by": str(act.principal), "made_at": act.moment}])


def backtest_of(store: Store, rule_id: str) -> dict[str, Any] | None:
    """A rule's newest back-test with who made it and when; None where there is none."""
    with store.database.reading() as connection:
        query = select(BACKTEST).where(BACKTEST.c.rule_id == rule_id)
        row = connection.execute(query).mappings().one_or_none()
    return None if row is None else {**json.loads(row["result"]), "made_by": row["made_by"], "made_at": row["made_at"]}
