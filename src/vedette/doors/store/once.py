"""Answers to requests that bore an idempotency key, so that a repetition does nothing and hears the same."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import BigInteger, Column, Connection, LargeBinary, MetaData, Table, Text, select

from vedette.audit import Act

ONCE = Table(
    "request_once",
    MetaData(),
    Column("principal", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("asked", Text, nullable=False),
    Column("status", BigInteger, nullable=False),
    Column("answer", LargeBinary, nullable=False),
    Column("made_at", Text, nullable=False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One request under its key: what was asked, as a hash, and the answer; status 0 while it is at work."""

    principal: str
    key: str
    asked: str
    status: int
    answer: bytes
    made_at: str


def find(connection: Connection, principal: str, key: str) -> Kept | None:
    """The request of a principal under a key."""
    query = select(ONCE).where(ONCE.c.principal == principal, ONCE.c.key == key)
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else Kept(**{**row, "answer": bytes(row["answer"])})


def keep(act: Act, kept: Kept) -> None:
    """Write a request, within an act."""
    act.upsert(ONCE, [{column.name: getattr(kept, column.name) for column in ONCE.columns}])


def drop(act: Act, kept: Kept) -> None:
    """Forget a request, within an act: it may be sent again."""
    act.delete(ONCE, [{"principal": kept.principal, "key": kept.key}])


def drop_older(act: Act, principal: str, moment: str) -> None:
    """Forget a principal's requests from before a moment, within an act."""
    query = select(ONCE.c.key).where(ONCE.c.principal == principal, ONCE.c.made_at < moment)
    keys = list(act.connection.execute(query).scalars())
    act.delete(ONCE, [{"principal": principal, "key": key} for key in keys])
