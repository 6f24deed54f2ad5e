"""What every test shares: where the measuring data lies, a clock that stands still, and fresh stores."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import settings

from tests import postgres
from tests.made import Stores
from vedette.base import FixedClock
from vedette.store import Store

_ROOT = Path(__file__).resolve().parents[1]

# On the machine that decides whether a change lands, the same examples are tried every time; at a desk others each time.
settings.register_profile("ci", derandomize=True, max_examples=15, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


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


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A database on a real PostgreSQL: the one named in VEDETTE_TEST_POSTGRES_URL, else a server started for the tests."""
    with ExitStack() as stack:
        try:
            url = stack.enter_context(postgres.server())
        except postgres.NoServer as fault:
            pytest.skip(str(fault))
        yield url


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def stores(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stores]:
    """Fresh stores of one kind of state database."""
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else ""
    made = Stores(request.param, tmp_path_factory.mktemp("stores"), url)
    yield made
    made.close()


@pytest.fixture
def store(stores: Stores, tmp_path: Path) -> Iterator[Store]:
    """One fresh store."""
    with stores.store(tmp_path / "ws") as opened:
        yield opened


def pytest_make_parametrize_id(val: object) -> str | None:
    """Name bytes by their length: gzip files bear the time at which they were made, and every process must name alike."""
    return f"{len(val)} bytes" if isinstance(val, bytes) else None


def pytest_configure(config: pytest.Config) -> None:
    """Markers of optional engines."""
    config.addinivalue_line("markers", "spark: needs pyspark and Java; skipped with a message where they are absent")
