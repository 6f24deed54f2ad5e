"""What the tests of screening share: a small invented list and an index over it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.made import ANNA
from tests.screening.people import EDITION, LISTINGS
from vedette.base import FixedClock
from vedette.screening import Index
from vedette.store import Catalogue, Store, Workspace
from vedette.watchlists import load


@pytest.fixture(scope="session")
def index() -> Index:
    """The index over the invented list."""
    return Index.of(LISTINGS, EDITION)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty workspace's store."""
    workspace = Workspace(tmp_path / "ws")
    workspace.create('home = "us"\n')
    opened = Store(workspace, Catalogue(()))
    yield opened
    opened.close()


@pytest.fixture
def loaded(store: Store, clock: FixedClock, tmp_path: Path) -> Store:
    """A store in which one FollowTheMoney list of invented parties is in force."""
    write_list(tmp_path / "first.entities.ftm.json", "Bartholomew Volkonskayev", "Zarvanitsa Hydroacoustic")
    load(store, ANNA, [tmp_path / "first.entities.ftm.json"], clock=clock)
    return store


def write_list(path: Path, *names: str) -> Path:
    """A FollowTheMoney file of persons with these names and one birth date."""
    rows = (
        {
            "id": f"e-{number}",
            "schema": "Person",
            "datasets": ["sample"],
            "properties": {"name": [name], "birthDate": ["1961-03-14"], "country": ["ru"]},
        }
        for number, name in enumerate(names)
    )
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path
