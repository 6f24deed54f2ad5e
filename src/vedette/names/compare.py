"""Take names apart once and compare them."""

from __future__ import annotations

from functools import lru_cache

from rapidfuzz import fuzz

from vedette.names.folding import fold
from vedette.names.model import Analysed, Comparison, Kind
from vedette.names.words import parts


@lru_cache(maxsize=65536)
def analyse(text: str, kind: Kind = "unknown") -> Analysed:
    """Take a name apart; cached."""
    folded = fold(text)
    return Analysed(text, kind, folded, parts(text))


def compare(left: str | Analysed, right: str | Analysed, kind: Kind = "unknown") -> Comparison:
    """Say how much two written names speak for one bearer."""
    first = analyse(left, kind) if isinstance(left, str) else left
    second = analyse(right, kind) if isinstance(right, str) else right
    if first.folded == second.folded and first.folded:
        return Comparison(1.0, 20.0, (f"{first.text!r} and {second.text!r} are the same form",))
    ratio = fuzz.ratio(" ".join(first.tokens), " ".join(second.tokens)) / 100
    return Comparison(min(ratio * 0.9, 0.99), ratio * 20 - 12, (f"{first.text!r} against {second.text!r}: {ratio:.2f} alike",))
