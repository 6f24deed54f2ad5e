"""How much of what exists do searches find? Capture and recapture between search strategies, with intervals and doubts."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from vedette.base import Json

_Z = 1.959963984540054
_FEW = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """How many works there are, with a 95 % interval; ``low`` is never below what was found."""

    found: int
    total: float
    low: float
    high: float

    def recall(self, of: int) -> tuple[float, float, float]:
        """The share that ``of`` works are: lowest, best, highest."""
        return tuple(min(1.0, of / max(number, 1e-9)) for number in (self.high, self.total, self.low))  # type: ignore[return-value]  # three numbers make three shares


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two strategies, what each and both found, and the estimate; None where they share nothing."""

    a: str
    b: str
    only_a: int
    only_b: int
    both: int
    estimate: Estimate | None
    doubts: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Json]:
        """The form on the wire."""
        return {
            "row": "pair",
            "a": self.a,
            "b": self.b,
            "found_a": self.only_a + self.both,
            "found_b": self.only_b + self.both,
            "both": self.both,
            **_numbers(self.estimate),
            "doubts": list(self.doubts),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall:
    """Each strategy's share, every pair, and all strategies together."""

    found: Mapping[str, int]
    union: int
    pairs: tuple[Pair, ...]
    together: Estimate | None
    doubts: tuple[str, ...]

    def rows(self) -> Iterator[dict[str, Json]]:
        """One row a strategy, one a pair, and one for all."""
        for name, count in self.found.items():
            low, best, high = self.together.recall(count) if self.together else (None, None, None)
            yield {
                "row": "strategy",
                "strategy": name,
                "found": count,
                "recall": _rounded(best),
                "recall_low": _rounded(low),
                "recall_high": _rounded(high),
                "of_found": _rounded(count / self.union) if self.union else None,
            }
        yield from (pair.as_json() for pair in self.pairs)
        low, best, high = self.together.recall(self.union) if self.together else (None, None, None)
        yield {
            "row": "all",
            "found": self.union,
            **_numbers(self.together),
            "recall": _rounded(best),
            "recall_low": _rounded(low),
            "recall_high": _rounded(high),
            "doubts": list(self.doubts),
        }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _numbers(estimate: Estimate | None) -> dict[str, Json]:
    if estimate is None:
        return {"estimate": None, "low": None, "high": None}
    return {"estimate": round(estimate.total, 1), "low": round(estimate.low, 1), "high": round(estimate.high, 1)}


def chapman(first: int, second: int, both: int) -> Estimate:
    """Chapman's nearly unbiased form of Lincoln and Petersen, with Chao's interval on the logarithm of what was missed.

    Raises ValueError for counts that cannot be.
    """
    if not 0 <= both <= min(first, second):
        raise ValueError(f"{both} works cannot be in both {first} and {second}")
    total = (first + 1) * (second + 1) / (both + 1) - 1
    spread = (first + 1) * (second + 1) * (first - both) * (second - both) / ((both + 1) ** 2 * (both + 2))
    return _interval(first + second - both, total, spread)


def chao(counts: Mapping[int, int], searches: int) -> Estimate:
    """Chao's lower bound for several searches: ``counts`` tells how many works exactly so many searches found."""
    found = sum(counts.values())
    once, twice = counts.get(1, 0), counts.get(2, 0)
    share = (searches - 1) / searches
    missed = share * once * (once - 1) / (2 * (twice + 1))
    ratio = once / (twice + 1)
    spread = (
        share * once * (once - 1) / (2 * (twice + 1))
        + share**2 * once * (2 * once - 1) ** 2 / (4 * (twice + 1) ** 2)
        + share**2 * once**2 * twice * (once - 1) ** 2 / (4 * (twice + 1) ** 4)
    )
    return _interval(found, found + missed, max(spread, 0.0) if ratio else 0.0)


def _interval(found: int, total: float, spread: float) -> Estimate:
    missed = total - found
    if missed <= 0 or spread <= 0:
        return Estimate(found=found, total=max(total, found), low=found, high=max(total, found))
    factor = math.exp(_Z * math.sqrt(math.log(1 + spread / missed**2)))
    return Estimate(found=found, total=total, low=found + missed / factor, high=found + missed * factor)


def recall(found: Mapping[str, frozenset[str]]) -> Recall:
    """Estimate from what each strategy found: sets of ids of works, those that are relevant only."""
    asked = {name: ids for name, ids in found.items() if ids}
    union = frozenset().union(*asked.values()) if asked else frozenset()
    times = Counter(Counter(work for ids in asked.values() for work in ids).values())
    pairs = tuple(_pair(a, asked[a], b, asked[b]) for a, b in combinations(asked, 2))
    together = chao(times, len(asked)) if len(asked) > 2 else (pairs[0].estimate if pairs else None)
    doubts = [f"the strategy {name!r} found nothing and tells nothing" for name in found if name not in asked]
    if len(asked) < 2:
        doubts.append("recall cannot be estimated from fewer than two strategies that find something")
    else:
        doubts.append(
            "strategies that look at the same address find the same works more often than by chance: the true number is likelier "
            "above the estimate than below, and recall lower"
        )
    if len(asked) > 2:
        doubts.append("of several strategies the estimate is Chao's lower bound; the pairs show how far they agree")
    return Recall(
        found={name: len(ids) for name, ids in found.items()},
        union=len(union),
        pairs=pairs,
        together=together,
        doubts=tuple(doubts),
    )


def _pair(a: str, first: frozenset[str], b: str, second: frozenset[str]) -> Pair:
    both = len(first & second)
    doubts = []
    if both == 0:
        doubts.append("they share nothing: no estimate; they may look at different kinds of works")
    elif both < _FEW:
        doubts.append(f"they share only {both}: the estimate is rough")
    if both and first <= second or second <= first and both:
        doubts.append("one holds the other whole: they are not independent, and the estimate is what the larger found")
    return Pair(
        a=a,
        b=b,
        only_a=len(first) - both,
        only_b=len(second) - both,
        both=both,
        estimate=chapman(len(first), len(second), both) if both else None,
        doubts=tuple(doubts),
    )
