"""Edit distance with neighbouring letters swapped as one edit."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache


@lru_cache(maxsize=1)
def _distance() -> Callable[..., int]:
    """rapidfuzz loads in 40 ms, so only when first needed."""
    from rapidfuzz.distance import OSA

    return OSA.distance


def edits(left: str, right: str, most: int | None = None) -> int:
    """Number of edits from one text to the other; ``most`` + 1 where there are more."""
    return _distance()(left, right, score_cutoff=most)


def one_edit(left: str, right: str) -> bool:
    """Whether exactly one edit parts two texts."""
    return abs(len(left) - len(right)) <= 1 and edits(left, right, 1) == 1
