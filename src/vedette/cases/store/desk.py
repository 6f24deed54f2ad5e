"""Who is to work on a case, what people placed where, remarks and saved filters."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Connection, LargeBinary, MetaData, Table, Text, select

from vedette.audit import Act
from vedette.base import stable_id
from vedette.cases.words import Filter, Placement, Remark
from vedette.store import Store

METADATA = MetaData()
ASSIGNMENT = Table(
    "case_assignment",
    METADATA,
    Column("case_id", Text, primary_key=True),
    Column("assignee", Text, nullable=True),
    Column("assigned_by", Text, nullable=False),
    Column("assigned_at", Text, nullable=False),
)
PLACED = Table(
    "case_placed",
    METADATA,
    Column("account_id", Text, primary_key=True),
    Column("case_id", Text, nullable=False),
    Column("apart_from", Text, nullable=True),
    Column("placed_by", Text, nullable=False),
    Column("placed_at", Text, nullable=False),
)
REMARK = Table(
    "case_remark",
    METADATA,
    Column("remark_id", Text, primary_key=True),
    Column("case_id", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_at", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)
FILTER = Table(
    "case_filter",
    METADATA,
    Column("principal", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("query", Text, nullable=False),
    Column("saved_at", Text, nullable=False),
)


def assignees(connection: Connection) -> dict[str, str]:
    """Whom each case is assigned to; unassigned cases are left out."""
    query = select(ASSIGNMENT.c.case_id, ASSIGNMENT.c.assignee).where(ASSIGNMENT.c.assignee.is_not(None))
    return {row.case_id: row.assignee for row in connection.execute(query)}


def keep_assignment(act: Act, case_id: str, assignee: str | None) -> None:
    """Write whom a case is assigned to; None takes the assignment away."""
    row = {"case_id": case_id, "assignee": assignee, "assigned_by": str(act.principal), "assigned_at": act.moment}
    act.upsert(ASSIGNMENT, [row])


def placements(connection: Connection) -> list[Placement]:
    """Every account that a person has placed in a case, by account."""
    query = select(PLACED).order_by(PLACED.c.account_id)
    return [Placement(row.account_id, row.case_id, row.apart_from) for row in connection.execute(query)]


def keep_placement(act: Act, placed: list[Placement]) -> None:
    """Remember which accounts a person has placed where, so that no refresh undoes it."""
    by = {"placed_by": str(act.principal), "placed_at": act.moment}
    rows: list[dict[str, Any]] = [
        {"account_id": item.account_id, "case_id": item.case_id, "apart_from": item.apart_from, **by} for item in placed
    ]
    act.upsert(PLACED, rows)


def keep_remark(act: Act, store: Store, case_id: str, words: str) -> str:
    """Seal a remark on a case. Returns its id."""
    identity = stable_id("rem", case_id, str(act.index))
    sealed = store.vault.seal(case_id, {"note": words})
    row = {"remark_id": identity, "case_id": case_id, "made_by": str(act.principal), "made_at": act.moment}
    act.upsert(REMARK, [{**row, "sealed": sealed}])
    return identity


def remarks(store: Store, case_id: str) -> list[Remark]:
    """The remarks on a case, opened, oldest first."""
    query = select(REMARK).where(REMARK.c.case_id == case_id).order_by(REMARK.c.made_at, REMARK.c.remark_id)
    with store.database.reading() as connection:
        rows = connection.execute(query).all()
    return [
        Remark(row.remark_id, row.made_by, row.made_at, str(store.vault.open(row.case_id, bytes(row.sealed))["note"]))
        for row in rows
    ]


def filters(store: Store, principal: str) -> list[Filter]:
    """The filters that somebody has saved, by name."""
    query = select(FILTER).where(FILTER.c.principal == principal).order_by(FILTER.c.name)
    with store.database.reading() as connection:
        return [Filter(row.name, row.query, row.saved_at) for row in connection.execute(query)]


def keep_filter(act: Act, name: str, query: str) -> None:
    """Save a filter under a name, in place of an older one of that name."""
    act.upsert(FILTER, [{"principal": str(act.principal), "name": name, "query": query, "saved_at": act.moment}])


def drop_filter(act: Act, name: str) -> None:
    """Forget a saved filter."""
    act.delete(FILTER, [{"principal": str(act.principal), "name": name}])
