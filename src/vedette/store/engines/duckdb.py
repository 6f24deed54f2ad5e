"""DuckDB over the committed files of the lake: the embedded engine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb

_CHUNK = 10_000


class DuckEngine:
    """One in-memory DuckDB connection with the lake's tables as views. Use as a context manager.

    Every result is fetched to its end before the next statement, as DuckDB 2 demands.
    """

    def __init__(self, relations: Mapping[str, str], scratch: Path, *, memory: str, threads: int) -> None:
        self._relations = relations
        self._scratch = scratch
        self._settings: dict[str, Any] = {"memory_limit": memory, "threads": threads}
        self.connection: Any = None

    def __enter__(self) -> DuckEngine:
        self.connection = connect(self._scratch, **self._settings)
        for name, select in self._relations.items():
            self.run(f"CREATE VIEW {identifier(name)} AS {select}")
        return self

    def __exit__(self, _kind: type[BaseException] | None, _value: object, _trace: TracebackType | None) -> None:
        self.connection.close()
        self.connection = None

    def run(self, sql: str, parameters: Sequence[object] | Mapping[str, object] = ()) -> None:
        """Execute a statement and drop its result."""
        self.connection.execute(sql, parameters or None).fetchall()

    def rows(self, sql: str, parameters: Sequence[object] | Mapping[str, object] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        found: list[tuple[Any, ...]] = self.connection.execute(sql, parameters or None).fetchall()
        return found

    def dictionaries(
        self, sql: str, parameters: Sequence[object] | Mapping[str, object] = ()
    ) -> Iterator[dict[str, Any]]:
        """Rows as dictionaries. The whole result is held before the first is given."""
        cursor = self.connection.execute(sql, parameters or None)
        names = [column[0] for column in cursor.description]
        for row in cursor.fetchall():
            yield dict(zip(names, row, strict=True))


def connect(scratch: Path, *, memory_limit: str = "1200MB", threads: int = 2) -> Any:
    """A fresh in-memory database in UTC that spills into the workspace's scratch folder and loads no extensions."""
    connection = duckdb.connect(
        ":memory:",
        config={
            "memory_limit": memory_limit,
            "threads": threads,
            "temp_directory": str(scratch),
            "preserve_insertion_order": True,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        },
    )
    connection.execute("SET TimeZone = 'UTC'").fetchall()
    # Progress is shown by the doors, on stderr; the engine must not draw into a command's answer.
    connection.execute("SET enable_progress_bar = false").fetchall()
    return connection


def identifier(name: str) -> str:
    """A name quoted for SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text quoted for SQL."""
    return "'" + text.replace("'", "''") + "'"
