"""Lake files become visible in their act and not before; what an interrupted run leaves is swept."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.made import ANNA
from vedette import audit
from vedette.base import FixedClock
from vedette.store import LakeError, Store, UnknownTable

COLUMNS = "id, size, day, time_us, received_us"


def rows_sql(*rows: tuple[str, int, str]) -> str:
    values = ", ".join(f"('{name}', {size}, '{day}', 1, 1)" for name, size, day in rows)
    return f"SELECT * FROM (VALUES {values}) t({COLUMNS})"


def owners_sql(*rows: tuple[str, str | None, int, int]) -> str:
    values = ", ".join(
        f"('{key}', {'NULL' if name is None else repr(name)}, {received}, {ordinal})"
        for key, name, received, ordinal in rows
    )
    return f"SELECT * FROM (VALUES {values}) t(id, name, received_us, ordinal)"


def add(store: Store, clock: FixedClock, sql: str, table: str = "things") -> int:
    with store.engine(()) as engine:
        staged = store.lake.stage(engine.connection, table, sql)
    with audit.writing(store, ANNA, "ingest", clock=clock) as act:
        return act.commit_files(staged)


def read(store: Store, sql: str) -> list[tuple[object, ...]]:
    with store.engine() as engine:
        return engine.rows(sql)


def files(store: Store) -> list[Path]:
    return sorted(store.workspace.lake.rglob("*.parquet"))


class TestCommit:
    def test_rows_by_day(self, store: Store, clock: FixedClock) -> None:
        count = add(store, clock, rows_sql(("a", 1, "2026-01-01"), ("b", 2, "2026-01-02"), ("c", 3, "2026-01-01")))

        assert count == 3
        assert sorted(path.parent.name for path in files(store)) == ["2026-01-01", "2026-01-02"]
        assert read(store, "SELECT id, size FROM things ORDER BY id") == [("a", 1), ("b", 2), ("c", 3)]
        assert audit.verify(store).problems == []

    def test_a_file_without_a_column_that_was_added_since_gives_it_as_null(
        self, store: Store, clock: FixedClock
    ) -> None:
        add(store, clock, rows_sql(("a", 1, "2026-01-01")))
        (path,) = files(store)
        with store.engine(()) as engine:
            engine.run(f"COPY (SELECT * EXCLUDE (size) FROM read_parquet('{path}')) TO '{path}' (FORMAT parquet)")

        assert read(store, "SELECT id, size FROM things") == [("a", None)]

    def test_staged_is_not_visible(self, store: Store) -> None:
        with store.engine(()) as engine:
            staged = store.lake.stage(engine.connection, "things", rows_sql(("a", 1, "2026-01-01")))

        assert staged.rows == 1
        assert read(store, "SELECT * FROM things") == []
        store.lake.discard(staged)
        assert not any(staged.folder.parent.iterdir())

    def test_an_act_that_fails_leaves_neither_rows_nor_leaf_and_the_sweep_takes_the_files(
        self, store: Store, clock: FixedClock
    ) -> None:
        add(store, clock, rows_sql(("kept", 1, "2026-01-01")))
        with store.engine(()) as engine:
            staged = store.lake.stage(engine.connection, "things", rows_sql(("lost", 1, "2026-01-01")))
        with pytest.raises(RuntimeError), audit.writing(store, ANNA, "ingest", clock=clock) as act:
            act.commit_files(staged)
            raise RuntimeError

        assert read(store, "SELECT id FROM things") == [("kept",)]
        assert audit.verify(store).leaves == 1
        assert (len(files(store)), store.sweep(), len(files(store))) == (2, 1, 1)
        assert audit.verify(store).problems == []

    def test_retired_files_are_out_of_sight_then_swept(self, store: Store, clock: FixedClock) -> None:
        add(store, clock, rows_sql(("a", 1, "2026-01-01")))
        with store.database.reading() as connection:
            committed = store.lake.files(connection, "things")
        with audit.writing(store, ANNA, "retire", clock=clock) as act:
            act.retire_files(committed)

        assert read(store, "SELECT * FROM things") == []
        assert len(files(store)) == 1
        assert store.sweep() == 1
        assert audit.verify(store).problems == []

    def test_a_reader_keeps_its_files_while_another_commits(self, store: Store, clock: FixedClock) -> None:
        add(store, clock, rows_sql(("a", 1, "2026-01-01")))
        with store.engine() as engine:
            add(store, clock, rows_sql(("b", 1, "2026-01-01")))
            assert engine.rows("SELECT id FROM things") == [("a",)]
        assert len(read(store, "SELECT id FROM things")) == 2

    def test_no_rows_no_files(self, store: Store, clock: FixedClock) -> None:
        add(store, clock, rows_sql(("a", 1, "2026-01-01")) + " WHERE false")

        assert files(store) == []
        assert audit.verify(store).leaves == 0


class TestStage:
    @pytest.mark.parametrize("day", ["", "2026-1-1", "../../x", "2026-01-01/..", "x"])
    def test_a_day_that_is_none_is_refused(self, store: Store, day: str) -> None:
        with store.engine(()) as engine, pytest.raises(LakeError):
            store.lake.stage(engine.connection, "things", rows_sql(("a", 1, day)))
        assert files(store) == []

    def test_a_null_day_is_refused(self, store: Store) -> None:
        sql = rows_sql(("a", 1, "2026-01-01")).replace("'2026-01-01'", "NULL")
        with store.engine(()) as engine, pytest.raises(LakeError):
            store.lake.stage(engine.connection, "things", sql)

    @pytest.mark.parametrize(
        "sql", ["SELECT 1 AS nothing", "SELECT * FROM nowhere", "not SQL", "SELECT 'x' AS size, 'a' AS id"]
    )
    def test_a_query_that_does_not_give_the_columns_is_refused_without_rest(self, store: Store, sql: str) -> None:
        with store.engine(()) as engine, pytest.raises(LakeError, match="rows of things could not be written"):
            store.lake.stage(engine.connection, "things", sql)

        assert not any((store.workspace.lake / ".staging").iterdir())

    def test_an_unknown_table_is_refused(self, store: Store) -> None:
        with store.engine(()) as engine, pytest.raises(UnknownTable):
            store.lake.stage(engine.connection, "thing", "SELECT 1")

    def test_hostile_values_stay_values(self, store: Store, clock: FixedClock) -> None:
        add(store, clock, rows_sql(("''; DROP TABLE x; --", 1, "2026-01-01")))

        assert read(store, "SELECT id FROM things") == [("'; DROP TABLE x; --",)]


class TestRelation:
    def test_an_empty_table_has_its_columns_and_types(self, store: Store) -> None:
        assert read(store, "SELECT id, size + 1 FROM things") == []
        described = read(store, "DESCRIBE things")
        assert [(row[0], row[1]) for row in described][:2] == [("id", "VARCHAR"), ("size", "BIGINT")]

    def test_a_current_table_shows_the_newest_row_of_each_key(self, store: Store, clock: FixedClock) -> None:
        add(
            store,
            clock,
            owners_sql(("a", "old", 1, 1), ("b", "only", 1, 2), ("a", "same batch, later", 1, 3)),
            "owners",
        )
        add(store, clock, owners_sql(("a", None, 2, 1)), "owners")

        assert read(store, "SELECT id, name FROM owners ORDER BY id") == [("a", None), ("b", "only")]

    def test_the_order_of_arrival_does_not_matter(self, store: Store, clock: FixedClock) -> None:
        add(store, clock, owners_sql(("a", "new", 2, 1)), "owners")
        add(store, clock, owners_sql(("a", "old", 1, 9)), "owners")

        assert read(store, "SELECT name FROM owners") == [("new",)]

    def test_a_path_with_quotes_works(self, tmp_path: Path, clock: FixedClock) -> None:
        from tests.made import CATALOGUE, workspace

        odd = Store(workspace(tmp_path / "it's [odd] *dir?"), CATALOGUE)
        add(odd, clock, rows_sql(("a", 1, "2026-01-01")))

        assert read(odd, "SELECT id FROM things") == [("a",)]
        odd.close()


class TestSweep:
    def test_takes_staging_and_scratch_too(self, store: Store, clock: FixedClock) -> None:
        add(store, clock, rows_sql(("a", 1, "2026-01-01")))
        (store.workspace.lake / ".staging" / "dead").mkdir(parents=True, exist_ok=True)
        (store.workspace.lake / ".staging" / "dead" / "x.parquet").write_bytes(b"x")
        (store.workspace.lake / "things" / "2026-01-01" / "orphan-0000.parquet").write_bytes(b"x")
        (store.workspace.scratch / "spill.tmp").write_bytes(b"x")

        assert store.sweep() == 1

        assert len(files(store)) == 1
        assert not (store.workspace.lake / ".staging").exists()
        assert not any(store.workspace.scratch.iterdir())
        assert read(store, "SELECT id FROM things") == [("a",)]
