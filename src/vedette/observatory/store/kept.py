"""The room's rows in the state database: which files were taken in, and how far each fetch went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Column, MetaData, Table, Text, select

from vedette.audit import Act, writing
from vedette.base import Clock, Principal
from vedette.observatory.model import InputFile
from vedette.store import Store

_METADATA = MetaData()
FILE = Table(
    "publication_file",
    _METADATA,
    Column("sha256", Text, primary_key=True),
    Column("source", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("read", BigInteger, nullable=False),
    Column("stored", BigInteger, nullable=False),
    Column("duplicates", BigInteger, nullable=False),
    Column("refused", BigInteger, nullable=False),
    Column("imported_at", Text, nullable=False),
)
FETCH = Table(
    "publication_fetch",
    _METADATA,
    Column("id", Text, primary_key=True),
    Column("service", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("query", Text, nullable=False),
    Column("cursor", Text, nullable=False),
    Column("pages", BigInteger, nullable=False),
    Column("works", BigInteger, nullable=False),
    Column("done", BigInteger, nullable=False),
    Column("updated_at", Text, nullable=False),
)


def inputs(store: Store) -> tuple[InputFile, ...]:
    """Every file taken in, by time and name."""
    query = select(FILE).order_by(FILE.c.imported_at, FILE.c.name, FILE.c.sha256)
    with store.database.reading() as connection:
        return tuple(InputFile(**dict(row)) for row in connection.execute(query).mappings())


def seen(store: Store, sha256: str, source: str) -> InputFile | None:
    """What came of the same bytes when they were taken in before."""
    query = select(FILE).where(FILE.c.sha256 == sha256, FILE.c.source == source)
    with store.database.reading() as connection:
        row = connection.execute(query).mappings().one_or_none()
    return InputFile(**dict(row)) if row else None


def remember(act: Act, files: tuple[InputFile, ...]) -> None:
    """Note files as taken in."""
    act.upsert(FILE, [{name: getattr(item, name) for name in InputFile.__slots__} for item in files])


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one question was fetched: the cursor to go on from, pages and works so far, and whether that was all."""

    id: str
    service: str
    url: str
    query: str
    cursor: str = "*"
    pages: int = 0
    works: int = 0
    done: bool = False


def progress(store: Store, fetch_id: str) -> Progress | None:
    """How far a question was fetched; None where it never was."""
    query = select(FETCH).where(FETCH.c.id == fetch_id)
    with store.database.reading() as connection:
        row = connection.execute(query).mappings().one_or_none()
    return _progress(dict(row)) if row else None


def fetches(store: Store) -> tuple[Progress, ...]:
    """Every question that was fetched, by id: what a citable bundle names."""
    with store.database.reading() as connection:
        return tuple(_progress(dict(row)) for row in connection.execute(select(FETCH).order_by(FETCH.c.id)).mappings())


def _progress(row: Mapping[str, Any]) -> Progress:
    names = [name for name in Progress.__slots__ if name != "done"]
    return Progress(**{name: row[name] for name in names}, done=bool(row["done"]))


def note(store: Store, principal: Principal, now: Progress, *, clock: Clock) -> None:
    """Keep how far a question was fetched, in one act."""
    with writing(store, principal, "observatory.fetch", clock=clock) as act:
        row = {name: getattr(now, name) for name in Progress.__slots__}
        act.upsert(FETCH, [{**row, "done": int(now.done), "updated_at": act.moment}])
        act.fact("fetch", now.id)
        act.fact("service", now.service)
        act.fact("pages", now.pages)
        act.fact("works", now.works)
        act.fact("done", now.done)
