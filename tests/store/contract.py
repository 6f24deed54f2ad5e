"""What every engine over the lake must do, whatever its name. A module per engine inherits these tests."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.made import ANNA
from vedette import audit
from vedette.base import FixedClock
from vedette.store import Store
from vedette.store.engines.duckdb import DuckEngine

ROWS = """
SELECT * FROM (VALUES
    ('a', 10, '2026-01-01', 1767225600000000, 1),
    ('b', NULL, '2026-01-01', 1767225600000001, 1),
    ('名前', -7, '2026-01-02', 1767312000000000, 1)
) t(id, size, day, time_us, received_us)
"""

OpenEngine = Callable[[], DuckEngine]


class EngineContract:
    """Common SQL gives the same rows on every engine."""

    @pytest.fixture(autouse=True)
    def _filled(self, store: Store, clock: FixedClock) -> None:
        with store.engine(()) as engine:
            staged = store.lake.stage(engine.connection, "things", ROWS)
        with audit.writing(store, ANNA, "ingest", clock=clock) as act:
            act.commit_files(staged)

    @pytest.mark.parametrize(
        ("sql", "rows"),
        [
            ("SELECT count(*) FROM things", [(3,)]),
            ("SELECT id FROM things WHERE size IS NULL", [("b",)]),
            ("SELECT sum(size) FROM things", [(3,)]),
            ("SELECT day, count(*) FROM things GROUP BY day ORDER BY day", [("2026-01-01", 2), ("2026-01-02", 1)]),
            ("SELECT size / nullif(0, 0) FROM things WHERE id = 'a'", [(None,)]),
            ("SELECT max(time_us) - min(time_us) FROM things", [(86_400_000_000,)]),
            (
                "SELECT id, row_number() OVER (ORDER BY time_us) FROM things ORDER BY time_us",
                [("a", 1), ("b", 2), ("名前", 3)],
            ),
            (
                "SELECT id, lag(id) OVER (PARTITION BY day ORDER BY time_us) FROM things ORDER BY time_us",
                [("a", None), ("b", "a"), ("名前", None)],
            ),
            (
                "SELECT count(*) OVER (ORDER BY time_us RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) FROM things "
                "ORDER BY time_us",
                [(1,), (2,), (1,)],
            ),
            ("SELECT o.id FROM owners o", []),
        ],
    )
    def test_rows(self, open_engine: OpenEngine, sql: str, rows: list[tuple[object, ...]]) -> None:
        with open_engine() as engine:
            assert engine.rows(sql) == rows

    def test_parameters_are_values(self, open_engine: OpenEngine) -> None:
        with open_engine() as engine:
            assert engine.rows("SELECT id FROM things WHERE id = ?", ["a' OR '1'='1"]) == []
            assert engine.rows("SELECT id FROM things WHERE id = ?", ["a"]) == [("a",)]

    def test_as_dictionaries(self, open_engine: OpenEngine) -> None:
        with open_engine() as engine:
            assert list(engine.dictionaries("SELECT id, size FROM things WHERE id = 'a'")) == [{"id": "a", "size": 10}]

    def test_many_statements_on_one_connection(self, open_engine: OpenEngine) -> None:
        with open_engine() as engine:
            engine.run("CREATE TEMP TABLE kept AS SELECT id FROM things")
            for _ in range(3):
                assert engine.rows("SELECT count(*) FROM kept") == [(3,)]

    def test_time_is_utc(self, open_engine: OpenEngine) -> None:
        with open_engine() as engine:
            (zone,) = engine.rows("SELECT current_setting('TimeZone')")
        assert zone == ("UTC",)
