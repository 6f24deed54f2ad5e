"""Small exact statistics for honest figures: the Clopper-Pearson interval, Cohen's kappa, Krippendorff's alpha. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, lgamma, log, log1p

from vedette.base import Json

_STEPS = 60


@dataclass(frozen=True, slots=True)
class Share:
    """``hits`` of ``of``, with the exact (Clopper-Pearson) interval that covers the true share at least 95 times in 100."""

    hits: int
    of: int

    @property
    def value(self) -> float | None:
        """The share found; None of nothing."""
        return self.hits / self.of if self.of else None

    @property
    def low(self) -> float:
        """The lower end."""
        return _solve(self.hits, self.of, upper=False)

    @property
    def high(self) -> float:
        """The upper end; 1 of nothing: what was not looked at may be anything."""
        return _solve(self.hits, self.of, upper=True)

    def as_json(self) -> dict[str, Json]:
        """The form shown, rounded to four places."""
        value = self.value
        return {
            "hits": self.hits,
            "of": self.of,
            "share": None if value is None else round(value, 4),
            "low": round(self.low, 4),
            "high": round(self.high, 4),
            "interval": "Clopper-Pearson, 95 %",
        }


def _solve(hits: int, of: int, *, upper: bool) -> float:
    """The share at which so few (or so many) hits have a chance of 2.5 %, by bisection."""
    if upper and hits == of:
        return 1.0
    if not upper and hits == 0:
        return 0.0
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        tail = _chance(0, hits, of, middle) if upper else _chance(hits, of, of, middle)
        rising = tail > 0.025 if upper else tail < 0.025
        low, high = (middle, high) if rising else (low, middle)
    return (low + high) / 2


def _chance(first: int, last: int, of: int, share: float) -> float:
    """The chance of ``first`` to ``last`` hits among ``of``."""
    whole = lgamma(of + 1)
    return sum(
        exp(whole - lgamma(k + 1) - lgamma(of - k + 1) + k * log(share) + (of - k) * log1p(-share))
        for k in range(first, last + 1)
    )


def kappa(pairs: Sequence[tuple[str, str]]) -> float | None:
    """Cohen's kappa of two opinions about each thing: 1 full agreement, 0 no better than chance.

    None without pairs, and where both only ever said one and the same word: chance alone would do that.
    """
    if not pairs:
        return None
    agreed = sum(left == right for left, right in pairs) / len(pairs)
    lefts, rights = Counter(left for left, _ in pairs), Counter(right for _, right in pairs)
    chance = sum(lefts[word] * rights[word] for word in lefts) / len(pairs) ** 2
    return None if chance == 1 else (agreed - chance) / (1 - chance)


def alpha(units: Sequence[Sequence[str]]) -> float | None:
    """Krippendorff's alpha for words without order, over things with two and more opinions each.

    None where nothing was judged twice, and where only one word was ever said.
    """
    several = [unit for unit in units if len(unit) > 1]
    totals = Counter(word for unit in several for word in unit)
    count = sum(totals.values())
    if count == 0 or len(totals) < 2:
        return None
    observed = sum(_disagreements(unit) / (len(unit) - 1) for unit in several) / count
    expected = (count**2 - sum(number**2 for number in totals.values())) / (count * (count - 1))
    return 1 - observed / expected


def _disagreements(unit: Sequence[str]) -> int:
    """Ordered pairs of opinions that differ."""
    return len(unit) ** 2 - sum(number**2 for number in Counter(unit).values())
