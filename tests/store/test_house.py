"""A store opens a workspace that exists, makes what is missing, and can be opened by many."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.made import CATALOGUE, workspace
from vedette.store import Store, Workspace, WorkspaceError


class TestStore:
    def test_no_workspace_no_store(self, tmp_path: Path) -> None:
        with pytest.raises(WorkspaceError, match="vedette init"):
            Store(Workspace(tmp_path), CATALOGUE)
        assert not any(tmp_path.iterdir()), "nothing is made where nothing was asked for"

    def test_missing_parts_are_made_again(self, tmp_path: Path) -> None:
        made = workspace(tmp_path / "ws")
        shutil.rmtree(made.lake)

        Store(made, CATALOGUE).close()

        assert made.lake.is_dir()

    def test_two_stores_share_one_workspace(self, tmp_path: Path) -> None:
        made = workspace(tmp_path / "ws")
        first, second = Store(made, CATALOGUE), Store(made, CATALOGUE)

        sealed = first.vault.seal("a", {"x": 1})

        assert second.vault.open("a", sealed) == {"x": 1}
        first.close()
        second.close()
