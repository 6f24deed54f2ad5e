"""Work that costs hardly more for many than for one: whichever thread comes first does it for all that wait."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

_T = TypeVar("_T")
_R = TypeVar("_R")


class _Place(Generic[_T, _R]):
    """One caller's work, and what came of it."""

    def __init__(self, item: _T) -> None:
        self.item = item
        self.done = False
        self.result: _R | Exception | None = None


class Together(Generic[_T, _R]):
    """A counter at which threads wait. ``work`` gets everything that waits and gives a result or a fault for each.

    Only one thread works at a time. A fault of the work itself reaches every caller whose item it held.
    """

    def __init__(self, work: Callable[[Sequence[_T]], Sequence[_R | Exception]]) -> None:
        self._work = work
        self._adding = threading.Lock()
        self._working = threading.Lock()
        self._waiting: list[_Place[_T, _R]] = []

    def do(self, item: _T) -> _R:
        """The result for this item; raises its fault in the caller's own thread."""
        mine: _Place[_T, _R] = _Place(item)
        with self._adding:
            self._waiting.append(mine)
        with self._working:
            if not mine.done:
                with self._adding:
                    together, self._waiting = self._waiting, []
                self._do_all(together)
        if isinstance(mine.result, Exception):
            raise mine.result
        return mine.result  # type: ignore[return-value]  # a result, for every place that is done has one

    def _do_all(self, together: Sequence[_Place[_T, _R]]) -> None:
        results: Sequence[_R | Exception] | Exception = InterruptedError("the thread that worked for all was stopped")
        try:
            results = attempt(lambda: self._work([place.item for place in together]))
        finally:
            for number, place in enumerate(together):
                place.result = results if isinstance(results, Exception) else results[number]
                place.done = True


def attempt(work: Callable[[], _T]) -> _T | Exception:
    """What some work gives, or the fault that it ended with, to be raised in the thread whom it concerns."""
    try:
        return work()
    except Exception as fault:  # nothing is swallowed: whoever waits raises it again
        return fault
