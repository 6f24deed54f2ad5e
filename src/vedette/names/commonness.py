"""How common a token is in personal names, from counts over public name pairs."""

from __future__ import annotations

from functools import lru_cache
from math import log2

from vedette.names.tables import rows


@lru_cache(maxsize=1)
def _counts() -> tuple[dict[str, int], float]:
    counts = {token: int(number) for token, number in rows("name_tokens.tsv")}
    return counts, float(sum(counts.values()) * 2)


@lru_cache(maxsize=131072)
def commonness(token: str) -> float:
    """log2 of how often the token was counted; 0 where it is not in the table."""
    number = _counts()[0].get(token, 0)
    return log2(number) if number else 0.0


@lru_cache(maxsize=131072)
def rarity(token: str) -> float:
    """Bits of meeting this token by chance: -log2 of its share; at most 15; single letters 3."""
    if len(token) == 1:
        return 3.0
    counts, total = _counts()
    return min(15.0, log2(total / (counts.get(token, 0) + 3.0)))
