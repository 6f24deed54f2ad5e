"""Two versions of a rule over the same lake: what is new, lost and kept, what it asks of the team, and whom it touches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt
from statistics import mean

from vedette.base import Finding, Json

#: A group whose rate is this many times that of everybody else, beyond chance, is pointed out.
NOTICEABLE = 1.25
#: Two-sided 95 %.
_Z = 1.96
_Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Difference:
    """Findings of B that A does not have, of A that B does not have, and of B that both have."""

    new: tuple[Finding, ...]
    lost: tuple[Finding, ...]
    kept: tuple[Finding, ...]


def compare(before: Iterable[Finding], after: Iterable[Finding]) -> Difference:
    """Compare by subject and window, so that a rule under another name can be compared with its forerunner."""
    old, new = ({_key(item): item for item in items} for items in (before, after))
    return Difference(
        new=tuple(item for key, item in new.items() if key not in old),
        lost=tuple(item for key, item in old.items() if key not in new),
        kept=tuple(item for key, item in new.items() if key in old),
    )


def _key(finding: Finding) -> _Key:
    return finding.subject.kind, finding.subject.id, finding.window


@dataclass(frozen=True, slots=True)
class Load:
    """Findings a day, over every day from the first to the last, counted on the day of their last observation."""

    days: int = 0
    mean: float = 0.0
    p95: int = 0
    most: int = 0
    busiest: date | None = None
    over_capacity: int | None = None

    def as_json(self) -> dict[str, Json]:
        """Numbers for a table."""
        return {
            "days": self.days,
            "mean_per_day": round(self.mean, 2),
            "p95_per_day": self.p95,
            "most_per_day": self.most,
            "busiest_day": None if self.busiest is None else self.busiest.isoformat(),
            "days_over_capacity": self.over_capacity,
        }


def load(findings: Iterable[Finding], capacity: int | None = None) -> Load:
    """What the findings would have asked of the team. ``capacity`` is how many a day it can look at."""
    counts = Counter(item.last_seen.date() for item in findings)
    if not counts:
        return Load(over_capacity=None if capacity is None else 0)
    first, last = min(counts), max(counts)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    daily = sorted(counts[day] for day in days)
    busiest = min(counts, key=lambda day: (-counts[day], day))
    over = None if capacity is None else sum(number > capacity for number in daily)
    return Load(len(days), mean(daily), daily[int(0.95 * (len(daily) - 1))], daily[-1], busiest, over)


@dataclass(frozen=True, slots=True)
class GroupRate:
    """How often a rule touches one group of customers, with a 95 % interval, against everybody else."""

    group: str
    value: str
    accounts: int
    touched: int
    low: float
    high: float
    others: float
    noticeable: bool

    @property
    def rate(self) -> float:
        """Share of the group's accounts that the rule touches, 0..1."""
        return self.touched / self.accounts if self.accounts else 0.0

    def as_json(self) -> dict[str, Json]:
        """Numbers for a table."""
        return {
            "group": self.group,
            "value": self.value,
            "accounts": self.accounts,
            "touched": self.touched,
            "rate": round(self.rate, 6),
            "low": round(self.low, 6),
            "high": round(self.high, 6),
            "rate_of_others": round(self.others, 6),
            "noticeable": self.noticeable,
        }


def parity(
    findings: Iterable[Finding],
    customers: Mapping[str, Mapping[str, str]],
    groups: Sequence[str],
    *,
    smallest: int = 20,
) -> tuple[GroupRate, ...]:
    """Rates by customer group. ``customers`` maps account ids to the value of each group.

    Groups of fewer than ``smallest`` accounts are put together as ``(small groups)``, so that nobody is singled out. A rate
    is noticeable where even the low end of its interval is more than NOTICEABLE times the rate of everybody else.
    """
    touched = {account for item in findings for account in item.accounts if account in customers}
    rates: list[GroupRate] = []
    for group in groups:
        sizes = Counter(values[group] for values in customers.values())
        named = {value: value if size >= smallest else "(small groups)" for value, size in sizes.items()}
        whole = Counter(named[values[group]] for values in customers.values())
        hit = Counter(named[customers[account][group]] for account in touched)
        rates += (_rate(group, value, whole, hit, len(customers), len(touched)) for value in sorted(whole))
    return tuple(rates)


def _rate(
    group: str, value: str, whole: Mapping[str, int], hit: Mapping[str, int], everyone: int, touched: int
) -> GroupRate:
    size, hits = whole[value], hit.get(value, 0)
    low, high = interval(hits, size)
    rest = everyone - size
    others = (touched - hits) / rest if rest else 0.0
    return GroupRate(group, value, size, hits, low, high, others, rest > 0 and hits > 0 and low > NOTICEABLE * others)


def interval(hits: int, size: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share."""
    if size == 0:
        return 0.0, 1.0
    share, spread = hits / size, _Z * _Z / size
    middle = (share + spread / 2) / (1 + spread)
    half = _Z * sqrt(share * (1 - share) / size + spread / (4 * size)) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)
