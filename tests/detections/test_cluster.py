"""The locked room on Spark: a whole run like that on DuckDB, limits, and what a rule cannot reach there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.detections.made import tables
from tests.spark import MASTER, needs_spark
from vedette import detections
from vedette.detections import Limits, RuleStopped, guard
from vedette.detections.examples import rows_of
from vedette.detections.lake import TABLES, column_names
from vedette.detections.model import Example, Shows
from vedette.detections.scaffold import write_rule
from vedette.detections.store.cluster import ClusterRoom, cluster_of_rows

SIGNINS = [
    {
        "event_id": "e",
        "account_id": "a-1",
        "time": "2026-01-05T09:00:00Z",
        "ip": "203.0.113.7",
        "outcome": "failure",
        "repeat": 4,
    },
    {"event_id": "f", "account_id": "a-2", "time": "2026-01-05T09:00:00Z", "ip": None, "outcome": "failure"},
]


def room() -> ClusterRoom:
    rows = rows_of(Example("test", Shows.QUIET, {"signins": SIGNINS}, ()), column_names())
    return cluster_of_rows(TABLES, rows, master=MASTER)


@needs_spark
class TestRun:
    def test_a_run_gives_the_findings_and_readiness_of_duckdb(self, tmp_path: Path) -> None:
        write_rule(tmp_path, "network", "odd")
        rules = [*detections.rules(tmp_path), *(rule for rule in detections.rules() if rule.reads == ("signins",))][:4]
        here, there = detections.run(tables(signins=SIGNINS), rules), detections.run(room(), rules)
        assert there.findings == here.findings != ()
        assert (there.readiness, there.faults) == (here.readiness, here.faults)

    def test_what_the_engine_refuses_is_a_fault_of_the_rule(self) -> None:
        with pytest.raises(RuleStopped, match="the engine refused"):
            list(room().rows("SELECT no_such FROM signins", ("signins",), Limits()))

    def test_a_table_that_is_not_there(self) -> None:
        with pytest.raises(RuleStopped, match="no table"):
            list(room().rows("SELECT a FROM no_such", ("no_such",), Limits()))

    @pytest.mark.parametrize(
        "sql",
        [
            "SELECT reflect('java.lang.System', 'getenv', 'HOME') AS x FROM signins",
            "SELECT java_method('java.lang.Runtime', 'getRuntime') AS x FROM signins",
            "SELECT account_id FROM parquet.`/etc/passwd`",
            "SELECT account_id FROM accounts",
            "SET spark.sql.ansi.enabled = false",
            "SHOW TABLES",
        ],
    )
    def test_nothing_else_is_reached(self, sql: str) -> None:
        with pytest.raises(guard.RefusedSql):
            list(room().rows(sql, ("signins",), Limits()))
