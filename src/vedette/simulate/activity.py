"""From phases to events: every sign-in of every member at once, drawn with arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from vedette.simulate.places import places
from vedette.simulate.world import DAY, Phase, World

NO_OFFSET = -9_999
CONSOLE, API, SSH = 0, 1, 2
_FAILED = 0.04
_STRAY = 0.006
_STRAY_MACHINES = 40

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Events:
    """Sign-ins in order of time, as parallel arrays; ``ip`` and ``device`` number the words of the two pools.

    ``time`` in seconds since 1970; ``offset`` in minutes east of UTC or NO_OFFSET; ``exact`` marks the events of phases
    with a fixed count; device -1 is none.
    """

    time: Ints
    phase: Ints
    ip: Ints
    device: Ints
    offset: Ints
    channel: Ints
    success: Flags
    exact: Flags
    ips: tuple[str, ...]
    devices: tuple[str, ...]

    def take(self, keep: Flags | Ints) -> Events:
        """The chosen events."""
        return Events(
            self.time[keep],
            self.phase[keep],
            self.ip[keep],
            self.device[keep],
            self.offset[keep],
            self.channel[keep],
            self.success[keep],
            self.exact[keep],
            self.ips,
            self.devices,
        )


@dataclass(frozen=True, slots=True)
class _Pool:
    """The lists of words of all phases in one array: those of phase k stand at start[k] .. start[k]+size[k]."""

    words: tuple[str, ...]
    flat: Ints
    start: Ints
    size: Ints

    @classmethod
    def of(cls, lists: Sequence[Sequence[str]], more: Sequence[str] = ()) -> _Pool:
        number: dict[str, int] = {}
        flat = [number.setdefault(word, len(number)) for words in lists for word in words]
        for word in more:
            number.setdefault(word, len(number))
        size = np.array([len(words) for words in lists], dtype=np.int64)
        start = np.concatenate(([0], np.cumsum(size)[:-1]))
        return cls(tuple(number), np.array([*flat, 0], dtype=np.int64), start, size)

    def choose(self, phase: Ints, share: NDArray[np.float64]) -> Ints:
        """The word at that share of the phase's list; -1 where the list is empty."""
        size = self.size[phase]
        at = self.start[phase] + np.minimum((share * size).astype(np.int64), np.maximum(size - 1, 0))
        return np.where(size > 0, self.flat[np.minimum(at, len(self.flat) - 1)], -1)


def sample(world: World, total: int) -> Events:
    """About ``total`` sign-ins: fixed counts as planned, the others in proportion to rate and length of the phases."""
    chance = np.random.Generator(np.random.PCG64(world.plan.seed))
    phases = world.phases
    index = np.repeat(np.arange(len(phases)), _counts(phases, total, chance))
    zones = _Zones(world)
    time = _times(phases, index, zones, chance)
    begin = np.array([each.start for each in phases])[index]
    end = np.array([each.end for each in phases])[index]
    time = np.where(time < begin, time + DAY, np.where(time >= end, time - DAY, time))
    inside = (time >= begin) & (time < end)
    index, time = index[inside], time[inside]
    order = np.argsort(time, kind="stable")
    return _dress(world, index[order], time[order], zones, chance)


def _counts(phases: Sequence[Phase], total: int, chance: np.random.Generator) -> Ints:
    fixed = np.array([each.count for each in phases], dtype=np.int64)
    weight = np.array([each.rate * max(each.end - each.start, 0) for each in phases], dtype=np.float64)
    weight[fixed > 0] = 0.0
    share = weight / weight.sum() * max(total - int(fixed.sum()), 0)
    drawn = np.floor(share + chance.random(len(phases))).astype(np.int64)
    drawn = np.maximum(drawn, (weight > 0).astype(np.int64))
    return np.where(fixed > 0, fixed, drawn)


class _Zones:
    """Offsets of every zone on every day, with summer time where it falls into the plan."""

    def __init__(self, world: World) -> None:
        self.first = (min(each.start for each in world.phases) // DAY) - 2
        last = world.end // DAY + 2
        names = sorted({zone for each in world.phases for zone in (each.zone, each.clock)})
        self.number = {name: number for number, name in enumerate(names)}
        days = [datetime.fromtimestamp((self.first + day) * DAY, UTC) for day in range(last - self.first + 1)]
        table = [[self._minutes(ZoneInfo(name), day) for day in days] for name in names]
        self.table = np.array(table, dtype=np.int64)

    @staticmethod
    def _minutes(zone: ZoneInfo, day: datetime) -> int:
        offset = day.astimezone(zone).utcoffset()
        return 0 if offset is None else int(offset.total_seconds()) // 60

    def minutes(self, zone: Ints, time: Ints) -> Ints:
        """Minutes east of UTC of each zone at each time, by the day."""
        found: Ints = self.table[zone, np.clip(time // DAY - self.first, 0, self.table.shape[1] - 1)]
        return found


def _times(phases: Sequence[Phase], index: Ints, zones: _Zones, chance: np.random.Generator) -> Ints:
    """Waking hours on the person's clock, fewer at weekends; fixed events lie evenly in their stretch."""
    begin = np.array([each.start for each in phases])[index]
    length = np.array([max(each.end - each.start, 1) for each in phases])[index]
    fixed = np.array([each.count > 0 for each in phases])[index]
    centre = np.array([each.centre for each in phases])[index]
    spread = np.array([each.spread for each in phases])[index]
    clock = np.array([zones.number[each.clock] for each in phases])[index]
    even = begin + (chance.random(len(index)) * length).astype(np.int64)
    day = even // DAY
    weekend = ((day + 3) % 7 >= 5) & (chance.random(len(index)) < 0.6)
    day = np.where(weekend & ((day - 2) * DAY >= begin), day - 2, day)
    hour = np.mod(chance.normal(centre, spread), 24.0)
    local = day * DAY + (hour * 3600).astype(np.int64)
    found: Ints = np.where(fixed, even, local - 60 * zones.minutes(clock, local))
    return found


def _dress(world: World, index: Ints, time: Ints, zones: _Zones, chance: np.random.Generator) -> Events:
    phases, size = world.phases, len(index)
    stray = _stray_words(world)
    ips = _Pool.of([each.ips for each in phases], stray)
    devices = _Pool.of([each.devices for each in phases], [f"d-stray{n:02d}" for n in range(_STRAY_MACHINES)])
    daily = np.array([each.daily for each in phases])[index]
    fixed = np.array([each.count > 0 for each in phases])[index]
    by_day = _mix(index * 65_536 + time // DAY)
    ip = ips.choose(index, np.where(daily, by_day, chance.random(size) ** 2.2))
    device = devices.choose(index, chance.random(size) ** 2.0)
    api = np.array([each.api for each in phases])[index]
    draw = chance.random(size)
    channel = np.where(draw < api * 0.75, API, np.where(draw < api, SSH, CONSOLE))
    channel = np.where(fixed, CONSOLE, channel).astype(np.int64)
    zone = np.array([zones.number[each.zone] for each in phases])[index]
    offset = np.where((channel == CONSOLE) & (chance.random(size) < 0.97), zones.minutes(zone, time), NO_OFFSET)
    device = np.where(channel == CONSOLE, device, -1)
    success = (chance.random(size) >= _FAILED) | fixed
    astray = ~success & (chance.random(size) < _STRAY / _FAILED)
    guess = chance.integers(0, _STRAY_MACHINES, size)
    ip = np.where(astray, len(ips.words) - len(stray) + guess, ip)
    device = np.where(astray & (channel == CONSOLE), len(devices.words) - _STRAY_MACHINES + guess, device)
    return Events(time, index, ip, device, offset, channel, success, fixed, ips.words, devices.words)


def _stray_words(world: World) -> list[str]:
    """Addresses of people who guess other people's passwords and fail."""
    lands = [each.country for each in places()]
    return [world.network.address(world.random.choice(lands), "hosting") for _ in range(_STRAY_MACHINES)]


def _mix(value: Ints) -> NDArray[np.float64]:
    """A share in 0..1 that depends on the value only (the finaliser of splitmix64)."""
    state = value.astype(np.uint64)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        state = (state ^ (state >> np.uint64(shift))) * np.uint64(factor)
    state ^= state >> np.uint64(31)
    found: NDArray[np.float64] = (state >> np.uint64(11)).astype(np.float64) / float(1 << 53)
    return found
