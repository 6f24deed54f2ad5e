"""The same SQL where an engine has no tables to write to, as Spark over a lake: each becomes a view that is computed once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from vedette.store.engines.spark import SparkEngine

_MAKES = re.compile(r"CREATE OR REPLACE (?:TEMP )?(TABLE|VIEW) (\w+) AS (.*)", re.DOTALL)


class Views:
    """A Spark engine on which ``observe.prepare``, ``Graph.rebuild`` and ``Graph.links`` run. Nothing can be added to it."""

    def __init__(self, engine: SparkEngine) -> None:
        self._engine = engine

    def run(self, sql: str, parameters: Sequence[Any] = ()) -> None:
        """Make a view of what is to be a table; leave those that are dropped, because others are computed from them."""
        if sql.startswith("DROP TABLE"):
            return
        made = _MAKES.fullmatch(sql.strip())
        if made is None:
            raise ValueError(f"only whole tables can be made on Spark, not: {sql[:60]}")
        sort, name, select = made.groups()
        self._engine.run(f"CREATE OR REPLACE TEMP VIEW {name} AS {_written(select)}", parameters)
        if sort == "TABLE":
            # Computed here and now, so that what is built on it is planned from its rows and not from all that came before.
            self._engine.connection.table(name).localCheckpoint().createOrReplaceTempView(name)

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        return self._engine.rows(_written(sql), parameters)


def _written(sql: str) -> str:
    """With Spark's hash of 64 bits: its ``hash`` has 32, and ten million values would meet by chance."""
    return re.sub(r"\bhash\(", "xxhash64(", sql)
