"""One look serves many pages, and a new file is looked at at once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.workloads.made import CLOCK, fleet, job, put, samples
from vedette.base import FixedClock
from vedette.workloads.desk import Desk, drawn, glance
from vedette.workloads.model import Scope, WorkloadError


class TestDesk:
    def test_one_look_is_kept_until_something_comes_in(self, tmp_path: Path) -> None:
        store = fleet(tmp_path / "ws")
        put(store, tmp_path / "e", usage=samples(gpu_util=0.5))
        desk = Desk(store)
        first = desk.glance(CLOCK)
        assert desk.glance(CLOCK) is first
        put(store, tmp_path / "f", allocations=[job("a-2", "j-2", 0, 60)])
        assert {line.id for line in desk.glance(CLOCK).lines[Scope.ACCOUNT]} == {"a-1", "a-2"}
        store.close()

    def test_an_old_look_is_taken_anew(self, tmp_path: Path) -> None:
        store = fleet(tmp_path / "ws")
        desk = Desk(store)
        first = desk.glance(CLOCK)
        assert desk.glance(FixedClock(CLOCK.now() + timedelta(minutes=11))) is not first
        store.close()


class TestDrawn:
    def test_points_agree_with_the_ledger(self, tmp_path: Path) -> None:
        store = fleet(tmp_path / "ws")
        put(store, tmp_path / "e", usage=samples(gpu_util=0.9, sm_active=0.8, tensor_active=0.4))
        held = glance(store, CLOCK)
        _, points = drawn(store, held, Scope.ACCOUNT, "a-1")
        (line,) = held.lines[Scope.ACCOUNT]
        mid = points["mid"]
        assert isinstance(mid, list) and mid[-1] == pytest.approx(line.p50, rel=0.01)
        assert [item.label.value for item, _ in held.jobs(["a-1"])] and held.jobs(["a-9"]) == []
        with pytest.raises(WorkloadError, match="no account"):
            drawn(store, held, Scope.ACCOUNT, "a-9")
        store.close()
