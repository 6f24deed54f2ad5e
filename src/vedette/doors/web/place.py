"""The place in which requests are answered: the workspace's store, limits and keys, and what the rooms keep at hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from threading import RLock
from typing import Any, TypeVar

from fastapi import Request

from vedette.base import Clock
from vedette.doors.web.bucket import Buckets
from vedette.doors.web.paging import Cursors
from vedette.doors.web.ring import KeyRing, Refusals
from vedette.store import Store, load_key

Kept = TypeVar("Kept")

#: The largest body of a request, and of one that asks about a single customer.
LARGEST_BODY, LARGEST_SINGLE = 8 * 1024 * 1024, 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What callers may ask for. Requests a second and key; 0 sets no limit. Failed sign-ins are limited by address."""

    requests_per_second: float = 300.0
    burst: float = 600.0
    failures_per_second: float = 0.5
    failures_burst: float = 20.0
    largest_body: int = LARGEST_BODY
    largest_single: int = LARGEST_SINGLE
    seconds_to_send: float = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrance:
    """How people come in. ``secure``: their browsers reach us encrypted. ``second_factor``: nobody enters without one."""

    secure: bool = True
    second_factor: bool = True


@dataclass
class Workplace:
    """One open workspace behind the web. Shared by all threads; what rooms keep here must bear that."""

    store: Store
    home: str
    clock: Clock
    limits: Limits = field(default_factory=Limits)
    entrance: Entrance = field(default_factory=Entrance)
    _kept: dict[type, Any] = field(default_factory=dict)
    _lock: RLock = field(default_factory=RLock)

    def keep(self, kind: type[Kept], make: Callable[[], Kept]) -> Kept:
        """What a room keeps at hand for all requests, made at first use and only once. Making may keep further things."""
        found = self._kept.get(kind)
        if found is None:
            with self._lock:
                found = self._kept.get(kind)
                if found is None:
                    found = self._kept[kind] = make()
        kept: Kept = found
        return kept

    @cached_property
    def ring(self) -> KeyRing:
        """The keys that open this door."""
        return KeyRing(self.store, self.clock)

    @cached_property
    def refusals(self) -> Refusals:
        """The account of those that did not."""
        return Refusals(self.store, self.clock)

    @cached_property
    def by_key(self) -> Buckets:
        """How much each key may ask for."""
        return Buckets(self.limits.requests_per_second, self.limits.burst)

    @cached_property
    def by_address(self) -> Buckets:
        """How often each address may fail to sign in."""
        return Buckets(self.limits.failures_per_second, self.limits.failures_burst)

    @cached_property
    def cursors(self) -> Cursors:
        """Signs and reads the places at which readers go on."""
        return Cursors(load_key(self.store.workspace.keys / "cursors.key"))

    def close(self) -> None:
        """Write down what is still only counted, and give back the store."""
        self.refusals.write()
        self.store.close()


async def workplace(request: Request) -> Workplace:
    """The place of this request, for routes."""
    found: Workplace = request.app.state.workplace
    return found
