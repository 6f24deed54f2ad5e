"""Token buckets: how much each caller may ask for, in memory, bounded in number."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic

_MOST_CALLERS = 10_000


@dataclass(slots=True)
class Buckets:
    """One bucket a caller, refilled at ``rate`` a second up to ``burst``. A rate of 0 sets no limit.

    A large request may overdraw its caller's bucket: then the next one waits until the debt is paid.
    """

    rate: float
    burst: float
    now: Callable[[], float] = monotonic
    _levels: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def take(self, caller: str, amount: float = 1.0) -> int:
        """Take from a caller's bucket. Returns 0, or the whole seconds to wait where the bucket is empty."""
        if self.rate <= 0:
            return 0
        with self._lock:
            level = self._level(caller)
            allowed = level >= min(1.0, amount)
            self._levels[caller] = (level - amount if allowed else level, self.now())
            self._levels.move_to_end(caller)
            while len(self._levels) > _MOST_CALLERS:
                self._levels.popitem(last=False)
        return 0 if allowed else max(1, math.ceil((1.0 - level) / self.rate))

    def owe(self, caller: str, amount: float) -> None:
        """Charge more for a request that was let in and proved large."""
        if self.rate > 0 and amount > 0:
            with self._lock:
                self._levels[caller] = (self._level(caller) - amount, self.now())

    def _level(self, caller: str) -> float:
        level, since = self._levels.get(caller, (self.burst, self.now()))
        return min(self.burst, level + (self.now() - since) * self.rate)
