"""Compare Korean readings of two names syllable by syllable, in bits."""

from __future__ import annotations

from dataclasses import dataclass

from vedette.names.korean.model import SyllableModel
from vedette.names.korean.reading import Reading

_MISSING = -5.0


@dataclass(frozen=True, slots=True)
class Agreement:
    """How two readings compare: bits in all, of the family name and of each given syllable."""

    left: Reading
    right: Reading
    bits: float
    family: float
    given: tuple[float, ...]


def best(model: SyllableModel, left: tuple[Reading, ...], right: tuple[Reading, ...]) -> Agreement | None:
    """The most favourable pair of readings, None where either side has none."""
    found: Agreement | None = None
    for first in left:
        for second in right:
            if first.family[0] == second.family[0] == "p":
                continue  # two Chinese spellings are compared as Mandarin
            family = model.family_bits(first.family, second.family)
            given = _given(model, first.given, second.given)
            bits = family + sum(given) - first.cost - second.cost
            if found is None or bits > found.bits:
                found = Agreement(first, second, bits, family, given)
    return found


def _given(model: SyllableModel, left: tuple[str, ...], right: tuple[str, ...]) -> tuple[float, ...]:
    if len(left) == len(right):
        return tuple(map(model.bits, left, right))
    if len(left) > len(right):
        left, right = right, left
    best_way: tuple[float, ...] = ()
    best_sum = -1e9
    for skip in range(len(right)):
        shorter = right[:skip] + right[skip + 1 :]
        if len(shorter) == len(left):
            way = (*map(model.bits, left, shorter), _MISSING)
            if sum(way) > best_sum:
                best_way, best_sum = way, sum(way)
    return best_way or (_MISSING,) * len(right)
