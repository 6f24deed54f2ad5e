"""Sign-ins follow the person's clock, stay within their phase, and keep fixed counts."""

from __future__ import annotations

import numpy as np
import pytest

from vedette.simulate.activity import CONSOLE, NO_OFFSET, sample
from vedette.simulate.model import Plan
from vedette.simulate.places import place
from vedette.simulate.world import DAY, World


@pytest.fixture
def world() -> World:
    return World(Plan(accounts=150))


class TestSample:
    def test_events_lie_in_their_phase(self, world: World) -> None:
        member = world.join("ordinary", place("JP"), opened=world.start - DAY)
        phase = world.act(member, ("240.0.0.1",), start=world.start + DAY, end=world.start + 9 * DAY)

        events = sample(world, 500)

        assert len(events.time) > 450
        assert events.time.min() >= phase.start
        assert events.time.max() < phase.end
        assert (np.diff(events.time) >= 0).all()

    def test_fixed_counts_are_kept_and_succeed(self, world: World) -> None:
        member = world.join("ordinary", place("US"))
        world.act(member, ("240.0.0.1",))
        world.act(member, ("240.0.0.2",), start=world.start, end=world.start + 60, count=3)

        events = sample(world, 400)

        assert int(events.exact.sum()) == 3
        assert events.success[events.exact].all()

    @pytest.mark.parametrize(("clock", "hour"), [("Asia/Shanghai", 5.5), ("America/New_York", 18.5)])
    def test_hours_follow_the_clock(self, world: World, clock: str, hour: float) -> None:
        member = world.join("ordinary", place("US"), opened=world.start - DAY)
        world.act(member, ("240.0.0.1",), clock=clock)

        hours = sample(world, 4_000).time % DAY / 3600
        angle = np.angle(np.exp(2j * np.pi * hours / 24).mean()) / (2 * np.pi) * 24 % 24

        assert angle == pytest.approx(hour, abs=0.5)

    def test_summer_time_moves_the_offset(self, world: World) -> None:
        world = World(Plan(accounts=150, days=120))
        member = world.join("ordinary", place("DE"), opened=world.start - DAY)
        world.act(member, ("240.0.0.1",))

        events = sample(world, 2_000)
        told = events.offset[(events.channel == CONSOLE) & (events.offset != NO_OFFSET)]

        assert set(told.tolist()) == {60, 120}

    def test_daily_address_does_not_change_within_a_day(self, world: World) -> None:
        member = world.join("ordinary", place("US"), opened=world.start - DAY)
        world.act(member, [f"240.0.0.{host}" for host in range(1, 9)], daily=True)

        events = sample(world, 2_000)
        keep = events.success
        pairs = set(zip((events.time[keep] // DAY).tolist(), events.ip[keep].tolist(), strict=True))

        assert len(pairs) == len({day for day, _ in pairs})
        assert len({ip for _, ip in pairs}) > 3
