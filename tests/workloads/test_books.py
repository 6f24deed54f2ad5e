"""What was seen and what was only held are kept apart when a use is set beside its declared purpose."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.workloads.made import CLOCK, fleet, job, put, samples
from vedette.workloads import books


class TestUses:
    def test_hours_that_nobody_saw_are_untold_whatever_was_seen_of_the_job(self, tmp_path: Path) -> None:
        """Nobody is asked about eighty hours of hashing on the strength of one hour of telemetry."""
        rest = samples(minutes=60, gpu_util=0.0, sm_active=0.0, tensor_active=0.0, power_w=70)
        store = fleet(tmp_path / "ws")
        put(store, tmp_path / "e", usage=rest, allocations=[job("a-1", "j-1", 0, 600)])
        seen = books.look(store, CLOCK)
        (use,) = books._uses(seen.kept, seen.judged)
        assert {label.value: hours for label, hours in use.hours.items()} == {"idle": pytest.approx(1.0)}
        assert use.untold == pytest.approx(79.0)
        store.close()
