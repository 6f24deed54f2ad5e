"""A query's rows become JSON lines; nothing is changed in the database and no password is told."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from vedette.store.intake.sql_rows import QueryRefused, spool_query


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "billing.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE p (id TEXT, amount REAL, note TEXT)")
        connection.executemany("INSERT INTO p VALUES (?, ?, ?)", [(f"p{n}", n / 2, None) for n in range(2_500)])
    return path


class TestQuery:
    def test_rows_are_written_by_name(self, database: Path, tmp_path: Path) -> None:
        target = tmp_path / "rows.jsonl"
        assert (
            spool_query(
                f"sqlite:///{database}", "SELECT id AS payment_id, amount, note FROM p ORDER BY amount;", target
            )
            == 2_500
        )
        assert json.loads(target.read_text().splitlines()[3]) == {"payment_id": "p3", "amount": 1.5, "note": None}

    @pytest.mark.parametrize(
        "query",
        [
            "",
            "DELETE FROM p",
            "SELECT 1; DELETE FROM p",
            "WITH x AS (SELECT 1) DELETE FROM p",
            "PRAGMA query_only=0",
            "SELECT nothing",
        ],
    )
    def test_what_does_not_only_read_is_refused(self, database: Path, tmp_path: Path, query: str) -> None:
        with pytest.raises(QueryRefused):
            spool_query(f"sqlite:///{database}", query, tmp_path / "rows.jsonl")
        with closing(sqlite3.connect(database)) as connection:
            assert connection.execute("SELECT count(*) FROM p").fetchone() == (2_500,)

    @pytest.mark.parametrize(
        "address",
        [
            "sqlite:///absent-file.db",
            "mysql://u:se%40cret@h/d",
            "postgresql+absent://u:se%40cret@h/d",
            "u:se%40cret@h",
            "postgresql+psycopg://u:se%40cret@/d?host=/absent-folder",
        ],
    )
    def test_no_password_is_told(self, tmp_path: Path, address: str) -> None:
        with pytest.raises(QueryRefused) as told:
            spool_query(address, "SELECT 1", tmp_path / "rows.jsonl")
        shown = f"{told.value} {told.value!r} {told.value.__cause__}"
        assert "se%40cret" not in shown
        assert "se@cret" not in shown
        assert not Path("absent-file.db").exists()
