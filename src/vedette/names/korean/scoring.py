"""Compare Korean readings of two names syllable by syllable, in bits."""

from __future__ import annotations

from dataclasses import dataclass

from vedette.names.korean.model import SyllableModel
from vedette.names.korean.reading import Reading
from vedette.names.weighing import Weighed

_MISSING = Weighed(-5.0, -5.0)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How two readings compare: bits in all, of the family name and of each given syllable; ``odds``, the family name first,
    weigh each sign against another one in its place (see ``Weighed``)."""

    left: Reading
    right: Reading
    bits: float
    family: float
    given: tuple[float, ...]
    odds: tuple[float, ...]


def best(model: SyllableModel, left: tuple[Reading, ...], right: tuple[Reading, ...]) -> Agreement | None:
    """The most favourable pair of readings, None where either side has none."""
    found: Agreement | None = None
    for first in left:
        for second in right:
            if first.family[0] == second.family[0] == "p":
                continue  # two Chinese spellings are compared as Mandarin
            family = model.family_agreement(first.family, second.family)
            given = _given(model, first.given, second.given)
            bits = family.bits + sum(one.bits for one in given) - first.cost - second.cost
            if found is None or bits > found.bits:
                found = _agreement(first, second, bits, (family, *given))
    return found


def _agreement(first: Reading, second: Reading, bits: float, signs: tuple[Weighed, ...]) -> Agreement:
    each, odds = zip(*signs, strict=True)
    return Agreement(first, second, bits, each[0], each[1:], odds)


def _given(model: SyllableModel, left: tuple[str, ...], right: tuple[str, ...]) -> tuple[Weighed, ...]:
    if len(left) == len(right):
        return tuple(map(model.agreement, left, right))
    if len(left) > len(right):
        left, right = right, left
    best_way: tuple[Weighed, ...] = ()
    best_sum = -1e9
    for skip in range(len(right)):
        shorter = right[:skip] + right[skip + 1 :]
        if len(shorter) == len(left):
            way = (*map(model.agreement, left, shorter), _MISSING)
            total = sum(one.bits for one in way)
            if total > best_sum:
                best_way, best_sum = way, total
    return best_way or (_MISSING,) * len(right)
