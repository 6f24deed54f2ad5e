"""Stores with this room's tables, export folders, and a loader to fill them."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.made import JOB, workspace
from vedette.accounts import Loaded, load
from vedette.accounts.tables import TABLES
from vedette.base import FixedClock
from vedette.store import Catalogue, Store, Workspace

Rows = Sequence[Mapping[str, Any]]
Write = Callable[..., Path]


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated workspace to copy."""
    root = tmp_path_factory.mktemp("accounts") / "template"
    Store(workspace(root), Catalogue(TABLES)).close()
    return root


@pytest.fixture
def store(template: Path, tmp_path: Path) -> Iterator[Store]:
    """One fresh store that knows this room's tables."""
    shutil.copytree(template, tmp_path / "ws")
    opened = Store(Workspace(tmp_path / "ws"), Catalogue(TABLES))
    yield opened
    opened.close()


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a CSV into an export folder and returns the folder."""

    def written(name: str, rows: Rows, folder: str = "export") -> Path:
        directory = tmp_path / folder
        directory.mkdir(exist_ok=True)
        columns = list(dict.fromkeys(key for row in rows for key in row))
        with (directory / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, restval="")
            writer.writeheader()
            writer.writerows(rows)
        return directory

    return written


@pytest.fixture
def take(store: Store, clock: FixedClock, write: Write) -> Callable[..., tuple[Loaded, ...]]:
    """Writes accounts, owners and identities and loads them."""

    def taken(
        accounts: Rows = (), owners: Rows = (), identities: Rows = (), folder: str = "export"
    ) -> tuple[Loaded, ...]:
        directory = None
        for name, rows in (("accounts", accounts), ("owners", owners), ("identities", identities)):
            if rows:
                directory = write(f"{name}.csv", rows, folder)
        assert directory is not None
        return load(store, JOB, directory, clock=clock)

    return taken
