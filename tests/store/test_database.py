"""One state, one writer at a time, consistent reads; every failure of the database is said in one line."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest
from sqlalchemy import event, text

from tests.made import ANNA, CATALOGUE, finding, workspace
from vedette import audit, findings
from vedette.base import FixedClock
from vedette.store import StateDatabase, StateError, Store


def count(store: Store) -> int:
    with store.database.reading() as connection:
        return int(connection.execute(text("SELECT count(*) FROM finding")).scalar_one())


class TestReading:
    def test_sees_one_state_while_others_write(self, store: Store, clock: FixedClock) -> None:
        query = text("SELECT count(*) FROM finding")
        with store.database.reading() as connection:
            before = connection.execute(query).scalar_one()
            with audit.writing(store, ANNA, "find", clock=clock) as act:
                findings.record(act, [finding()])
            after = connection.execute(query).scalar_one()

        assert (before, after, count(store)) == (0, 0, 1)

    def test_changes_nothing(self, store: Store) -> None:
        try:
            with store.database.reading() as connection:
                connection.execute(text("INSERT INTO case_cursor VALUES (1, 1, 'x')"))
        except Exception as fault:
            assert "read-only" in str(fault)

        with store.database.reading() as connection:
            assert connection.execute(text("SELECT count(*) FROM case_cursor")).scalar_one() == 0


class TestWriting:
    def test_one_writer_at_a_time(self, store: Store) -> None:
        order: list[str] = []
        inside = threading.Event()

        def second() -> None:
            inside.wait()
            with store.database.writing():
                order.append("second")

        thread = threading.Thread(target=second)
        thread.start()
        with store.database.writing():
            inside.set()
            thread.join(0.3)
            order.append("first")
        thread.join()

        assert order == ["first", "second"]

    def test_an_exception_rolls_back(self, store: Store) -> None:
        with pytest.raises(ZeroDivisionError), store.database.writing() as connection:
            connection.execute(text("INSERT INTO case_cursor VALUES (1, 1, 'x')"))
            1 / 0  # noqa: B018

        with store.database.reading() as connection:
            assert connection.execute(text("SELECT count(*) FROM case_cursor")).scalar_one() == 0


class TestSqlite:
    @pytest.fixture
    def small(self, tmp_path: Path) -> Store:
        return Store(workspace(tmp_path / "small"), CATALOGUE)

    def test_settings(self, small: Store) -> None:
        with small.database.reading() as connection:
            found = {
                name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
                for name in ("journal_mode", "synchronous", "foreign_keys")
            }

        assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
        small.close()

    def test_a_full_disk_is_said_and_nothing_is_half_written(self, small: Store, clock: FixedClock) -> None:
        def limit(connection: sqlite3.Connection, _record: object) -> None:
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
            connection.execute(f"PRAGMA max_page_count={pages + 2}")

        small.close()
        event.listen(small.database._engine, "connect", limit)
        with (
            pytest.raises(StateError, match="the disk is full; nothing of this step was written"),
            audit.writing(small, ANNA, "find", clock=clock) as act,
        ):
            findings.record(act, [finding(account=f"a-{number}", summary="x" * 500) for number in range(500)])

        assert count(small) == 0
        assert audit.verify(small).leaves == 0
        small.close()

    def test_a_database_locked_too_long_is_said(self, small: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("vedette.store.database._BUSY_MILLISECONDS", 50)
        other = StateDatabase(small.database.url)
        with (
            small.database.writing(),
            pytest.raises(StateError, match="another process is writing"),
            other.writing(),
        ):
            pass
        other.close()
        small.close()

    @pytest.mark.parametrize(
        "data", [b"this is no database at all, whatever its name says" * 100, b"SQLite format 3\x00x"]
    )
    def test_a_file_that_is_no_database_is_said(self, tmp_path: Path, data: bytes) -> None:
        made = workspace(tmp_path / "ws")
        (made.root / "state.db").write_bytes(data)

        with pytest.raises(StateError):
            Store(made, CATALOGUE)

    def test_a_damaged_database_is_said_on_reading(self, small: Store, clock: FixedClock) -> None:
        with audit.writing(small, ANNA, "find", clock=clock) as act:
            findings.record(act, [finding(account=f"a-{number}", summary="x" * 500) for number in range(500)])
        small.close()
        path = small.workspace.root / "state.db"
        for extra in path.parent.glob("state.db-*"):
            extra.unlink()
        data = bytearray(path.read_bytes())
        data[4096 * 3 :] = b"\xff" * (len(data) - 4096 * 3)
        path.write_bytes(data)

        with pytest.raises(StateError):
            Store(small.workspace, CATALOGUE).database.reading().__enter__().execute(text("SELECT * FROM finding"))

    def test_an_unknown_kind_of_url_is_said(self) -> None:
        with pytest.raises(StateError):
            StateDatabase("nonsense://x")

    def test_a_folder_in_the_place_of_the_database_is_said(self, tmp_path: Path) -> None:
        made = workspace(tmp_path / "ws")
        (made.root / "state.db").mkdir()

        with pytest.raises(StateError, match="unable to open"):
            Store(made, CATALOGUE)
