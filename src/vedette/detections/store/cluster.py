"""The locked room on Apache Spark: each checked SELECT in a session of its own that sees only the tables named."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from vedette.detections import guard
from vedette.detections.lake import TABLES
from vedette.detections.model import Limits, RuleStopped
from vedette.detections.references import references
from vedette.store import LakeTable, Store
from vedette.store.engines import spark

_NUMBERS = {"VARCHAR": "STRING"}
_PYTHON: dict[str, Any] = {"BIGINT": int, "DOUBLE": float}


class ClusterRoom:
    """Runs checked SELECTs on Spark. ``views`` makes one table of the lake in a session.

    Spark has no locked configuration: what keeps a rule inside is that its text, as Spark will read it, is parsed and
    checked node by node again, that files cannot be named in SQL, and that the session holds nothing but its tables.
    """

    dialect = "spark"

    def __init__(self, views: Mapping[str, Any], *, master: str, settings: Mapping[str, str] | None = None) -> None:
        self._views = views
        self._master = master
        self._settings = settings

    def rows(self, sql: str, tables: Sequence[str], limits: Limits) -> Iterator[Mapping[str, Any]]:
        """The rows of one SELECT as dictionaries. Raises RuleStopped when a limit is passed or the SQL fails."""
        guard.check_written(sql, tables, self.dialect)
        session = spark.session(self._master, self._settings)
        self._open(session, tables)
        group = uuid.uuid4().hex
        context = session.sparkContext
        context.setJobGroup(group, "a detection rule", True)
        timer = threading.Timer(limits.seconds, context.cancelJobGroup, [group])
        timer.daemon = True
        timer.start()
        try:
            for row in session.sql(sql).collect():
                yield row.asDict()
        except (
            Exception
        ) as fault:  # Spark raises its own kinds, and Java's through the bridge: each becomes one sentence
            if not timer.is_alive():
                remedy = "Read fewer rows, or raise the limit"
                raise RuleStopped(f"took longer than {limits.seconds:g} s", remedy=remedy) from None
            raise RuleStopped(f"the engine refused: {str(fault).splitlines()[0][:300]}") from None
        finally:
            timer.cancel()
            for name in tables:
                session.catalog.dropTempView(name)

    def _open(self, session: Any, tables: Iterable[str]) -> None:
        known = references()
        for name in tables:
            if name in known:
                session.table(_shared(session, name)).createOrReplaceTempView(name)
            elif name in self._views:
                self._views[name](session)
            else:
                raise RuleStopped(f"there is no table {name!r}", remedy=f"One of: {', '.join(sorted(self._views))}")


_SHARED: dict[tuple[str, str], str] = {}


def _shared(session: Any, name: str) -> str:
    """The global view of a table of constants, made and held once for each running Spark."""
    running = session.sparkContext.applicationId
    if (running, name) not in _SHARED:
        reference = references()[name]
        columns = ", ".join(f"{spark.quoted(c)} {_NUMBERS.get(kind, kind)}" for c, kind in reference.columns)
        kinds = [_PYTHON.get(kind, str) for _, kind in reference.columns]
        rows = [tuple(kind(cell) for kind, cell in zip(kinds, row, strict=True)) for row in reference.rows()]
        session.createDataFrame(rows, columns).coalesce(1).cache().createOrReplaceGlobalTempView(name)
        _SHARED[running, name] = f"global_temp.{name}"
    return _SHARED[running, name]


def cluster_tables(store: Store, *, master: str, settings: Mapping[str, str] | None = None) -> ClusterRoom:
    """The committed lake of a workspace as tables for rules on Spark, as it is now."""
    with store.database.reading() as connection:
        files = store.lake.files(connection)
    views = {
        table.name: _from_files(
            table, [str(store.lake.folder / str(row["path"])) for row in files if row["table_name"] == table.name]
        )
        for table in store.catalogue
    }
    return ClusterRoom(views, master=master, settings=settings)


def cluster_of_files(paths: Mapping[str, Sequence[str]], *, master: str) -> ClusterRoom:
    """Tables made of Parquet files named one by one: for benches and tests."""
    views = {table.name: _from_files(table, list(paths.get(table.name, ()))) for table in TABLES}
    return ClusterRoom(views, master=master)


def cluster_of_rows(
    tables: Sequence[LakeTable], rows: Mapping[str, Sequence[Mapping[str, Any]]], *, master: str
) -> ClusterRoom:
    """Tables made of rows in memory, typed as the catalogue says: for examples and tests."""
    return ClusterRoom({table.name: _from_rows(table, rows.get(table.name, ())) for table in tables}, master=master)


def _from_files(table: LakeTable, paths: Sequence[str]) -> Any:
    item = spark.SparkTable(table, tuple(paths))
    return lambda session: spark.publish(session, item)


def _from_rows(table: LakeTable, rows: Sequence[Mapping[str, Any]]) -> Any:
    """A view over given rows, written into the query itself: no job of its own is needed to hold them."""
    used = [column.name for column in table.columns if any(row.get(column.name) is not None for row in rows)]
    typed = ", ".join(
        f"CAST({spark.quoted(column.name) if column.name in used else 'NULL'} AS "
        f"{_NUMBERS.get(column.type.value, column.type.value)}) AS {spark.quoted(column.name)}"
        for column in table.columns
    )
    sql = f"SELECT {typed} WHERE false"
    if used:
        names = ", ".join(map(spark.quoted, used))
        values = ", ".join("(" + ", ".join(_cell(row.get(name)) for name in used) + ")" for row in rows)
        sql = f"SELECT {typed} FROM VALUES {values} AS given({names})"
    return lambda session: session.sql(sql).createOrReplaceTempView(table.name)


def _cell(value: object) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return f"{value}L"
    return f"{value!r}D" if isinstance(value, float) else spark.literal(str(value))
