"""The demonstration's conference, in one call."""

from __future__ import annotations

from pathlib import Path

from tests.conference.conftest import ANNA, NOON
from vedette.base import FixedClock
from vedette.conference.demonstration import VENUE, demonstrate
from vedette.store import Store


class TestDemonstration:
    def test_it_runs_to_the_end_and_tells_counts(self, store: Store, tmp_path: Path) -> None:
        told = demonstrate(store, ANNA, FixedClock(NOON), tmp_path / "conference", submissions=60)
        assert (told["venue"], told["submissions"], told["refused"]) == (VENUE, 60, 0)
        assert isinstance(told["confusable"], int) and told["confusable"] > 0
