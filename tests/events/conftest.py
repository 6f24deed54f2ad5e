"""Stores with the tables of this room, and small export folders."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.made import workspace
from vedette.events.tables import TABLES
from vedette.store import Catalogue, Column, ColumnType, LakeTable, Store

IDENTITIES = LakeTable(
    name="identities",
    room="accounts",
    columns=(
        Column("account_id"),
        Column("product"),
        Column("kind"),
        Column("external_id"),
        Column("valid_from_us", ColumnType.WHOLE),
        Column("valid_to_us", ColumnType.WHOLE),
        Column("received_us", ColumnType.WHOLE),
    ),
    key=("external_id",),
    dated=False,
)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Store]:
    """One fresh workspace with this room's tables."""
    store = Store(workspace(tmp_path / "ws"), Catalogue((*TABLES, IDENTITIES)))
    yield store
    store.close()


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str, str], Path]:
    """Writes a text file into a folder of its own and gives its path."""
    folder = tmp_path / "input"
    folder.mkdir()

    def write(name: str, text: str) -> Path:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write
