"""What the tests of screening share: a small invented list and an index over it."""

from __future__ import annotations

import pytest

from tests.screening.people import EDITION, LISTINGS
from vedette.screening import Index


@pytest.fixture(scope="session")
def index() -> Index:
    """The index over the invented list."""
    return Index.of(LISTINGS, EDITION)
