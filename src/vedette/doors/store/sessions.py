"""Sessions of people in the state database, by the hash of the secret that the browser or the terminal holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Connection, MetaData, Table, Text, select

from vedette.audit import Act

SESSION = Table(
    "person_session",
    MetaData(),
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("seen_at", Text, nullable=False),
    Column("expires_at", Text, nullable=False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptSession:
    """One session. ``id`` is a hash; ``kind`` is ``web`` or ``terminal``; times are ISO 8601."""

    id: str
    name: str
    kind: str
    created_at: str
    seen_at: str
    expires_at: str


def keep_session(act: Act, session: KeptSession) -> None:
    """Write a session, within an act."""
    act.upsert(SESSION, [{column.name: getattr(session, column.name) for column in SESSION.columns}])


def find_session(connection: Connection, session_id: str) -> KeptSession | None:
    """One session by its hashed id."""
    row = connection.execute(select(SESSION).where(SESSION.c.id == session_id)).mappings().one_or_none()
    return None if row is None else KeptSession(**_values(row))


def sessions_of(connection: Connection, name: str) -> list[KeptSession]:
    """Every session of a person, oldest first."""
    query = select(SESSION).where(SESSION.c.name == name).order_by(SESSION.c.created_at, SESSION.c.id)
    return [KeptSession(**_values(row)) for row in connection.execute(query).mappings()]


def all_sessions(connection: Connection) -> list[KeptSession]:
    """Every session, by name and then the oldest first."""
    query = select(SESSION).order_by(SESSION.c.name, SESSION.c.created_at, SESSION.c.id)
    return [KeptSession(**_values(row)) for row in connection.execute(query).mappings()]


def drop_sessions(act: Act, ids: list[str]) -> None:
    """End sessions, within an act."""
    act.delete(SESSION, [{"id": session_id} for session_id in ids])


def _values(row: Any) -> dict[str, str]:
    return {column.name: row[column.name] for column in SESSION.columns}
