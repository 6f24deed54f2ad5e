"""The index that a long-running process asks: shared by its threads, and replaced whole when a list changes."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock
from time import monotonic

from vedette import watchlists
from vedette.base import VedetteError
from vedette.screening.cache import open_index
from vedette.screening.index import Index
from vedette.store import Store
from vedette.watchlists import ListVersion

_LOG = logging.getLogger("vedette.server")
_EVERY_SECONDS = 5.0
_PARTS_KEPT = 4


@dataclass
class Held:
    """One index with the list versions that it was made of."""

    index: Index
    versions: tuple[ListVersion, ...]

    @cached_property
    def numbers(self) -> dict[tuple[str, str], int]:
        """The number in the index of each (list, entry)."""
        found = (
            (self.index.edition(number).list_id, self.index.listing(number).entity_id)
            for number in range(len(self.index))
        )
        return {key: number for number, key in enumerate(found)}

    def version(self, list_id: str) -> ListVersion:
        """The version of a list in this index."""
        return next(version for version in self.versions if version.list_id == list_id)


@dataclass
class LiveIndex:
    """Looks at most every few seconds whether other list versions are in force, and then swaps the index.

    An index learns words while it is asked, so only one thread asks at a time: take ``turn`` for it. While a new
    index is being read, every other thread goes on with the old one. Where the new one cannot be read, the old one stays
    and ``fault`` says why.
    """

    store: Store
    every: float = _EVERY_SECONDS
    now: Callable[[], float] = monotonic
    fault: str = ""
    turn: Lock = field(default_factory=Lock)
    _held: Held | None = None
    _looked: float | None = None
    _looking: Lock = field(default_factory=Lock)
    _parting: Lock = field(default_factory=Lock)
    _parts: OrderedDict[tuple[str, ...], Held] = field(default_factory=OrderedDict)

    def current(self) -> Held | None:
        """The index over the lists in force, or None where no list is loaded. Raises where it was never readable."""
        if not self._due():
            return self._held
        first = self._looked is None
        if self._looking.acquire(blocking=first):
            try:
                if self._due():
                    self._look()
            finally:
                self._looking.release()
        return self._held

    def _due(self) -> bool:
        return self._looked is None or self.now() - self._looked >= self.every

    def _look(self) -> None:
        try:
            versions = watchlists.current(self.store)
            if self._held is None or versions != self._held.versions:
                self._held = Held(open_index(self.store, versions), versions) if versions else None
            self.fault = ""
        except VedetteError as fault:
            if self._held is None:
                raise
            self.fault = fault.problem
            _LOG.error("the lists in force could not be read, the earlier ones are still used: %s", fault.problem)
        self._looked = self.now()

    def part(self, lists: Sequence[str]) -> Held | None:
        """The index over some of the lists in force only, so that other lists' entries do not crowd theirs out."""
        whole = self.current()
        if whole is None:
            return None
        versions = tuple(version for version in whole.versions if version.list_id in lists)
        if versions == whole.versions:
            return whole
        key = tuple(f"{version.list_id}@{version.version}@{version.entries_hash}" for version in versions)
        with self._parting:
            if key not in self._parts:
                self._parts[key] = Held(open_index(self.store, versions), versions)
            self._parts.move_to_end(key)
            while len(self._parts) > _PARTS_KEPT:
                self._parts.popitem(last=False)
            return self._parts[key]
