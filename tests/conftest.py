"""What every test shares: where the measuring data lies, and a clock that stands still."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from vedette.base import FixedClock

_ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of measuring data beside the project; tests that need it are skipped where it is absent."""
    folder = Path(os.environ.get("VEDETTE_SHARED_DATA", _ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip("the measuring data (shared/data beside the project) is not on this machine")
    return folder


@pytest.fixture
def clock() -> FixedClock:
    """Noon of one fixed day."""
    return FixedClock(datetime(2026, 3, 1, 12, 0, tzinfo=UTC))
