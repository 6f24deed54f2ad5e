"""The room's rows in the state database: which files were taken in, and how far each fetch went."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, MetaData, Table, Text, select

from vedette.audit import Act
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
