"""Legal clocks and freezes in the state database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Connection, MetaData, Table, Text, select

from vedette.audit import Act
from vedette.cases.model import CaseError
from vedette.cases.words import ClockState, Freeze, LegalClock

_METADATA = MetaData()
CLOCK = Table(
    "case_clock",
    _METADATA,
    Column("clock_id", Text, primary_key=True),
    Column("case_id", Text, nullable=False),
    Column("decision_id", Text, nullable=False),
    Column("policy", Text, nullable=False),
    Column("policy_version", Text, nullable=False),
    Column("started_at", Text, nullable=False),
    Column("due_on", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("closed_by", Text, nullable=True),
    Column("closed_at", Text, nullable=True),
    Column("reference", Text, nullable=True),
)
FREEZE = Table(
    "case_freeze",
    _METADATA,
    Column("account_id", Text, primary_key=True),
    Column("case_id", Text, nullable=False),
    Column("decision_id", Text, nullable=False),
    Column("since", Text, nullable=False),
    Column("released_at", Text, nullable=True),
)


def keep_clocks(act: Act, found: Sequence[LegalClock]) -> None:
    """Write clocks as they stand."""
    act.upsert(
        CLOCK, [{**{name: getattr(item, name) for name in item.__slots__}, "state": item.state.value} for item in found]
    )


def clocks(connection: Connection) -> list[LegalClock]:
    """Every clock, the one due first in front."""
    query = select(CLOCK).order_by(CLOCK.c.due_on, CLOCK.c.clock_id)
    return [_clock(row) for row in connection.execute(query).mappings()]


def clock(connection: Connection, clock_id: str) -> LegalClock:
    """One clock. Raises CaseError."""
    row = connection.execute(select(CLOCK).where(CLOCK.c.clock_id == clock_id)).mappings().one_or_none()
    if row is None:
        raise CaseError(f"no clock {clock_id[:60]!r}", remedy="See `vedette cases clocks`")
    return _clock(row)


def keep_freezes(act: Act, found: Sequence[Freeze]) -> None:
    """Write freezes as they stand."""
    act.upsert(FREEZE, [{name: getattr(item, name) for name in item.__slots__} for item in found])


def freezes(connection: Connection) -> list[Freeze]:
    """Every freeze, by account."""
    return [Freeze(**dict(row)) for row in connection.execute(select(FREEZE).order_by(FREEZE.c.account_id)).mappings()]


def _clock(row: Mapping[Any, Any]) -> LegalClock:
    return LegalClock(**{**dict(row), "state": ClockState(row["state"])})
