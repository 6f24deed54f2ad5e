"""The locked room: rules see their tables and nothing else, and cannot outstay their limits."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.detections.made import tables
from vedette.detections import Limits, RuleStopped
from vedette.detections.store import Sandbox, lake_tables
from vedette.store import Store

ROW = {"event_id": "e", "account_id": "a'; DROP TABLE signins; --", "time_us": 1, "ip_country": "PL", "mfa": True}


def ask(engine: Sandbox, sql: str, names: Sequence[str] = ("signins",), **limits: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in engine.rows(sql, names, Limits(**limits))]


@pytest.fixture
def parquet(tmp_path: Path) -> tuple[Path, Path]:
    """A lake folder with one file, and a secret beside it."""
    lake = tmp_path / "lake's"
    lake.mkdir()
    target = str(lake / "signins.parquet").replace("'", "''")
    duckdb.connect().execute(f"COPY (SELECT 'e' AS event_id) TO '{target}' (FORMAT parquet)").fetchall()
    secret = tmp_path / "secret.csv"
    secret.write_text("a,b\n1,2\n", "utf-8")
    return lake, secret


class TestRows:
    def test_values_come_back_typed_and_hostile_ones_stay_values(self) -> None:
        (row,) = ask(tables(signins=[ROW]), "SELECT account_id, time_us, mfa, device_id FROM signins")
        assert row == {"account_id": ROW["account_id"], "time_us": 1, "mfa": True, "device_id": None}

    def test_an_empty_table_is_typed_and_empty(self) -> None:
        assert ask(tables(), "SELECT event_id FROM signins") == []

    def test_more_rows_than_one_fetch(self) -> None:
        found = ask(
            tables(signins=[ROW | {"repeat": 150, "every": "1s"}]),
            "SELECT s.event_id FROM signins AS s CROSS JOIN signins AS t",
        )
        assert len(found) == 150 * 150

    def test_references_are_there_when_named(self) -> None:
        found = ask(tables(), "SELECT COUNT(*) AS n FROM country_offsets WHERE country = 'PL'", ("country_offsets",))
        assert found == [{"n": 2}]


class TestLocked:
    def test_only_the_tables_named_are_there(self) -> None:
        with pytest.raises(RuleStopped, match="accounts"):
            ask(tables(signins=[ROW]), "SELECT account_id FROM accounts", ("signins",))
        with pytest.raises(RuleStopped, match="no table 'nothing'"):
            ask(tables(), "SELECT 1", ("nothing",))

    @pytest.mark.parametrize(
        "sql",
        [
            "SELECT * FROM read_csv('{secret}')",
            "SELECT * FROM read_text('{secret}')",
            "SELECT * FROM '{secret}'",
            "SELECT * FROM glob('{secret}')",
            "ATTACH '{secret}.db'",
            "COPY (SELECT 1) TO '{secret}'",
            "SET enable_external_access = true",
            "SET allowed_directories = ['/']",
            "SET memory_limit = '9GB'",
            "INSTALL httpfs",
            "LOAD httpfs",
            "SELECT * FROM read_csv('http://127.0.0.1/x.csv')",
            "SELECT getenv('HOME')",
            "SELECT * FROM ROW",
        ],
    )
    def test_no_way_out_even_for_sql_that_no_guard_has_seen(self, parquet: tuple[Path, Path], sql: str) -> None:
        lake, secret = parquet
        engine = Sandbox(
            {"signins": f"(SELECT * FROM read_parquet('{str(lake).replace(chr(39), chr(39) * 2)}/signins.parquet'))"},
            folder=lake,
        )

        assert ask(engine, "SELECT event_id FROM signins") == [{"event_id": "e"}]
        with pytest.raises(RuleStopped):
            ask(engine, sql.format(secret=secret))
        assert secret.read_text("utf-8") == "a,b\n1,2\n"

    def test_a_rule_that_takes_too_long_is_interrupted(self) -> None:
        endless = "SELECT COUNT(*) AS n FROM range(100000000) AS a(x), range(100000) AS b(y) WHERE x * y % 7 = 3"
        with pytest.raises(RuleStopped, match="longer than"):
            ask(tables(signins=[ROW]), endless, seconds=0.2)

    def test_a_rule_that_needs_too_much_memory_is_stopped(self) -> None:
        greedy = "SELECT COUNT(DISTINCT x || 'abcdefghijklmnopqrstuvwxyz') AS n FROM range(30000000) AS a(x)"
        with pytest.raises(RuleStopped, match="refused"):
            ask(tables(signins=[ROW]), greedy, memory="20MB")


class TestLake:
    def test_a_workspace_gives_its_committed_tables(self, store: Store) -> None:
        engine = lake_tables(store)
        assert ask(engine, "SELECT id FROM things", ("things",)) == []
