"""The page on exact windows: every query on it is one that a rule may use, and runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.detections.made import tables
from vedette.detections import Limits, guard

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "exact-windows.md"
QUERIES = re.findall(r"```sql\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
_TABLES = ("signins", "payments", "logs", "operations")


def test_each_macro_has_an_example() -> None:
    for name in ("sliding_count", "sliding_sum", "sliding_distinct", "first_seen", "followed", "in_ranges"):
        assert any(f"{name}(" in query for query in QUERIES), name
    for name in ("previous", "is_first", "history"):
        assert any(f"{name}(" in query for query in QUERIES), name


@pytest.mark.parametrize("query", QUERIES)
def test_passes_the_guard_and_runs(query: str) -> None:
    reads = tuple(name for name in _TABLES if re.search(rf"\b{name}\b", query))
    tree = guard.check(query, reads, "exact-windows.md")
    assert list(tables().rows(tree.sql(dialect="duckdb"), reads, Limits(threads=1))) == []
