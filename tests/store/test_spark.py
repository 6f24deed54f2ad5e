"""Spark keeps the engines' contract: the common SQL gives the same rows as on DuckDB."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.made import CATALOGUE
from tests.spark import MASTER, needs_spark
from tests.store.contract import EngineContract, OpenEngine
from vedette.store import Store
from vedette.store.engines import spark
from vedette.store.engines.spark import EngineMissing, SparkEngine, SparkTable, literal, quoted


def engine_over(store: Store) -> SparkEngine:
    """The committed files of the test's lake."""
    with store.database.reading() as connection:
        files = store.lake.files(connection)
    paths = {
        table.name: tuple(str(store.lake.folder / row["path"]) for row in files if row["table_name"] == table.name)
        for table in CATALOGUE
    }
    return SparkEngine([SparkTable(table, paths[table.name]) for table in CATALOGUE], master=MASTER)


@pytest.fixture
def open_engine(store: Store) -> OpenEngine:
    return lambda: engine_over(store)


@needs_spark
class TestSpark(EngineContract):
    def test_time_is_utc_and_sums_are_checked(self, store: Store) -> None:
        with engine_over(store) as engine:
            assert engine.rows("SELECT current_timezone()") == [("UTC",)]
            assert engine.connection.conf.get("spark.sql.ansi.enabled") == "true"

    def test_files_cannot_be_named_in_sql(self, store: Store) -> None:
        with engine_over(store) as engine, pytest.raises(Exception, match="TABLE_OR_VIEW_NOT_FOUND|UNSUPPORTED"):
            engine.connection.sql("SELECT * FROM parquet.`/tmp`").collect()

    def test_a_closed_engine_is_closed(self, store: Store) -> None:
        with engine_over(store) as engine:
            pass
        assert engine.connection is None


@needs_spark
class TestQuoting:
    @given(text=st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=12))
    @settings(max_examples=15, deadline=None)
    def test_any_text_is_one_literal(self, text: str) -> None:
        held: Any = spark.session(MASTER)
        assert held.sql(f"SELECT {literal(text)} AS {quoted('a`b')}").collect()[0][0] == text


class TestMissing:
    def test_it_says_what_to_install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(spark, "missing", lambda: "no Java is installed")
        with pytest.raises(EngineMissing, match="no Java is installed") as caught:
            spark.session("local[3]")
        assert "vedette[spark]" in str(caught.value)
