"""Slips of the pen: two written names that are the same but for a letter or two in a long text."""

from __future__ import annotations

from functools import lru_cache

from rapidfuzz.distance import OSA

from vedette import names
from vedette.names import Comparison

#: What a name with a slip scores: enough to be looked at, less than any spelling that the languages explain.
SLIP_SCORE = 0.74
# One letter in eight is a slip; in shorter texts it is as well another name.
_ONE_FROM, _TWO_FROM = 8, 16


def with_slips(found: Comparison, mine: str, listed: str, kind: names.Kind) -> Comparison:
    """The comparison, lifted where the names differ by a slip only.

    Never between two names that read as Korean: there one letter makes another syllable, and so another person.
    """
    if found.score >= SLIP_SCORE or not slipped(mine, listed):
        return found
    if names.analyse(mine, kind).korean and names.analyse(listed, kind).korean:
        return found
    reason = f"“{mine}” is “{listed}” but for a slip of the pen"
    return Comparison(SLIP_SCORE, max(found.bits, 0.0), (*found.explanation, reason))


def slipped(one: str, other: str) -> bool:
    """Whether two texts without spaces, in written or in alphabetical word order, are a slip or two apart."""
    for left, right in zip(_joined(one), _joined(other), strict=True):
        shorter = min(len(left), len(right))
        allowed = 0 if shorter < _ONE_FROM else 1 if shorter < _TWO_FROM else 2
        close = allowed and abs(len(left) - len(right)) <= allowed
        if close and OSA.distance(left, right, score_cutoff=allowed) <= allowed:
            return True
    return False


@lru_cache(maxsize=65_536)
def _joined(text: str) -> tuple[str, str]:
    words = names.fold(text).split()
    return "".join(words), "".join(sorted(words))
