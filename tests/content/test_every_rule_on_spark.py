"""Every rule gives the same rows on DuckDB and on Spark: all its examples, and a generated lake of a million events."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from bench.detections import draw

from tests.spark import MASTER, needs_spark
from vedette import detections
from vedette.detections import Limits, Rule
from vedette.detections.conform import conform, merged, plain, unlike
from vedette.detections.examples import read_examples, rows_of
from vedette.detections.execute import checked_rows
from vedette.detections.lake import TABLES, column_names
from vedette.detections.store import Sandbox, tables_of_rows
from vedette.detections.store.cluster import ClusterRoom, cluster_of_files, cluster_of_rows
from vedette.detections.store.sandbox import written

EVENTS = 1_000_000
_LONG = Limits(seconds=600)


def _ids(rule: Rule) -> str:
    return rule.id


@needs_spark
class TestExamples:
    @pytest.mark.parametrize("rule", detections.rules(), ids=_ids)
    def test_the_same_rows(self, rule: Rule) -> None:
        """An engine is chosen for size alone: no customer is found or spared because of it."""
        makers = {
            "duckdb": lambda rows: tables_of_rows(TABLES, rows),
            "spark": lambda rows: cluster_of_rows(TABLES, rows, master=MASTER),
        }
        assert conform(rule, column_names(), makers) == ()


@pytest.fixture(scope="module")
def lakes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Sandbox, ClusterRoom]]:
    """A million invented events, and among them the examples of every rule, on both engines."""
    folder = tmp_path_factory.mktemp("lake")
    relations = draw(folder, EVENTS)
    cases = [
        rows_of(case, column_names()) for rule in detections.rules() for case in read_examples(rule.examples, rule.id)
    ]
    paths = {name: [str(folder / f"{name}.parquet")] for name in relations}
    for name, path in written(TABLES, merged(cases), folder).items():
        paths.setdefault(name, []).append(str(path))
    together = {
        name: "(SELECT * FROM read_parquet([" + ", ".join(f"'{path}'" for path in files) + "]))"
        for name, files in paths.items()
    }
    yield Sandbox(together, folder=folder, scratch=folder), cluster_of_files(paths, master=MASTER)


@needs_spark
@pytest.mark.slow
class TestMillion:
    @pytest.mark.parametrize("rule", detections.rules(), ids=_ids)
    def test_the_same_rows(self, lakes: tuple[Sandbox, ClusterRoom], rule: Rule) -> None:
        one, two = (sorted(map(plain, checked_rows(engine, rule, limits=_LONG))) for engine in lakes)
        assert list(unlike(("duckdb", one), ("spark", two))) == []
