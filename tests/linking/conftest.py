"""A workspace whose lake holds a handful of customers, some of whom are one hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.linking.lake import CATALOGUE, ring_of_three
from tests.made import workspace
from vedette.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store with the tables of accounts and events."""
    opened = Store(workspace(tmp_path / "ws"), CATALOGUE)
    yield opened
    opened.close()


@pytest.fixture
def ringed(store: Store) -> Store:
    """The store with a ring of three accounts that share a key, and forty strangers."""
    ring_of_three(store)
    return store
