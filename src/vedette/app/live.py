"""The sign-up desk behind a door that answers all day: shared by threads, opened anew when lists, references or the day change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime
from threading import Lock
from time import monotonic

from vedette import policy
from vedette.app.checks import Check, CheckResult, Customer, look_at_all
from vedette.app.desk import Basis, desk_of
from vedette.app.set_aside import SetAside
from vedette.app.verify import Desk
from vedette.base import Clock
from vedette.cases.read import timers
from vedette.events.store import lists as references
from vedette.screening.live import Held, LiveIndex
from vedette.store import Store

_EVERY_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class InTurn:
    """A check that only one thread may ask at a time, because the index learns while it is asked."""

    check: Check
    turn: AbstractContextManager[object]

    @property
    def name(self) -> str:
        """The check's own name."""
        return self.check.name

    def look(self, customer: Customer, moment: datetime) -> CheckResult:
        """The check's own answer, in turn."""
        return self.look_all([customer], moment)[0]

    def look_all(self, customers: Sequence[Customer], moment: datetime) -> Sequence[CheckResult]:
        """The check's own answers, in one turn for all."""
        with self.turn:
            return look_at_all(self.check, customers, moment)


@dataclass
class LiveDesk:
    """Gives the desk of now. What is in force is looked at every few seconds at most; the desk is swapped whole."""

    store: Store
    home: str
    clock: Clock
    live: LiveIndex
    now: Callable[[], float] = monotonic
    _desk: Desk | None = None
    _mark: object = None
    _looked: float | None = None
    _opening: Lock = field(default_factory=Lock)

    def current(self) -> Desk:
        """The desk to decide with. Raises where the lists in force were never readable."""
        held = self.live.current()
        found = self._desk
        if found is not None and not self._due(held):
            return found
        with self._opening:
            if self._desk is None or self._due(held):
                self._open(held)
            assert self._desk is not None
            return self._desk

    def _due(self, held: Held | None) -> bool:
        swapped = not isinstance(self._mark, tuple) or self._mark[0] is not held
        return swapped or self._looked is None or self.now() - self._looked >= _EVERY_SECONDS

    def _open(self, held: Held | None) -> None:
        day = self.clock.now().date()
        known = tuple((item.name, item.content_hash) for item in references.status(self.store))
        mark = (held, day, known)
        if mark != self._mark:
            self._desk, self._mark = self._opened(held), mark
        self._looked = self.now()

    def _opened(self, held: Held | None) -> Desk:
        home = self.home if self.home in policy.HOMES else "un"
        basis = Basis(
            home=home,
            index=None if held is None else held.index,
            references=references.lookup(self.store, self.clock),
            rules=policy.in_force(home, self.clock.now().date()),
            hold_hours=timers().hold_hours,
        )
        texts = {rule.id: self.store.archive.put(rule.text.encode()) for rule in basis.rules}
        made = desk_of(basis, self.clock, policies=texts, aside=SetAside(self.store))
        return replace(made, checks=tuple(InTurn(check, self.live.turn) for check in made.checks))
