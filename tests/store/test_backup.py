"""A backup holds the whole workspace, by hash, and is restored elsewhere; altered, cut and hostile files are refused."""

from __future__ import annotations

import io
import json
import tarfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, make_url, text

from tests.made import ANNA, CATALOGUE
from vedette.audit import verify, writing
from vedette.base import FixedClock
from vedette.store import Store, Workspace, load_key
from vedette.store.backup import BackupError, back_up, restore

SECRET = "a long enough passphrase"


@pytest.fixture
def filled(store: Store, clock: FixedClock) -> Store:
    """A store with leaves, lake files, a list, an archived text and something sealed."""
    with store.engine([]) as engine, writing(store, ANNA, "test.lake", clock=clock) as act:
        staged = store.lake.stage(
            engine.connection,
            "things",
            "SELECT 'a' AS id, 1 AS size, '2026-03-01' AS day, 1 AS time_us, 1 AS received_us",
        )
        act.commit_files(staged)
    (store.workspace.lists / "sdn.csv").write_text("1,x")
    (store.workspace.archive / "aa").mkdir(exist_ok=True)
    (store.workspace.archive / "aa" / "aabb").write_bytes(b"text")
    (store.workspace.lake / "orphan.parquet").write_bytes(b"not committed")
    load_key(store.workspace.keys / "master.key")
    return store


def members(file: Path) -> dict[str, bytes]:
    with tarfile.open(file) as archive:
        return {item.name: archive.extractfile(item).read() for item in archive if item.isreg()}  # type: ignore[union-attr]  # regular


def packed(file: Path, parts: dict[str, bytes]) -> Path:
    with tarfile.open(file, "w:gz") as archive:
        for name, data in parts.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return file


class TestDrill:
    def test_restored_elsewhere_the_log_holds_and_sealed_things_open(
        self, filled: Store, clock: FixedClock, tmp_path: Path
    ) -> None:
        if not filled.database.embedded:
            pytest.skip("the drill of PostgreSQL restores into a database of its own")
        sealed = filled.vault.seal("person:x", {"name": "Ann"})
        before = verify(filled).leaves
        manifest = back_up(filled, tmp_path / "b", passphrase=SECRET, made_at="2026-03-01T12:00:00Z")
        with writing(filled, ANNA, "test.later", clock=clock) as act:
            act.fact("later", True)

        restore(tmp_path / "b", tmp_path / "new", passphrase=SECRET)

        with_keys = Store(Workspace(tmp_path / "new"), CATALOGUE)
        found = verify(with_keys)
        assert found.holds and found.leaves == before
        assert with_keys.vault.open("person:x", sealed) == {"name": "Ann"}
        with with_keys.database.reading() as connection:
            assert with_keys.lake.check(with_keys.lake.files(connection)) == []
        assert (tmp_path / "new" / "lists" / "sdn.csv").read_text() == "1,x"
        assert (tmp_path / "new" / "archive" / "aa" / "aabb").read_bytes() == b"text"
        assert "lake/orphan.parquet" not in manifest.files
        assert {path.stat().st_mode & 0o777 for path in (tmp_path / "new" / "keys").iterdir()} == {0o600}
        with_keys.close()

    def test_while_others_write(self, filled: Store, clock: FixedClock, tmp_path: Path) -> None:
        """The copy is one state: what commits during it is in it whole or not at all."""
        from threading import Event, Thread

        if not filled.database.embedded:
            pytest.skip("about SQLite's online backup")
        over = Event()

        def work() -> None:
            while not over.is_set():
                with writing(filled, ANNA, "test.busy", clock=clock) as act:
                    act.fact("x", 1)

        worker = Thread(target=work)
        worker.start()
        back_up(filled, tmp_path / "b", passphrase=SECRET, made_at="now")
        over.set()
        worker.join()
        restore(tmp_path / "b", tmp_path / "new", passphrase=SECRET)
        opened = Store(Workspace(tmp_path / "new"), CATALOGUE)
        assert verify(opened).holds
        opened.close()

    @pytest.mark.postgres
    def test_of_postgresql(self, filled: Store, tmp_path: Path) -> None:
        if filled.database.embedded:
            pytest.skip("about PostgreSQL")
        before = verify(filled).leaves
        back_up(filled, tmp_path / "b", passphrase=SECRET, made_at="now")
        with pytest.raises(BackupError, match="needs a database"):
            restore(tmp_path / "b", tmp_path / "other", passphrase=SECRET)
        with empty_database(filled.database.url) as url:
            restore(tmp_path / "b", tmp_path / "new", passphrase=SECRET, state_url=url)
            opened = Store(Workspace(tmp_path / "new", url), CATALOGUE)
            found = verify(opened)
            opened.close()
        assert found.holds and found.leaves == before


@contextmanager
def empty_database(url: str) -> Iterator[str]:
    """A database of its own beside the tests', dropped afterwards."""
    name = f"r_{uuid.uuid4().hex[:12]}"
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield make_url(url).set(database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


class TestKeys:
    def test_without_a_passphrase_no_key_is_in_it(self, filled: Store, tmp_path: Path) -> None:
        key = load_key(filled.workspace.keys / "master.key")
        manifest = back_up(filled, tmp_path / "b", passphrase=None, made_at="now")
        assert not manifest.keys
        assert all(key not in data and key.hex().encode() not in data for data in members(tmp_path / "b").values())

    def test_sealed_ones_open_by_their_passphrase_only(self, filled: Store, tmp_path: Path) -> None:
        key = load_key(filled.workspace.keys / "master.key")
        back_up(filled, tmp_path / "b", passphrase=SECRET, made_at="now")
        assert key.hex().encode() not in members(tmp_path / "b")["keys.sealed"]
        assert (tmp_path / "b").stat().st_mode & 0o777 == 0o600
        if filled.database.embedded:
            with pytest.raises(BackupError, match="passphrase"):
                restore(tmp_path / "b", tmp_path / "new", passphrase="another passphrase")

    def test_a_short_passphrase_and_a_file_that_is_there(self, filled: Store, tmp_path: Path) -> None:
        with pytest.raises(BackupError, match="short"):
            back_up(filled, tmp_path / "b", passphrase="short", made_at="now")
        (tmp_path / "c").write_text("kept")
        with pytest.raises(BackupError, match="already"):
            back_up(filled, tmp_path / "c", passphrase=None, made_at="now")
        assert (tmp_path / "c").read_text() == "kept"
        assert not list(tmp_path.glob(".*.part"))


class TestHostile:
    @pytest.fixture
    def parts(self, filled: Store, tmp_path: Path) -> dict[str, bytes]:
        if not filled.database.embedded:
            pytest.skip("one kind of database is enough")
        back_up(filled, tmp_path / "good", passphrase=SECRET, made_at="now")
        return members(tmp_path / "good")

    def refused(self, tmp_path: Path, parts: dict[str, bytes], match: str) -> None:
        with pytest.raises(BackupError, match=match):
            restore(packed(tmp_path / "bad", parts), tmp_path / "new", passphrase=SECRET)

    @pytest.mark.parametrize(
        "name", ["../evil", "/etc/evil", "lake/../../evil", "lists/.hidden", "other/x", "keys/master.key"]
    )
    def test_ways_out(self, tmp_path: Path, parts: dict[str, bytes], name: str) -> None:
        self.refused(tmp_path, {name: b"x", **parts}, "no backup holds")
        assert not (tmp_path / "evil").exists()

    def test_an_altered_a_missing_and_an_added_file(self, tmp_path: Path, parts: dict[str, bytes]) -> None:
        self.refused(tmp_path, {**parts, "lists/sdn.csv": b"1,y"}, "altered")

    def test_a_missing_file(self, tmp_path: Path, parts: dict[str, bytes]) -> None:
        self.refused(tmp_path, {name: data for name, data in parts.items() if name != "lists/sdn.csv"}, "missing")

    def test_an_added_file(self, tmp_path: Path, parts: dict[str, bytes]) -> None:
        self.refused(tmp_path, {"lists/more.csv": b"x", **parts}, "missing or altered")

    def test_cut_off(self, tmp_path: Path, parts: dict[str, bytes]) -> None:
        self.refused(tmp_path, {name: data for name, data in parts.items() if name != "manifest.json"}, "interrupted")

    @pytest.mark.parametrize("data", [b"", b"{}", b"[]", b'{"vedette_backup": 1}', b'{"vedette_backup": 99}'])
    def test_another_manifest(self, tmp_path: Path, parts: dict[str, bytes], data: bytes) -> None:
        self.refused(tmp_path, {**parts, "manifest.json": data}, "backup|version")

    def test_a_link(self, tmp_path: Path, parts: dict[str, bytes]) -> None:
        with tarfile.open(tmp_path / "bad", "w:gz") as archive:
            info = tarfile.TarInfo("lists/link")
            info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
            archive.addfile(info)
        with pytest.raises(BackupError, match="no backup holds"):
            restore(tmp_path / "bad", tmp_path / "new", passphrase=SECRET)

    @pytest.mark.parametrize("data", [b"", b"no archive", b"\x1f\x8b\x08\x00"])
    def test_no_archive(self, tmp_path: Path, data: bytes) -> None:
        (tmp_path / "bad").write_bytes(data)
        with pytest.raises(BackupError):
            restore(tmp_path / "bad", tmp_path / "new", passphrase=SECRET)

    def test_never_over_something(self, tmp_path: Path, parts: dict[str, bytes]) -> None:
        (tmp_path / "new").mkdir()
        (tmp_path / "new" / "kept").write_text("x")
        self.refused(tmp_path, parts, "not empty")


def test_the_manifest_is_plain_json(filled: Store, tmp_path: Path) -> None:
    back_up(filled, tmp_path / "b", passphrase=None, made_at="2026-03-01T12:00:00Z")
    told: dict[str, Any] = json.loads(members(tmp_path / "b")["manifest.json"])
    assert told["vedette_backup"] == 1
    assert told["files"]["lists/sdn.csv"][1] == 3
