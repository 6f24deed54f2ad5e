"""Decisions and their sealed notes in the state database."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, LargeBinary, MetaData, Table, Text, select

from vedette.audit import Act
from vedette.base import canonical_json, parse_time
from vedette.cases.model import Action, CaseError, Decision, DecisionState, Outcome
from vedette.store import Store

METADATA = MetaData()
DECISION = Table(
    "case_decision",
    METADATA,
    Column("decision_id", Text, primary_key=True),
    Column("case_id", Text, nullable=False),
    Column("case_version", BigInteger, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("reason_code", Text, nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("decided_at", Text, nullable=False),
    Column("findings", Text, nullable=False),
    Column("versions", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("request_id", Text, nullable=True),
    Column("before", Text, nullable=False),
)
NOTE = Table(
    "case_note",
    METADATA,
    Column("decision_id", Text, primary_key=True),
    Column("case_id", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)


def decisions(store: Store, case_id: str) -> list[Decision]:
    """Every decision of a case, oldest first, undone and replaced ones included."""
    query = select(DECISION).where(DECISION.c.case_id == case_id).order_by(DECISION.c.case_version)
    with store.database.reading() as connection:
        return [read_decision(row) for row in connection.execute(query).mappings()]


def note(store: Store, decision_id: str) -> str | None:
    """A decision's note, opened; None where it has been shredded. Raises VaultError where it was altered."""
    with store.database.reading() as connection:
        row = connection.execute(select(NOTE).where(NOTE.c.decision_id == decision_id)).one_or_none()
    return None if row is None else str(store.vault.open(row.case_id, bytes(row.sealed))["note"])


def keep_decision(act: Act, decision: Decision) -> None:
    """Write a decision as it stands."""
    row = {
        **decision.as_json(),
        "findings": _text(list(decision.findings)),
        "versions": _text(dict(decision.versions)),
        "before": _text(dict(decision.before)),
    }
    act.upsert(DECISION, [row])


def keep_note(act: Act, store: Store, decision: Decision, words: str) -> None:
    """Seal a decision's note. It stands apart from the decision, so that shredding it leaves the decision provable."""
    sealed = store.vault.seal(decision.case_id, {"note": words})
    act.upsert(NOTE, [{"decision_id": decision.decision_id, "case_id": decision.case_id, "sealed": sealed}])


def decision(connection: Connection, decision_id: str) -> Decision:
    """One decision within an open transaction. Raises CaseError."""
    row = connection.execute(select(DECISION).where(DECISION.c.decision_id == decision_id)).mappings().one_or_none()
    if row is None:
        raise CaseError(f"no decision {decision_id!r}")
    return read_decision(row)


def read_decision(row: Mapping[Any, Any]) -> Decision:
    """A decision from its row."""
    values = dict(row)
    values["outcome"] = Outcome(values["outcome"])
    values["action"] = Action(values["action"])
    values["state"] = DecisionState(values["state"])
    values["decided_at"] = parse_time(values["decided_at"])
    values["findings"] = tuple(json.loads(values["findings"]))
    values["versions"] = json.loads(values["versions"])
    values["before"] = json.loads(values["before"])
    return Decision(**values)


def _text(value: object) -> str:
    return canonical_json(value).decode()
