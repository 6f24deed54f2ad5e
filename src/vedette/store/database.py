"""The state database: one URL, SQLite or PostgreSQL, with short write transactions and consistent reads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import OperationalError

from vedette.base import VedetteError
from vedette.store.migrate import migrate

_BUSY_MILLISECONDS = 30_000
_WRITER_LOCK = 8_473_662_101


class StateError(VedetteError):
    """The state database cannot be reached, is locked for too long, or its disk is full."""


class StateDatabase:
    """Connections to the state. Writers go through ``audit.writing``; ``writing`` here is its foundation."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._engine = _engine(url)
        try:
            migrate(self._engine)
        except OperationalError as fault:
            raise _translated(fault) from None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one consistent state and changes nothing."""
        with self._engine.connect() as connection:
            yield connection
            connection.rollback()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction: committed at the end, rolled back on any exception."""
        try:
            with self._engine.connect().execution_options(vedette_write=True) as connection, connection.begin():
                yield connection
        except OperationalError as fault:
            raise _translated(fault) from None

    def close(self) -> None:
        """Give back every connection."""
        self._engine.dispose()


def _translated(fault: OperationalError) -> StateError:
    text = str(fault.orig)
    if "full" in text:
        return StateError("the disk is full; nothing of this step was written", remedy="Free space and run again")
    if "locked" in text:
        return StateError("another process is writing to this workspace", remedy="Wait for it to end and run again")
    return StateError(f"the state database failed: {text}", remedy="Check the path, its permissions and the disk")


def _engine(url: str) -> Engine:
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _configure_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "begin", _begin_postgresql)
    return engine


def _configure_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own transaction handling begins too late for a consistent read: SQLAlchemy's events begin instead.
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout={_BUSY_MILLISECONDS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "trusted_schema=OFF",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    write = connection.get_execution_options().get("vedette_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def _begin_postgresql(connection: Connection) -> None:
    # One writer at a time, as in SQLite: sequence numbers and leaves then follow the order of commits.
    if connection.get_execution_options().get("vedette_write", False):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITER_LOCK})")
    else:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
