"""Pictures of the room's answers as plain figures: a course of operations against thresholds, and what an account's jobs were."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from math import floor, log10

import numpy as np

from vedette.documents import Figure, Mark
from vedette.workloads.forecast import Course, Threshold
from vedette.workloads.model import Judged, Line, digits

_MOST_MARKS = 60


def course(found: Course, last: date, thresholds: Sequence[Threshold]) -> Figure:
    """A holder's operations added up day by day with their band, from nothing on the day before; thresholds near in words.

    ``last`` is the day of the last value.
    """
    line, days = found.line, found.days
    sums = np.cumsum(days) if len(days) else np.array([line.p50])
    first = last - timedelta(days=len(sums) - 1)
    low, high = (line.p5 / line.p50, line.p95 / line.p50) if line.p50 > 0 else (1.0, 1.0)
    step = max(1, -(-len(sums) // _MOST_MARKS))
    kept = sorted({*range(0, len(sums), step), len(sums) - 1})
    unit = unit_of(line)
    before = (first - timedelta(days=1)).isoformat()
    marks = (
        Mark(before, 0.0, 0.0, 0.0),
        *(
            Mark(
                (first + timedelta(days=place)).isoformat(),
                digits(sums[place] / unit),
                digits(sums[place] * low / unit),
                digits(sums[place] * high / unit),
            )
            for place in kept
        ),
    )
    near = [item for item in thresholds if item.operations <= line.p95 * 100 and item.operations >= line.p5 / 100]
    told = "; ".join(f"10^{log10(item.operations):.0f} {item.title} ({item.state})" for item in near)
    return Figure(
        kind="line",
        title=f"Operations of {line.scope.value} {line.id}",
        description=(
            f"Expected operations added up day by day, in units of 10^{log10(unit):.0f}, with the fifth and ninety-fifth percentile. "
            f"In all {digits(line.p50, 2):.1e}, between {digits(line.p5, 2):.1e} and {digits(line.p95, 2):.1e}. "
            f"An upper bound on what could have been trained here. Thresholds near: {told or 'none'}."
        ),
        marks=marks,
        unit=f"10^{log10(unit):.0f} operations",
        levels=tuple(
            Mark(f"10^{log10(item.operations):.0f}: {item.title}", digits(item.operations / unit)) for item in near
        ),
    )


def unit_of(line: Line) -> float:
    """The power of ten in which a holder's course is drawn."""
    return float(10.0 ** max(floor(log10(max(line.p50, 1.0))) - 1, 0))


def classes(found: Sequence[Judged], hours: Sequence[float]) -> Figure:
    """GPU-hours by class of some jobs, undetermined ones included."""
    total: dict[str, float] = {}
    for item, spent in zip(found, hours, strict=True):
        total[item.label.value] = total.get(item.label.value, 0.0) + spent
    ordered = sorted(total.items(), key=lambda item: -item[1])
    return Figure(
        kind="bar",
        title="GPU-hours by class of job",
        description="What jobs did as far as metadata tells; undetermined ones would have been guesses.",
        marks=tuple(Mark(name, digits(value)) for name, value in ordered),
        unit="GPU-hours",
    )
