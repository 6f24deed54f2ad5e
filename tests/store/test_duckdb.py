"""DuckDB keeps the engines' contract, and quotes what it is given."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.store.contract import EngineContract, OpenEngine
from vedette.store import Store
from vedette.store.engines.duckdb import identifier, literal


@pytest.fixture
def open_engine(store: Store) -> OpenEngine:
    return store.engine


class TestDuckDb(EngineContract):
    def test_only_the_tables_asked_for_are_there(self, store: Store) -> None:
        with store.engine(["owners"]) as engine, pytest.raises(duckdb.CatalogException):
            engine.rows("SELECT * FROM things")

    def test_extensions_are_not_fetched(self, store: Store) -> None:
        with store.engine() as engine:
            found = engine.rows(
                "SELECT name, value FROM duckdb_settings() WHERE name LIKE 'auto%_known_extensions' ORDER BY name"
            )
        assert [value for _, value in found] == ["false", "false"]

    def test_many_statements_on_one_connection(self, store: Store) -> None:
        with store.engine() as engine:
            engine.run("CREATE TEMP TABLE kept AS SELECT id FROM things")
            for _ in range(3):
                assert engine.rows("SELECT count(*) FROM kept") == [(3,)]

    def test_time_is_utc(self, store: Store) -> None:
        with store.engine() as engine:
            assert engine.rows("SELECT current_setting('TimeZone')") == [("UTC",)]

    def test_a_closed_engine_is_closed(self, store: Store) -> None:
        with store.engine() as engine:
            pass

        assert engine.connection is None


class TestQuoting:
    @given(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])))
    def test_any_text_is_one_literal(self, text: str) -> None:
        assert duckdb.sql(f"SELECT {literal(text)}").fetchall() == [(text,)]

    @given(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), min_size=1))
    def test_any_name_is_one_identifier(self, name: str) -> None:
        assert duckdb.sql(f"SELECT 1 AS {identifier(name)}").columns == [name]
