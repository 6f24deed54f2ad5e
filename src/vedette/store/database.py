"""The state database: one URL, SQLite or PostgreSQL, with short write transactions and consistent reads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from threading import RLock
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import ArgumentError, DatabaseError, InternalError, OperationalError

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
        # The embedded database lets one write and the others ask again ever later, so that the unlucky wait for seconds:
        # the threads of one process take turns instead.
        self._turn: AbstractContextManager[Any] = RLock() if self.embedded else nullcontext()
        with _told():
            migrate(self._engine)

    @property
    def embedded(self) -> bool:
        """Whether it is a file of this process, whose readers wait for nobody."""
        return self._engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one consistent state and changes nothing."""
        with _told(), self._engine.connect() as connection:
            yield connection
            connection.rollback()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction: committed at the end, rolled back on any exception."""
        with (
            _told(),
            self._turn,
            self._engine.connect().execution_options(vedette_write=True) as connection,
            connection.begin(),
        ):
            yield connection

    def scrub(self) -> None:
        """Let nothing that was deleted linger in the embedded database's write-ahead log; a server has its own upkeep."""
        if self.embedded:
            with _told(), self._engine.connect() as connection:
                connection.rollback()
                connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self) -> None:
        """Give back every connection."""
        self._engine.dispose()


@contextmanager
def _told() -> Iterator[None]:
    """Turn failures of the database itself into a StateError; faults of a statement keep their traceback."""
    try:
        yield
    except DatabaseError as fault:
        if type(fault) not in (OperationalError, DatabaseError, InternalError):
            raise
        raise _translated(str(fault.orig)) from None


def _translated(text: str) -> StateError:
    if "full" in text or "No space left" in text:
        return StateError("the disk is full; nothing of this step was written", remedy="Free space and run again")
    if "locked" in text:
        return StateError("another process is writing to this workspace", remedy="Wait for it to end and run again")
    if "malformed" in text or "not a database" in text:
        return StateError(f"the state database is damaged: {text}", remedy="Restore it from your backup")
    return StateError(f"the state database failed: {text}", remedy="Check the path, its permissions and the disk")


def _engine(url: str) -> Engine:
    try:
        engine = create_engine(url)
    except ArgumentError as fault:
        raise StateError(
            f"no database can be reached so: {fault}", remedy="Write sqlite:///FILE or postgresql+psycopg://..."
        ) from None
    except ModuleNotFoundError as fault:
        raise StateError(f"the driver {fault.name!r} is missing", remedy="Install vedette[postgres]") from None
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
        "secure_delete=ON",
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
