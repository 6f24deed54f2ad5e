"""Checkpoints kept outside: a workspace that was put back to an earlier state, or written anew, is noticed."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from tests.made import ANNA, CATALOGUE, workspace
from vedette import audit
from vedette.audit import anchor
from vedette.audit.anchor import AnchorError
from vedette.base import FixedClock
from vedette.store import Store, Workspace


def tell(store: Store, clock: FixedClock, *numbers: int) -> None:
    for number in numbers:
        with audit.writing(store, ANNA, "tell", clock=clock) as act:
            act.fact("number", number)


@pytest.fixture(params=["file", "folder"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Where checkpoints are kept."""
    if request.param == "folder":
        (tmp_path / "kept").mkdir()
    return tmp_path / "kept"


class TestKeep:
    def test_it_only_ever_adds(self, tmp_path: Path, clock: FixedClock, place: Path) -> None:
        with closing(Store(workspace(tmp_path / "ws"), CATALOGUE)) as store:
            assert anchor.keep(store, place) is None
            tell(store, clock, 1)
            anchor.keep(store, place)
            before = anchor.kept(place)
            anchor.keep(store, place)
            tell(store, clock, 2)
            anchor.keep(store, place)

            assert anchor.kept(place)[:1] == before
            assert [note.split("\n")[1] for note in anchor.kept(place)] == ["1", "2"]
            assert audit.verify(store, against=anchor.kept(place)).holds

    def test_an_unreadable_place_is_said(self, tmp_path: Path) -> None:
        (tmp_path / "x").write_bytes(b"\xff\xfe")

        with pytest.raises(AnchorError, match="cannot be read"):
            anchor.kept(tmp_path / "x")


class TestRolledBack:
    def test_a_workspace_put_back_is_refused(self, tmp_path: Path, clock: FixedClock, place: Path) -> None:
        with closing(Store(workspace(tmp_path / "ws"), CATALOGUE)) as store:
            tell(store, clock, 1)
        shutil.copytree(tmp_path / "ws", tmp_path / "copy")
        with closing(Store(Workspace(tmp_path / "ws"), CATALOGUE)) as store:
            tell(store, clock, 2, 3)
            anchor.keep(store, place)
            assert anchor.rolled_back(store, place) == ""

        with closing(Store(Workspace(tmp_path / "copy"), CATALOGUE)) as old:
            assert audit.verify(old).holds, "by itself an old state looks whole"
            assert anchor.rolled_back(old, place) == "the log has 1 leaves, and 3 were signed before: it was put back"
            with pytest.raises(AnchorError, match="put back"):
                anchor.keep(old, place)

            tell(old, clock, 8, 9)
            assert "written anew" in anchor.rolled_back(old, place)

            tell(old, clock, 10)
            assert "does not begin with the 3 leaves" in audit.verify(old, against=anchor.kept(place)).problems[0]

    def test_another_workspaces_checkpoints_are_told_apart(
        self, tmp_path: Path, clock: FixedClock, place: Path
    ) -> None:
        for name in ("one", "two"):
            with closing(Store(workspace(tmp_path / name), CATALOGUE)) as store:
                tell(store, clock, 1)
                if name == "one":
                    anchor.keep(store, place)
                else:
                    assert "cannot be trusted" in anchor.rolled_back(store, place)
