"""While the service runs: tags are withdrawn as soon as their decision falls, and epochs that ended are destroyed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from vedette.base import Clock, Principal, PrincipalKind
from vedette.sharing.blind import store as state
from vedette.sharing.blind.epochs import destroy_ended
from vedette.sharing.blind.fetch import Http
from vedette.sharing.blind.publish import withdraw
from vedette.sharing.blind.transport import Transport
from vedette.store import Store

#: Seconds between two looks: what "at once" means where a decision falls.
EVERY = 10.0
_JOB = Principal(PrincipalKind.JOB, "blind-match")


@dataclass(frozen=True, slots=True)
class Round:
    """What one round did."""

    withdrawn: int = 0
    destroyed: int = 0

    @property
    def idle(self) -> bool:
        """Always: what was done is done, and the next look is due after the pause."""
        return True


@dataclass
class Withdrawals:
    """The epochs of one workspace. ``connect`` makes the way to the other members."""

    store: Store
    clock: Clock
    connect: Callable[[], AbstractContextManager[Transport]] = Http

    def round(self) -> Round:
        """Look once. A round with nothing to do writes nothing. Raises Unanswered where the relay is down."""
        ended = destroy_ended(self.store, _JOB, clock=self.clock)
        now = self.clock.now()
        running = [
            own for own in state.owns(self.store) if own.state == "open" and own.epoch and own.epoch.open_at(now)
        ]
        if not running:
            return Round(destroyed=len(ended))
        with self.connect() as transport:
            count = sum(withdraw(self.store, _JOB, own, transport, clock=self.clock) for own in running)
        return Round(count, len(ended))
