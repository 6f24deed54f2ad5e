"""Appeals in the state database, their texts and answers sealed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Column, Connection, LargeBinary, MetaData, Table, Text, select

from vedette.audit import Act
from vedette.cases.model import CaseError
from vedette.cases.words import Appeal, AppealState
from vedette.store import Store

APPEAL = Table(
    "case_appeal",
    MetaData(),
    Column("appeal_id", Text, primary_key=True),
    Column("case_id", Text, nullable=False),
    Column("decision_id", Text, nullable=False),
    Column("opened_by", Text, nullable=False),
    Column("received_at", Text, nullable=False),
    Column("due_on", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("answered_by", Text, nullable=True),
    Column("answered_at", Text, nullable=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("answer", LargeBinary, nullable=True),
)


def keep_appeal(act: Act, store: Store, made: Appeal, words: str) -> None:
    """Write an appeal with its sealed text."""
    act.upsert(APPEAL, [{**_row(made), "sealed": store.vault.seal(made.case_id, {"text": words}), "answer": None}])


def keep_answer(act: Act, store: Store, made: Appeal, words: str) -> None:
    """Write an answered appeal with the sealed grounds of its answer."""
    query = select(APPEAL.c.sealed).where(APPEAL.c.appeal_id == made.appeal_id)
    sealed = bytes(act.connection.execute(query).scalar_one())
    act.upsert(APPEAL, [{**_row(made), "sealed": sealed, "answer": store.vault.seal(made.case_id, {"text": words})}])


def appeal(connection: Connection, appeal_id: str) -> Appeal:
    """One appeal. Raises CaseError."""
    row = connection.execute(select(APPEAL).where(APPEAL.c.appeal_id == appeal_id)).mappings().one_or_none()
    if row is None:
        raise CaseError(f"no appeal {appeal_id[:60]!r}", remedy="See `vedette cases appeals`")
    return _appeal(row)


def appeals(connection: Connection) -> list[Appeal]:
    """Every appeal, the one due first in front."""
    query = select(APPEAL).order_by(APPEAL.c.due_on, APPEAL.c.appeal_id)
    return [_appeal(row) for row in connection.execute(query).mappings()]


def appeal_texts(store: Store, appeal_id: str) -> tuple[str, str | None]:
    """What the customer wrote, and the grounds of the answer where there is one; opened."""
    query = select(APPEAL.c.case_id, APPEAL.c.sealed, APPEAL.c.answer).where(APPEAL.c.appeal_id == appeal_id)
    with store.database.reading() as connection:
        row = connection.execute(query).one()
    opened = [None if part is None else str(store.vault.open(row.case_id, bytes(part))["text"]) for part in row[1:]]
    return opened[0] or "", opened[1]


def _row(made: Appeal) -> dict[str, Any]:
    return {**{name: getattr(made, name) for name in made.__slots__}, "state": made.state.value}


def _appeal(row: Mapping[Any, Any]) -> Appeal:
    values = {name: row[name] for name in row if name not in ("sealed", "answer")}
    return Appeal(**{**values, "state": AppealState(values["state"])})
