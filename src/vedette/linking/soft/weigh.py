"""Compares records field by field: levels of agreement, and how common an agreed value is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from vedette.linking.soft.agree import FIELDS, Level, Record, best_words

Levels = npt.NDArray[np.int8]
Bits = npt.NDArray[np.float64]
MISSING = -1


@dataclass(frozen=True, slots=True)
class Compared:
    """For each pair (row) and field (column) the level, -1 where one is missing, and the share of records that hold the agreed value."""

    levels: Levels
    shares: Bits


class Comparer:
    """Knows how common each value is among the records it was made for."""

    def __init__(self, records: Sequence[Record]) -> None:
        self._counts: dict[str, Counter[str]] = {}
        self._held: dict[str, int] = {}
        for key in ("words", *(field.name for field in FIELDS[2:])):
            held = [item[key] for item in records if key in item]
            self._counts[key] = Counter(value for values in held for value in set(values))
            self._held[key] = max(len(held), 1)

    def share(self, key: str, value: str) -> float:
        """The share of the records with this field that hold the value."""
        return max(self._counts[key][value], 1) / self._held[key]

    def pair(self, left: Record, right: Record) -> tuple[list[Level], list[float]]:
        """Levels and shares of one pair, in the order of the fields."""
        levels: list[Level] = [None] * len(FIELDS)
        shares = [0.0] * len(FIELDS)
        for place, (level, one, other) in enumerate(best_words(left.get("words", ()), right.get("words", ()))):
            levels[place] = level
            shares[place] = max(self.share("words", one), self.share("words", other))
        for place, field in enumerate(FIELDS[2:], start=2):
            if field.name in left and field.name in right:
                one, other = left[field.name][0], right[field.name][0]
                levels[place] = _level(place, one, other)
                shares[place] = max(self.share(field.name, one), self.share(field.name, other))
        return levels, shares

    def pairs(self, found: Iterable[tuple[Record, Record]]) -> Compared:
        """Levels and shares of many pairs."""
        levels, shares = [], []
        for left, right in found:
            level, share = self.pair(left, right)
            levels.append([MISSING if one is None else one for one in level])
            shares.append(share)
        width = len(FIELDS)
        return Compared(np.array(levels, np.int8).reshape(-1, width), np.array(shares, np.float64).reshape(-1, width))


@lru_cache(maxsize=200_000)
def _level(place: int, left: str, right: str) -> int:
    return FIELDS[place].level(left, right)
