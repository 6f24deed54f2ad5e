"""Fresh workspaces with the observatory's tables, copied from one that was made once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.made import workspace
from vedette.app.rooms import catalogue
from vedette.store import Store, Workspace


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("observatory") / "ws"
    Store(workspace(root), catalogue()).close()
    return root


@pytest.fixture
def place(template: Path, tmp_path: Path) -> Path:
    """A workspace's folder; the shipped institutions of the DPRK are all that it knows."""
    root = tmp_path / "ws"
    shutil.copytree(template, root)
    return root


@pytest.fixture
def ws(place: Path) -> Iterator[Store]:
    opened = Store(Workspace(place), catalogue())
    yield opened
    opened.close()
