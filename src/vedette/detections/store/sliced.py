"""The locked room for a slice: the rows of touched keys copied into memory once, and rules run over those copies."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any

import duckdb

from vedette.detections.model import Limits
from vedette.detections.references import references
from vedette.detections.store.sandbox import Sandbox, load_reference, timed
from vedette.store.engines.duckdb import identifier


class SlicedRoom:
    """One in-memory DuckDB with the lake's tables, what arrived in them, and copies cut by key. A context manager.

    First ``arrived``, ``keys`` and ``copy`` look at the lake; ``lock`` closes the room; then rules run over views that
    name their declared tables only.
    """

    dialect = "duckdb"

    def __init__(self, tables: Sandbox, since_us: int, limits: Limits) -> None:
        self._tables = tables
        self._since = since_us
        self._limits = limits
        self._connection: Any = None

    def __enter__(self) -> SlicedRoom:
        self._connection = duckdb.connect(":memory:", config=self._tables.settings(self._limits))
        for schema in ("lake", "older", "copied"):
            self._run(f"CREATE SCHEMA {schema}")
        for name, relation in self._tables.relations.items():
            self._run(f"CREATE VIEW lake.{identifier(name)} AS SELECT * FROM {relation}")
            self._run(
                f"CREATE VIEW older.{identifier(name)} AS SELECT * FROM {relation} WHERE received_us < {self._since}"
            )
        return self

    def __exit__(self, _kind: type[BaseException] | None, _value: object, _trace: TracebackType | None) -> None:
        self._connection.close()
        self._connection = None

    def arrived(self, tables: Iterable[str]) -> frozenset[str]:
        """Those of the tables that hold a row received since the beginning of the slice."""
        names = [name for name in tables if name in self._tables.relations]
        if not names:
            return frozenset()
        tests = ", ".join(
            f"EXISTS (SELECT 1 FROM lake.{identifier(name)} WHERE received_us >= {self._since})" for name in names
        )
        (row,) = self._run(f"SELECT {tests}")
        return frozenset(name for name, found in zip(names, row, strict=True) if found)

    def keys(self, kind: str, tables: Sequence[str]) -> frozenset[str]:
        """The different keys of this kind among the rows received since; null is none."""
        key = identifier(kind)
        parts = " UNION ".join(
            f"SELECT {key} AS key FROM lake.{identifier(name)} WHERE received_us >= {self._since} AND {key} IS NOT NULL"
            for name in tables
        )
        self._run(f"CREATE TABLE {identifier('touched ' + kind)} AS {parts}")
        return frozenset(str(row[0]) for row in self._run(f"SELECT key FROM {identifier('touched ' + kind)}"))

    def copy(
        self, columns: Mapping[str, Collection[str]], kinds: Mapping[str, Sequence[str]], whole: Collection[str]
    ) -> None:
        """Copy these columns of these tables: the rows of which a key of each kind was touched, apart; every row of ``whole``.

        One pass over each table serves all kinds, because reading the other columns is what takes long.
        """
        known = references()
        for kind in sorted({kind for found in kinds.values() for kind in found}):
            self._run(f"CREATE SCHEMA {_schema(kind)}")
        for name, wanted in columns.items():
            if name in known:
                load_reference(self._connection, name, known[name], "copied")
                continue
            self._copy_table(name, wanted, kinds.get(name, ()), whole=name in whole)

    def _copy_table(self, name: str, wanted: Collection[str], own: Sequence[str], *, whole: bool) -> None:
        """One table's rows with a mark for each kind; the rows of a kind are then a view, which costs nothing to make."""
        chosen = ", ".join(map(identifier, sorted(wanted)))
        marks = "".join(f", {_touched(kind)} AS {_mark(kind)}" for kind in own)
        where = "" if whole else " WHERE " + " OR ".join(map(_mark, own))
        self._run(
            f"CREATE TABLE copied.{identifier(name)} AS SELECT * FROM (SELECT {chosen}{marks} FROM lake.{identifier(name)}){where}"
        )
        for kind in own:
            rows = f"SELECT {chosen} FROM copied.{identifier(name)} WHERE {_mark(kind)}"
            self._run(f"CREATE VIEW {_schema(kind)}.{identifier(name)} AS {rows}")

    def lock(self) -> None:
        """Close the room: from here on only the copies, and the lake's folder through views, can be read."""
        for setting in self._tables.locks():
            self._run(f"SET {setting}")

    def older(self) -> _Views:
        """The lake as an engine, without what was received since the beginning of the slice."""
        return _Views(self._connection, {name: f"older.{identifier(name)}" for name in self._tables.relations})

    def newest(self) -> _Views:
        """The lake as an engine, as it is now."""
        return _Views(self._connection, {name: f"lake.{identifier(name)}" for name in self._tables.relations})

    def cut(self, kind: str, keyed: Iterable[str], whole: Iterable[str]) -> _Views:
        """An engine over the copies: these tables cut by the key, those whole."""
        views = {name: f"{_schema(kind)}.{identifier(name)}" for name in keyed}
        return _Views(self._connection, views | {name: f"copied.{identifier(name)}" for name in whole})

    def _run(self, sql: str) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = self._connection.execute(sql).fetchall()
        return found


def _schema(kind: str) -> str:
    return identifier(f"by {kind}")


def _mark(kind: str) -> str:
    return identifier(f"touched {kind}")


def _touched(kind: str) -> str:
    return f"{identifier(kind)} IN (SELECT key FROM main.{identifier('touched ' + kind)})"


class _Views:
    """An engine whose tables are temporary views of a connection of their own: what is not named cannot be read."""

    dialect = "duckdb"

    def __init__(self, connection: Any, targets: Mapping[str, str]) -> None:
        self._connection = connection
        self._targets = targets

    def rows(self, sql: str, tables: Sequence[str], limits: Limits) -> Iterator[Mapping[str, Any]]:
        """The rows of one SELECT as dictionaries. Raises RuleStopped when a limit is passed or the SQL fails."""
        cursor = self._connection.cursor()
        for name in tables:
            cursor.execute(f"CREATE TEMP VIEW {identifier(name)} AS SELECT * FROM {self._targets[name]}").fetchall()
        yield from timed(cursor, sql, limits)
