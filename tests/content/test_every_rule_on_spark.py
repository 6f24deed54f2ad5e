"""Every rule gives the same rows on DuckDB and on Spark: all its examples, and a generated lake of a million events.

Few rules use every construct and read every table that any rule does: their examples take under a minute, those of all
rules some minutes (``slow``), the lake of a million events twenty.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import pytest
from bench.detections import draw

from tests.spark import MASTER, needs_spark
from vedette import detections
from vedette.detections import Limits, Rule
from vedette.detections.conform import conform, merged, plain, unlike
from vedette.detections.examples import read_examples, rows_of
from vedette.detections.execute import checked_rows, tree_of
from vedette.detections.lake import TABLES, column_names
from vedette.detections.store import Sandbox, tables_of_rows
from vedette.detections.store.cluster import ClusterRoom, cluster_of_files, cluster_of_rows
from vedette.detections.store.sandbox import written

EVENTS = 1_000_000
_LONG = Limits(seconds=600)


_MACRO = re.compile(r"\b(?:previous|next|is_first|history|sliding_\w+|first_seen|followed|in_ranges|strangers)\(")


def constructs(rule: Rule) -> set[str]:
    """What a rule asks of an engine: kinds of syntax, macros and tables."""
    kinds = {type(node).__name__ for node in tree_of(rule).walk()}
    return kinds | set(_MACRO.findall(rule.written)) | {f"reads {table}" for table in rule.reads}


def telling(rules: Sequence[Rule]) -> set[str]:
    """Few rules that together ask for everything that any of them does; the same ones every time."""
    asked = {rule.id: constructs(rule) for rule in rules}
    left = set().union(*asked.values())
    found = set()
    while left:
        best = max(sorted(asked), key=lambda rule_id: len(asked[rule_id] & left))
        found.add(best)
        left -= asked[best]
    return found


TELLING = telling(detections.rules())


def _ids(rule: Rule) -> str:
    return rule.id


def _each() -> list[object]:
    return [
        pytest.param(rule, id=rule.id, marks=() if rule.id in TELLING else pytest.mark.slow)
        for rule in detections.rules()
    ]


class TestTelling:
    def test_few_rules_use_everything_that_any_does(self) -> None:
        rules = detections.rules()
        whole = set().union(*map(constructs, rules))
        assert set().union(*(constructs(rule) for rule in rules if rule.id in TELLING)) == whole
        assert len(TELLING) <= len(rules) // 3


@needs_spark
class TestExamples:
    @pytest.mark.parametrize("rule", _each())
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
