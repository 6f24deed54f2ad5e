"""Apache Spark over the committed files of the lake: the engine for what one machine can no longer hold.

Takes the common SQL as DuckDB writes it and transpiles it. The extra ``spark`` and a Java of version 17 or later are needed;
the lake must lie where every executor can read it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from types import TracebackType
from typing import Any

import sqlglot

from vedette.base import VedetteError
from vedette.store.catalogue import ColumnType, LakeTable

_TYPES = {
    ColumnType.TEXT: "STRING",
    ColumnType.WHOLE: "BIGINT",
    ColumnType.NUMBER: "DOUBLE",
    ColumnType.FLAG: "BOOLEAN",
}

#: What makes the answers of Spark those of the common SQL, whatever the cluster's own defaults are.
_MEANING = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.runSQLOnFiles": "false",
    "spark.sql.variable.substitute": "false",
    "spark.sql.caseSensitive": "false",
    "spark.sql.legacy.timeParserPolicy": "CORRECTED",
}
_LOCAL = {
    "spark.ui.enabled": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.sql.shuffle.partitions": "4",
    "spark.log.level": "ERROR",
    "spark.ui.showConsoleProgress": "false",
}


class EngineMissing(VedetteError):
    """Spark cannot be used here: the package or Java is not installed."""


@dataclass(frozen=True, slots=True)
class SparkTable:
    """One table of the lake for Spark: its declaration, and the committed files as paths or URLs."""

    table: LakeTable
    paths: tuple[str, ...]


def missing() -> str:
    """What is not installed, as one sentence; empty where Spark can be used."""
    if find_spec("pyspark") is None:
        return "pyspark is not installed"
    home = os.environ.get("JAVA_HOME")
    if shutil.which("java") is None and not (home and os.access(os.path.join(home, "bin", "java"), os.X_OK)):
        return "no Java is installed"
    return ""


@lru_cache(maxsize=1)
def _started(master: str, settings: tuple[tuple[str, str], ...]) -> Any:
    """The one Spark session of this process. Begun at first use, because it takes seconds and memory."""
    problem = missing()
    if problem:
        raise EngineMissing(
            f"the engine spark cannot be used: {problem}",
            remedy="Install vedette[spark] and a Java of version 17 or later, or set engine = duckdb",
        )
    builder = import_module("pyspark.sql").SparkSession.builder.master(master).appName("vedette")
    local = _LOCAL if master.startswith("local") else {}
    for name, value in {**local, **dict(settings), **_MEANING}.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def session(master: str, settings: Mapping[str, str] | None = None) -> Any:
    """A Spark session of its own (views, settings) over the process's one context. Raises EngineMissing."""
    made = _started(master, tuple(sorted((settings or {}).items()))).newSession()
    for name, value in _MEANING.items():
        made.conf.set(name, value)
    return made


class SparkEngine:
    """The lake's tables as views of one Spark session. Use as a context manager; the same questions as ``DuckEngine``."""

    def __init__(self, tables: Iterable[SparkTable], *, master: str, settings: Mapping[str, str] | None = None) -> None:
        self._tables = tuple(tables)
        self._master = master
        self._settings = settings
        self.connection: Any = None

    def __enter__(self) -> SparkEngine:
        self.connection = session(self._master, self._settings)
        for item in self._tables:
            publish(self.connection, item)
        return self

    def __exit__(self, _kind: type[BaseException] | None, _value: object, _trace: TracebackType | None) -> None:
        for item in self._tables:
            self.connection.catalog.dropTempView(item.table.name)
        self.connection = None

    def run(self, sql: str, parameters: Sequence[object] = ()) -> None:
        """Execute a statement and drop its result."""
        self.rows(sql, parameters)

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query in the common SQL."""
        return [tuple(row) for row in self._asked(sql, parameters).collect()]

    def dictionaries(self, sql: str, parameters: Sequence[object] = ()) -> Iterator[dict[str, Any]]:
        """Rows as dictionaries. The whole result is held before the first is given."""
        for row in self._asked(sql, parameters).collect():
            yield row.asDict()

    def _asked(self, sql: str, parameters: Sequence[object]) -> Any:
        written = sqlglot.transpile(sql, read="duckdb", write="spark")[0]
        return self.connection.sql(written, args=list(parameters) or None)


def publish(connection: Any, item: SparkTable) -> None:
    """Make a temporary view of a table: typed, empty where it has no files, the newest rows where it is current."""
    table = item.table
    columns = ", ".join(f"{quoted(column.name)} {_TYPES[column.type]}" for column in table.columns)
    reader = connection.read.schema(columns)
    frame = reader.parquet(*item.paths) if item.paths else connection.createDataFrame([], columns)
    if not table.current or not item.paths:
        frame.createOrReplaceTempView(table.name)
        return
    frame.createOrReplaceTempView(f"all_{table.name}")
    names = ", ".join(quoted(column.name) for column in table.columns)
    keys = ", ".join(map(quoted, table.key))
    connection.sql(
        f"SELECT {names} FROM (SELECT *, row_number() OVER (PARTITION BY {keys} ORDER BY received_us DESC, ordinal DESC)"
        f" AS newest__ FROM {quoted('all_' + table.name)}) WHERE newest__ = 1"
    ).createOrReplaceTempView(table.name)
    connection.catalog.dropTempView(f"all_{table.name}")


def quoted(name: str) -> str:
    """A name quoted for Spark."""
    return "`" + name.replace("`", "``") + "`"


def literal(text: str) -> str:
    """A text quoted for Spark, where a backslash begins an escape."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
