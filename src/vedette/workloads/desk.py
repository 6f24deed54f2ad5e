"""What pages show of compute: one look over everything held, kept at hand while nothing new has come in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from threading import Lock

from vedette.base import Clock, parse_time
from vedette.documents import Figure
from vedette.store import Store
from vedette.workloads import books, pictures
from vedette.workloads.books import Look
from vedette.workloads.forecast import Forecast, Threshold, thresholds
from vedette.workloads.model import Judged, Line, Scope
from vedette.workloads.store.integrity import Oddity, oddities

_TABLES = ("usage", "allocations")
_LONGEST = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Glance:
    """One look at the fleet: lines and forecasts of each scope, classes of jobs, telemetry that contradicts itself."""

    look: Look
    lines: Mapping[Scope, Sequence[Line]]
    forecasts: Mapping[Scope, Sequence[Forecast]]
    odd: Sequence[Oddity]
    taken_at: datetime

    @property
    def last(self) -> date:
        """The day of the newest sample; thresholds are told as they stood then."""
        return parse_time(self.look.kept.end).date()

    @property
    def thresholds(self) -> list[Threshold]:
        """Every number that a text or the house speaks of."""
        return thresholds(self.last)

    def jobs(self, accounts: Sequence[str]) -> list[tuple[Judged, float]]:
        """The jobs of some accounts with their GPU-hours, the longest first."""
        wanted = set(accounts)
        hours = dict(
            zip(
                ((job.account_id, job.job_id) for job in self.look.kept.jobs),
                self.look.kept.work.hours.tolist(),
                strict=True,
            )
        )
        found = [
            (item, float(hours.get((item.account_id, item.job_id), 0.0)))
            for item in self.look.judged
            if item.account_id in wanted
        ]
        return sorted(found, key=lambda pair: (-pair[1], pair[0].account_id, pair[0].job_id))


@dataclass(slots=True)
class Desk:
    """The newest glance of one service. Taken anew when the lake has changed, and after ten minutes at the latest."""

    store: Store
    _seen: tuple[object, Glance] | None = None
    _lock: Lock = field(default_factory=Lock)

    def glance(self, clock: Clock) -> Glance:
        """What is held now; several who ask at once wait for one look."""
        with self._lock:
            state, now = self._state(), clock.now()
            if self._seen is None or self._seen[0] != state or now - self._seen[1].taken_at > _LONGEST:
                self._seen = (state, glance(self.store, clock))
            return self._seen[1]

    def _state(self) -> object:
        with self.store.database.reading() as connection:
            return tuple(str(row["path"]) for name in _TABLES for row in self.store.lake.files(connection, name))


def glance(store: Store, clock: Clock) -> Glance:
    """Look at everything that is held."""
    seen = books.look(store, clock)
    scopes = (Scope.ACTOR, Scope.OWNER, Scope.ACCOUNT)
    return Glance(
        seen,
        {scope: books.lines(store, seen.kept, [scope]) for scope in scopes},
        {scope: books.forecasts(store, clock, [scope], seen.kept) for scope in scopes},
        oddities(store),
        clock.now(),
    )


def drawn(store: Store, held: Glance, scope: Scope, holder: str) -> tuple[Figure, dict[str, object]]:
    """A holder's course as a figure with its numbers, and as points to draw with the thresholds near it.

    Raises WorkloadError where nothing of it is held.
    """
    course = books.course_of(store, held.look.kept, scope, holder)
    figure = pictures.course(course, held.last, held.thresholds)
    unit, marks = pictures.unit_of(course.line), [mark for mark in figure.marks if mark.value > 0]
    line = course.line
    near = [item for item in held.thresholds if line.p5 / 100 <= item.operations <= line.p95 * 100]
    points = {
        "days": [mark.label for mark in marks],
        "mid": [mark.value * unit for mark in marks],
        "low": [(mark.low or 0.0) * unit for mark in marks],
        "high": [(mark.high or 0.0) * unit for mark in marks],
        "thresholds": [{"name": item.title, "value": item.operations, "state": item.state} for item in near],
    }
    return figure, points
