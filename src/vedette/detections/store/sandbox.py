"""The locked room in which rules run: DuckDB with the declared tables as views, no way out, and limits on time and memory."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb

from vedette.detections.model import Limits, RuleStopped
from vedette.detections.references import SEPARATOR, Reference, references
from vedette.store import LakeTable, Store
from vedette.store.engines.duckdb import identifier, literal

_CHUNK = 10_000


class Sandbox:
    """Runs checked SELECTs, each in a fresh in-memory DuckDB that sees only the tables named.

    ``relations`` maps table names to SQL over committed files; ``folder`` is the only place on disk that may be read.
    """

    dialect = "duckdb"

    def __init__(
        self, relations: Mapping[str, str], *, folder: Path | None = None, scratch: Path | None = None
    ) -> None:
        self.relations = relations
        self._folder = folder
        self._scratch = scratch

    def rows(self, sql: str, tables: Sequence[str], limits: Limits) -> Iterator[Mapping[str, Any]]:
        """The rows of one SELECT as dictionaries. Raises RuleStopped when a limit is passed or the SQL fails."""
        yield from timed(self._open(tables, limits), sql, limits)

    def _open(self, tables: Sequence[str], limits: Limits) -> Any:
        connection = duckdb.connect(":memory:", config=self.settings(limits))
        known = references()
        for name in tables:
            if name in known:
                load_reference(connection, name, known[name])
            elif name in self.relations:
                view = f"CREATE VIEW {identifier(name)} AS SELECT * FROM {self.relations[name]}"
                connection.execute(view).fetchall()
            else:
                connection.close()
                raise RuleStopped(f"there is no table {name!r}", remedy=f"One of: {', '.join(sorted(self.relations))}")
        for setting in self.locks():
            connection.execute(f"SET {setting}").fetchall()
        return connection

    def locks(self) -> tuple[str, ...]:
        """What closes the room, in this order: only the lake's folder may be read, and no setting may change again."""
        door = () if self._folder is None else (f"allowed_directories = [{literal(str(self._folder))}]",)
        return (*door, "enable_external_access = false", "lock_configuration = true")

    def settings(self, limits: Limits) -> dict[str, Any]:
        """With what a connection of the room is opened."""
        settings: dict[str, Any] = {
            "memory_limit": limits.memory,
            "threads": limits.threads,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "allow_community_extensions": False,
            "python_enable_replacements": False,
            "preserve_insertion_order": False,
        }
        # Without a scratch folder nothing is spilled to disk: over the memory limit the rule stops.
        settings["temp_directory"] = "" if self._scratch is None else str(self._scratch)
        return settings


def lake_tables(store: Store, names: Sequence[str] | None = None) -> Sandbox:
    """The committed lake of a workspace as tables for rules, as it is now; all tables by default."""
    wanted = list(names) if names is not None else [table.name for table in store.catalogue]
    return Sandbox(store.relations(wanted), folder=store.workspace.lake, scratch=store.workspace.scratch)


def tables_of_rows(tables: Sequence[LakeTable], rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> Sandbox:
    """Tables made of rows in memory, typed as the catalogue says: for examples and tests."""
    return Sandbox({table.name: _relation(table, rows.get(table.name, ())) for table in tables})


def written(
    tables: Sequence[LakeTable], rows: Mapping[str, Sequence[Mapping[str, Any]]], folder: Path
) -> dict[str, Path]:
    """Given rows as Parquet files of the catalogue's types, one for each table that holds some: for benches and tests."""
    connection = duckdb.connect(":memory:")
    found = {}
    for table in tables:
        if rows.get(table.name):
            found[table.name] = folder / f"given-{table.name}.parquet"
            target = literal(str(found[table.name]))
            connection.execute(f"COPY (SELECT * FROM {_relation(table, rows[table.name])}) TO {target}").fetchall()
    connection.close()
    return found


def _relation(table: LakeTable, rows: Sequence[Mapping[str, Any]]) -> str:
    """A typed sub-select over given rows; only columns that hold something are written out as values."""
    used = [column.name for column in table.columns if any(row.get(column.name) is not None for row in rows)]
    typed = ", ".join(
        f"CAST({identifier(column.name) if column.name in used else 'NULL'} AS {column.type.value})"
        f" AS {identifier(column.name)}"
        for column in table.columns
    )
    if not used:
        return f"(SELECT {typed} WHERE false)"
    names = ", ".join(identifier(name) for name in used)
    values = ", ".join("(" + ", ".join(_cell(row.get(name)) for name in used) + ")" for row in rows)
    return f"(SELECT {typed} FROM (VALUES {values}) AS given({names}))"


def _cell(value: object) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return repr(value) if isinstance(value, int | float) else literal(str(value))


def load_reference(connection: Any, name: str, reference: Reference, schema: str = "main") -> None:
    """Make a table of constants in a schema of the connection."""
    columns = ", ".join(
        f"CAST({identifier(column)} AS {kind}) AS {identifier(column)}" for column, kind in reference.columns
    )
    # Arrays are taken over several times faster than texts are split inside the engine.
    connection.register("given_rows", _arrays(reference))
    connection.execute(f"CREATE TABLE {schema}.{identifier(name)} AS SELECT {columns} FROM given_rows").fetchall()
    connection.unregister("given_rows")


@lru_cache(maxsize=32)
def _arrays(reference: Reference) -> dict[str, Any]:
    import numpy as np

    names = [column for column, _ in reference.columns]
    return {
        name: np.array(values.split(SEPARATOR), dtype=object)
        for name, values in zip(names, reference.values, strict=True)
    }


def timed(connection: Any, sql: str, limits: Limits) -> Iterator[Mapping[str, Any]]:
    """The rows of one SELECT, after which the connection is closed. Raises RuleStopped when a limit is passed."""
    timer = threading.Timer(limits.seconds, connection.interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield from _fetched(connection, sql)
    except duckdb.InterruptException:
        raise RuleStopped(
            f"took longer than {limits.seconds:g} s", remedy="Read fewer rows, or raise the limit"
        ) from None
    except duckdb.Error as fault:
        raise RuleStopped(f"the engine refused: {str(fault).splitlines()[0]}") from None
    finally:
        timer.cancel()
        connection.close()


def _fetched(connection: Any, sql: str) -> Iterator[Mapping[str, Any]]:
    cursor = connection.execute(sql)
    names = [column[0] for column in cursor.description]
    while chunk := cursor.fetchmany(_CHUNK):
        for row in chunk:
            yield dict(zip(names, row, strict=True))
