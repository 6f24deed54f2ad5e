"""Standing of sources: how often what a peer sent proved right here, with its uncertainty, from what people decided."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import exp, lgamma, log, log1p

from vedette.base import Json
from vedette.cases.model import Decision, Outcome
from vedette.cases.store.samples import final_decisions
from vedette.findings import by_ids
from vedette.sharing.model import Inbound, State
from vedette.sharing.store.inbound import counts, inbound
from vedette.sharing.watch import CHECK
from vedette.store import Store

#: Judged items below which no precision is told: it would be chance.
LEAST_JUDGED = 10
_TAIL = 0.05
_STEPS = 60
_TINY = 1e-300
_WORTH = frozenset({Outcome.TRUE, Outcome.USEFUL})


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What became of a source's items here.

    ``right``: accepted and not refuted; ``wrong``: rejected, recalled by the source itself, or refuted by a case that was
    decided false. ``proven``: of the right ones, those behind a case decided true or useful. ``waiting`` counts for nothing.
    """

    source: str
    right: int
    wrong: int
    proven: int
    waiting: int

    @property
    def judged(self) -> int:
        """How many items the precision rests on."""
        return self.right + self.wrong

    @property
    def expected(self) -> float:
        """The mean of the Beta distribution over the precision, from a uniform one: one half while nothing is judged."""
        return (1 + self.right) / (2 + self.judged)

    @property
    def interval(self) -> tuple[float, float]:
        """The middle 90 percent of that distribution."""
        a, b = 1 + self.right, 1 + self.wrong
        return quantile(_TAIL, a, b), quantile(1 - _TAIL, a, b)

    def as_json(self) -> dict[str, Json]:
        """The form shown, also to the peer: counts and the precision, never which items or cases."""
        low, high = self.interval
        enough = self.judged >= LEAST_JUDGED
        return {
            "source": self.source,
            "judged": self.judged,
            "right": self.right,
            "wrong": self.wrong,
            "proven": self.proven,
            "waiting": self.waiting,
            "precision": round(self.expected, 4) if enough else None,
            "low": round(low, 4) if enough else None,
            "high": round(high, 4) if enough else None,
            "note": "Beta, middle 90 %" if enough else f"fewer than {LEAST_JUDGED} items judged: nothing can be said",
        }


def standings(store: Store) -> list[Standing]:
    """Every source that sent anything, the most precise first."""
    tallies: dict[str, Counter[str]] = defaultdict(Counter)
    for (source, state), count in counts(store).items():
        tallies[source][state] += count
    for item, proven in _tested(store):
        if item.state is State.ACCEPTED:
            tallies[item.source]["proven" if proven else "refuted"] += 1
    made = [_standing(source, tally) for source, tally in tallies.items()]
    return sorted(made, key=lambda item: (-item.expected, item.source))


def standing(store: Store, source: str) -> Standing:
    """One source's standing; that of a source that never sent anything is open."""
    empty = Standing(source=source, right=0, wrong=0, proven=0, waiting=0)
    return next((item for item in standings(store) if item.source == source), empty)


def order(store: Store) -> Mapping[str, float]:
    """For each source the lower end of its interval: a source that was right often stands before one that was right once."""
    return {item.source: item.interval[0] for item in standings(store)}


def _standing(source: str, tally: Mapping[str, int]) -> Standing:
    refuted = tally.get("refuted", 0)
    return Standing(
        source=source,
        right=tally.get(State.ACCEPTED, 0) - refuted,
        wrong=tally.get(State.REJECTED, 0) + tally.get(State.RECALLED, 0) + refuted,
        proven=tally.get("proven", 0),
        waiting=tally.get(State.WAITING, 0) + tally.get(State.EXPIRED, 0),
    )


def _tested(store: Store) -> Iterator[tuple[Inbound, bool]]:
    """Items behind decided cases: True where some case was decided true or useful, False where all were decided false."""
    with store.database.reading() as connection:
        decisions = final_decisions(connection)
    good: set[str] = set()
    bad: set[str] = set()
    for decision in decisions:
        if decision.outcome in _WORTH:
            good.update(_met(store, decision))
        elif decision.outcome is Outcome.FALSE:
            bad.update(_met(store, decision))
    with store.database.reading() as connection:
        for item in inbound(connection, ids=sorted(good | bad)):
            yield item, item.id in good


def _met(store: Store, decision: Decision) -> Iterator[str]:
    """The watched items that a decision's findings rest on."""
    for stored in by_ids(store, decision.findings):
        if stored.finding.check == CHECK:
            yield from (item.ref for item in stored.finding.evidence if item.kind == "shared_indicator")


def quantile(share: float, a: int, b: int) -> float:
    """The value below which a Beta(a, b) variable lies with a given chance, by bisection."""
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if cumulative(middle, a, b) < share:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def cumulative(x: float, a: int, b: int) -> float:
    """The regularised incomplete beta function, by Lentz's continued fraction."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - cumulative(1 - x, b, a)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
    return front * _fraction(x, a, b)


def _fraction(x: float, a: int, b: int) -> float:
    c, d = 1.0, _away(1 - (a + b) * x / (a + 1))
    d = 1 / d
    total = d
    for m in range(1, 1_000):
        for step in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / _away(1 + step * d)
            c = _away(1 + step / c)
            total *= d * c
        if abs(d * c - 1) < 1e-12:
            break
    return total


def _away(value: float) -> float:
    """The value, kept from zero."""
    return value if abs(value) > _TINY else _TINY
