"""How alike two folded tokens are, 0..1, with a budget of edits that grows with length."""

from __future__ import annotations

from functools import lru_cache

from rapidfuzz.distance import OSA

from vedette.names.commonness import commonness
from vedette.names.sounds import consonants, sound

_KNOWN = 3.0


def budget(length: int) -> int:
    """How many edits a token of this length may have: none up to three letters, then one, two, three."""
    return 0 if length <= 3 else 1 if length <= 5 else 2 if length <= 8 else 3


@lru_cache(maxsize=400_000)
def likeness(left: str, right: str) -> float:
    """1 for equal tokens, above .5 only where one may be a spelling of the other."""
    if left == right:
        return 1.0
    if len(left) == 1 or len(right) == 1:
        return 0.7 if left[0] == right[0] and left.isalpha() and right.isalpha() else 0.0
    if left.isdigit() or right.isdigit():
        return 0.0
    return max(_by_sound(left, right), _by_edits(left, right))


def _by_sound(left: str, right: str) -> float:
    if sound(left) == sound(right):
        return 0.95
    one, two = consonants(left), consonants(right)
    if one == two and len(one) >= 3 and left[0] == right[0]:
        return 0.88
    return 0.0


def _by_edits(left: str, right: str) -> float:
    shorter, longer = sorted((len(left), len(right)))
    edits = OSA.distance(left, right, score_cutoff=3)
    if edits > budget(longer) or edits > budget(shorter) + 1 or shorter < 3:
        return 0.3 if shorter >= 5 and edits <= 3 else 0.0
    value = 1.0 - 1.25 * edits / longer
    if left[0] != right[0]:
        value -= 0.12
    both_known = commonness(left) > _KNOWN and commonness(right) > _KNOWN
    return max(value - (0.3 if both_known else 0.0), 0.0)


@lru_cache(maxsize=200_000)
def vowelless_likeness(left: str, right: str) -> float:
    """The same where one side comes from a script that leaves vowels out: consonants alone count."""
    one, two = consonants(left), consonants(right)
    if one == two:
        return 0.9 if len(one) >= 2 else 0.75 if left[:1] == right[:1] else 0.5
    edits = OSA.distance(one, two, score_cutoff=2)
    return 0.7 if edits == 1 and min(len(one), len(two)) >= 3 else 0.0
