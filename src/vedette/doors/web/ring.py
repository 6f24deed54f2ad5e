"""The ring of keys: who sends a key, whether it opens this door, and a bounded account of those that did not."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic

from vedette.audit import writing
from vedette.base import Clock, Principal, PrincipalKind, VedetteError
from vedette.doors.keys import ApiKey, KeyState, Secret
from vedette.doors.store import KeptKey, find_key, note_use
from vedette.store import Store

#: Who writes what the door itself notes.
DOOR = Principal(PrincipalKind.JOB, "door")
_LOG = logging.getLogger("vedette.server")
_KEPT_SECONDS = 2.0
_MOST_KEPT = 1_000
_NOBODY = "0" * 64


@dataclass(slots=True)
class KeyRing:
    """Finds keys, remembering each for two seconds: so long may a revoked key still open the door."""

    store: Store
    clock: Clock
    now: Callable[[], float] = monotonic
    _kept: dict[str, tuple[float, KeptKey | None]] = field(default_factory=dict)
    _noted: set[tuple[str, str]] = field(default_factory=set)

    def remembered(self, secret: Secret) -> bool:
        """Whether ``owner_of`` can answer without asking the database."""
        found = self._kept.get(secret.key_id)
        return found is not None and self.now() - found[0] < _KEPT_SECONDS

    def owner_of(self, secret: Secret) -> tuple[ApiKey | None, KeyState | None]:
        """The key that a secret proves, with its state; nothing where the secret proves none."""
        kept = self._find(secret.key_id)
        proven = secret.proves(kept.secret_hash if kept is not None else _NOBODY)
        if kept is None or not proven:
            return None, None
        return kept.key, kept.key.state(self.clock.now())

    def _find(self, key_id: str) -> KeptKey | None:
        found = self._kept.get(key_id)
        if found is not None and self.now() - found[0] < _KEPT_SECONDS:
            return found[1]
        if len(self._kept) >= _MOST_KEPT:
            self._kept.clear()
        kept = find_key(self.store, key_id)
        self._kept[key_id] = (self.now(), kept)
        return kept

    def must_note(self, key: ApiKey) -> bool:
        """Whether today's first use of a key is still to be written down."""
        day = self.clock.now().date().isoformat()
        return (key.last_used_on is None or key.last_used_on < day) and (key.id, day) not in self._noted

    def note(self, key: ApiKey) -> None:
        """Write down that a key is used today: one leaf a key and day. A busy database must not turn a caller away."""
        day = self.clock.now().date().isoformat()
        self._noted = {seen for seen in self._noted if seen[1] == day} | {(key.id, day)}
        try:
            with writing(self.store, DOOR, "doors.key_used", clock=self.clock) as act:
                note_use(act, key.id, day)
        except VedetteError as fault:
            _LOG.warning("the use of key %s was not noted: %s", key.id, type(fault).__name__)


@dataclass(slots=True)
class Refusals:
    """Counts sign-ins and permissions that failed, and writes the counts to the audit log at most every five minutes.

    However many guesses arrive, the log grows by one leaf a period; it names reasons and counts, never what was sent.
    """

    store: Store
    clock: Clock
    every: float = 300.0
    now: Callable[[], float] = monotonic
    _counts: Counter[str] = field(default_factory=Counter)
    _written: float | None = None
    _lock: Lock = field(default_factory=Lock)

    def count(self, reason: str) -> bool:
        """Count one. Returns whether it is time to write."""
        with self._lock:
            self._counts[reason] += 1
            return self._written is None or self.now() - self._written >= self.every

    def write(self) -> None:
        """Write what was counted since the last time, if anything."""
        with self._lock:
            counts, self._counts = self._counts, Counter()
            self._written = self.now()
        if not counts:
            return
        try:
            with writing(self.store, DOOR, "doors.refusals", clock=self.clock) as act:
                act.fact("refused", sum(counts.values()))
                act.fact("reasons", dict(sorted(counts.items())))
        except VedetteError as fault:
            _LOG.warning("refused sign-ins were not noted: %s", type(fault).__name__)
            with self._lock:
                self._counts.update(counts)
