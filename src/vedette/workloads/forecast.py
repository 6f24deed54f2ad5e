"""When a holder's operations cross a threshold: by chance and by date, from its weekly rate, its reservations and the ledger's error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np

from vedette import policy
from vedette.base import Json
from vedette.workloads.estimate import Floats, normal
from vedette.workloads.model import Line, digits

_WORD = "compute:cumulative"
_COUNTS = "counts:"
_UNIT = "power of ten operations"
_HORIZON_DAYS = 730
_DRAWS = 512
_WEEKS = 8


@dataclass(frozen=True, slots=True)
class Threshold:
    """A number of operations that some text or the house speaks of. ``state`` is how the text stands on the day.

    ``counts`` says which operations it counts, floating or integer. The ledger cannot divide them: set beside a text that
    counts floating ones alone, its count may hold integer ones too.
    """

    policy: str
    title: str
    state: str
    operations: float
    notice_days: int
    effect: str
    citation: tuple[str, ...]
    counts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """When one holder crosses one threshold. Chances are 0..1; dates are None where they lie beyond two years."""

    scope: str
    id: str
    threshold: Threshold
    p50: float
    crossed: float
    within_30: float
    within_90: float
    within_365: float
    earliest: date | None
    expected: date | None
    weekly: float

    def as_json(self) -> dict[str, Json]:
        """One printed row."""
        return {
            "scope": self.scope,
            "id": self.id,
            "threshold": self.threshold.policy,
            "state": self.threshold.state,
            "operations": self.threshold.operations,
            "counts": list(self.threshold.counts),
            "flop_p50": digits(self.p50),
            "flop_per_week": digits(self.weekly),
            "probability_crossed": round(self.crossed, 3),
            "probability_30_days": round(self.within_30, 3),
            "probability_90_days": round(self.within_90, 3),
            "probability_365_days": round(self.within_365, 3),
            "earliest_plausible": self.earliest.isoformat() if self.earliest else None,
            "expected": self.expected.isoformat() if self.expected else None,
        }


def thresholds(on: date) -> list[Threshold]:
    """Every threshold of the register, the smallest first, with how its text stands that day."""
    found = [
        Threshold(
            rule.id,
            rule.title,
            policy.state(rule, on).value,
            10.0**rule.number,
            next(
                (int(word.removeprefix("notice_days:")) for word in rule.applies_to if word.startswith("notice_days:")),
                0,
            ),
            rule.effect,
            rule.citation,
            tuple(word.removeprefix(_COUNTS) for word in rule.applies_to if word.startswith(_COUNTS)),
        )
        for rule in policy.rules()
        if _WORD in rule.applies_to and rule.number is not None and rule.unit == _UNIT
    ]
    return sorted(found, key=lambda item: (item.operations, item.policy))


@dataclass(frozen=True, slots=True)
class Course:
    """One holder's line of the ledger, its operations by day (expected) up to now, and what it has reserved ahead."""

    line: Line
    days: Floats
    reserved: float
    reserved_days: float


def forecasts(courses: Sequence[Course], against: Sequence[Threshold], now: datetime) -> list[Forecast]:
    """Each holder against each threshold that it has crossed or may cross within two years."""
    today = now.astimezone(UTC).date()
    found = []
    least = against[0].operations if against else 0.0
    for course in courses:
        if _most(course) < least:
            continue
        totals = _totals(course)
        for threshold in against:
            one = _against(course, totals, threshold, today)
            if one.within_365 >= 0.01 or one.earliest is not None:
                found.append(one)
    return found


def _most(course: Course) -> float:
    """More than a course can plausibly reach within the horizon: most holders need no draws."""
    weeks = _weeks(course.days)
    ahead = (float(weeks.max()) if len(weeks) else 0.0) * 2 * _HORIZON_DAYS / 7
    return 3 * max(course.line.p95, 1.0) / max(course.line.p50, 1.0) * (course.line.p50 + ahead + course.reserved)


def _totals(course: Course) -> Floats:
    """Operations so far and on each coming day in every draw, shape (days + 1, draws): one ledger error for all days of a draw.

    The weekly rate is drawn around the median of the last weeks with their spread; what is reserved comes at least.
    """
    line = course.line
    chance = np.random.Generator(np.random.PCG64(20261125))
    even = (np.arange(_DRAWS) + 0.5) / _DRAWS
    error = np.exp(_sigma(line) * normal(chance.permutation(even)))
    weeks = _weeks(course.days)
    middle = float(np.median(weeks)) if len(weeks) else 0.0
    spread = float(np.median(np.abs(weeks - middle)) * 1.4826) if len(weeks) > 1 else 0.5 * middle
    rate = np.maximum(middle + max(spread, 0.1 * middle) * normal(chance.permutation(even)), 0.0) / 7
    ahead = np.arange(_HORIZON_DAYS + 1)[:, None]
    booked = course.reserved * np.minimum(ahead / max(course.reserved_days, 1.0), 1.0)
    total: Floats = (line.p50 + np.maximum(rate[None, :] * ahead, booked)) * error[None, :]
    return total


def _sigma(line: Line) -> float:
    """The ledger's own error as a log-normal spread, from its fifth and ninety-fifth percentile."""
    if line.p5 <= 0 or line.p95 <= line.p5:
        return 0.5
    return float(np.log(line.p95 / line.p5) / (2 * 1.645))


def _weeks(days: Floats) -> Floats:
    """Sums of the last whole weeks, the newest last; a course of less than a week counts at its daily mean."""
    if not len(days):
        return np.array([])
    if len(days) < 7:
        return np.array([float(days.mean()) * 7])
    whole = len(days) // 7
    sums: Floats = days[len(days) - 7 * whole :].reshape(whole, 7).sum(axis=1)
    return sums[-_WEEKS:]


def _against(course: Course, totals: Floats, threshold: Threshold, today: date) -> Forecast:
    over = (totals >= threshold.operations).mean(axis=1)
    weeks = _weeks(course.days)
    return Forecast(
        scope=course.line.scope.value,
        id=course.line.id,
        threshold=threshold,
        p50=course.line.p50,
        crossed=float(over[0]),
        within_30=float(over[30]),
        within_90=float(over[90]),
        within_365=float(over[365]),
        earliest=_first(over, 0.05, today),
        expected=_first(over, 0.5, today),
        weekly=float(np.median(weeks)) if len(weeks) else 0.0,
    )


def _first(over: Any, chance: float, today: date) -> date | None:
    reached = np.flatnonzero(over >= chance)
    return today + timedelta(days=int(reached[0])) if len(reached) else None
