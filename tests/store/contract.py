"""What every engine over the lake must do, whatever its name. A module per engine inherits these tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from types import TracebackType
from typing import Any, Protocol

import pytest

from tests.made import ANNA
from vedette import audit
from vedette.base import FixedClock
from vedette.store import Store


class Engine(Protocol):
    """An engine over the lake's tables, opened as a context manager; SQL is the common SQL as DuckDB writes it."""

    def __enter__(self) -> Engine: ...

    def __exit__(self, _kind: type[BaseException] | None, _value: object, _trace: TracebackType | None) -> None: ...

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]: ...

    def dictionaries(self, sql: str, parameters: Sequence[object] = ()) -> Iterator[dict[str, Any]]: ...


ROWS = """
SELECT * FROM (VALUES
    ('a', 10, '2026-01-01', 1767225600000000, 1),
    ('b', NULL, '2026-01-01', 1767225600000001, 1),
    ('名前', -7, '2026-01-02', 1767312000000000, 1)
) t(id, size, day, time_us, received_us)
"""

OpenEngine = Callable[[], Engine]


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
            # -- where dialects are known to differ
            ("SELECT lead(size) OVER (ORDER BY time_us) FROM things ORDER BY time_us", [(None,), (-7,), (None,)]),
            ("SELECT 7 / 2, -7 / 2", [(3.5, -3.5)]),
            ("SELECT 7 // 2, 7 % 3, -7 % 3", [(3, 1, -1)]),
            ("SELECT size // 2, size % 3 FROM things WHERE size = -7", [(-3, -1)]),
            ("SELECT CAST(floor(size / 2) AS bigint) FROM things WHERE size = -7", [(-4,)]),
            ("SELECT least(size, 3), greatest(size, 3), coalesce(size, 3) FROM things WHERE id = 'b'", [(3, 3, 3)]),
            (
                "SELECT count(size), count(*), count(DISTINCT day), sum(size) FROM things WHERE size IS NULL",
                [(0, 1, 1, None)],
            ),
            ("SELECT min(id), max(id) FROM things", [("a", "名前")]),
            ("SELECT id FROM things WHERE size IS DISTINCT FROM 10 ORDER BY time_us", [("b",), ("名前",)]),
            ("SELECT id FROM things WHERE NOT (size > 0) ORDER BY id", [("名前",)]),
            ("SELECT [id, day] FROM things WHERE id = 'a'", [(["a", "2026-01-01"],)]),
            (r"SELECT 'a\b', 'it''s', '%_', '' IS NULL", [("a\\b", "it's", "%_", False)]),
            ("SELECT CAST('12' AS bigint), CAST(3 AS varchar), CAST(1 AS boolean)", [(12, "3", True)]),
            ("SELECT time_us * 1000 FROM things WHERE id = 'a'", [(1767225600000000000,)]),
            ("SELECT sum(CASE WHEN size > 0 THEN 1 ELSE 0 END) * 10 >= count(*) * 3 FROM things", [(True,)]),
            (
                "SELECT id, sum(size) OVER (ORDER BY time_us NULLS FIRST) FROM things ORDER BY time_us",
                [("a", 10), ("b", 10), ("名前", 3)],
            ),
            (
                "SELECT id FROM things WHERE id IN ('a', NULL) OR size BETWEEN -7 AND -7 ORDER BY id",
                [("a",), ("名前",)],
            ),
            ("SELECT day FROM things UNION SELECT '2026-01-02' ORDER BY day", [("2026-01-01",), ("2026-01-02",)]),
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

    def test_many_questions_on_one_connection(self, open_engine: OpenEngine) -> None:
        with open_engine() as engine:
            for _ in range(3):
                assert engine.rows("SELECT count(*) FROM things") == [(3,)]

    def test_a_number_too_large_is_an_error_and_no_other_number(self, open_engine: OpenEngine) -> None:
        with open_engine() as engine, pytest.raises(Exception, match=r"(?i)overflow|out of range"):
            engine.rows("SELECT time_us * time_us FROM things")
