"""A workspace is made whole or refused with a remedy; files are written whole or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from tests.made import workspace
from vedette.store import Workspace, WorkspaceError, write_durably


class TestCreate:
    def test_makes_every_part(self, tmp_path: Path) -> None:
        made = workspace(tmp_path / "new" / "ws")

        assert made.exists()
        assert made.settings_file.read_text() == 'home = "us"\n'
        for part in (made.lake, made.lists, made.archive, made.references, made.refused, made.keys):
            assert part.is_dir()
        assert stat.S_IMODE(made.keys.stat().st_mode) == 0o700

    def test_an_existing_one_is_left_as_it_is(self, tmp_path: Path) -> None:
        workspace(tmp_path / "ws")

        with pytest.raises(WorkspaceError, match="already lies here"):
            Workspace(tmp_path / "ws").create("other")
        assert Workspace(tmp_path / "ws").settings_file.read_text() == 'home = "us"\n'

    def test_a_folder_that_cannot_be_written_is_said(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("x")

        with pytest.raises(WorkspaceError, match="cannot be written.*Choose another folder"):
            Workspace(tmp_path / "file" / "ws").create("x")

    @pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs a folder that nobody may write to")
    def test_nor_can_a_read_only_system_folder(self) -> None:
        with pytest.raises(WorkspaceError, match="cannot be written"):
            Workspace(Path("/proc/vedette")).create("x")

    def test_what_is_no_workspace_is_refused_with_the_remedy(self, tmp_path: Path) -> None:
        with pytest.raises(WorkspaceError, match="vedette init"):
            Workspace(tmp_path).require()

    def test_the_url(self, tmp_path: Path) -> None:
        assert Workspace(tmp_path).url == f"sqlite:///{tmp_path}/state.db"
        assert Workspace(tmp_path, "postgresql://x").url == "postgresql://x"


class TestWriteDurably:
    def test_replaces_whole_files(self, tmp_path: Path) -> None:
        path = tmp_path / "x"
        for data in (b"one", b"", b"three" * 1000):
            write_durably(path, data)
            assert path.read_bytes() == data
        assert list(tmp_path.iterdir()) == [path]

    def test_a_failure_leaves_the_old_file_and_no_rest(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        path = tmp_path / "x"
        write_durably(path, b"old")

        def full(_handle: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            write_durably(path, b"new")

        assert path.read_bytes() == b"old"
        assert list(tmp_path.iterdir()) == [path]

    def test_the_mode_is_set_from_the_beginning(self, tmp_path: Path) -> None:
        write_durably(tmp_path / "key", b"x", mode=0o600)

        assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600
