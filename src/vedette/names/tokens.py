"""How alike two folded tokens are, 0..1, with a budget of edits that grows with length."""

from __future__ import annotations

from functools import lru_cache

from vedette.names.commonness import commonness
from vedette.names.edits import edits, one_edit
from vedette.names.familiar import familiar, variant
from vedette.names.sounds import consonants, sound

_VOWELS = "aeiouy"
_SLIP = 0.66
_KNOWN_LOSS = 0.38
_OTHER_VOWEL = 0.55


def budget(length: int) -> int:
    """How many edits a token of this length may have: none up to three letters, then one, two, and at most five."""
    return 0 if length <= 3 else 1 if length <= 4 else 2 if length <= 6 else 3 if length <= 9 else 5


@lru_cache(maxsize=400_000)
def likeness(left: str, right: str) -> float:
    """1 for equal tokens, above .6 only where one may be a spelling of the other."""
    return _likeness(left, right, _KNOWN_LOSS)


@lru_cache(maxsize=200_000)
def likeness_across(left: str, right: str) -> float:
    """The same across scripts, where two well-known spellings are often one name."""
    return _likeness(left, right, 0.05)


def _likeness(left: str, right: str, known_loss: float) -> float:
    if left == right:
        return 1.0
    if len(left) == 1 or len(right) == 1:
        return 0.7 if left[0] == right[0] and left.isalpha() and right.isalpha() else 0.0
    if left.isdigit() or right.isdigit():
        return 0.0
    if variant(left, right):
        return 0.93
    by_form = 0.85 if familiar(left, right) else 0.0
    return max(by_form, _by_sound(left, right, known_loss), _by_edits(left, right, known_loss))


def _by_sound(left: str, right: str, known_loss: float) -> float:
    if sound(left) == sound(right):
        return 0.95
    one, two = consonants(left), consonants(right)
    heads = left[0] == right[0] or (left[0] in _VOWELS and right[0] in _VOWELS)
    if one != two or len(one) < 3 or not heads:
        return 0.0
    return _OTHER_VOWEL if known_loss > 0.1 and _both_known(left, right) else 0.88


def _both_known(left: str, right: str) -> bool:
    return commonness(left) > 0.0 and commonness(right) > 0.0


def _by_edits(left: str, right: str, known_loss: float) -> float:
    """Edits cost half, edits of consonants more; the head of a token and well-known names bear fewer."""
    shorter, longer = sorted((len(left), len(right)))
    count = edits(left, right, 5)
    if shorter < 3 or longer <= 3 or count > budget(longer):
        return 0.0
    both_known = _both_known(left, right)
    if longer == 4:
        return 0.0 if both_known else 0.75 if sorted(left) == sorted(right) else _SLIP
    slips = edits(consonants(left), consonants(right))
    value = 1.0 - 1.2 * (0.5 * count + 0.75 * slips) / longer
    if left[0] != right[0] or shorter <= 4:
        value -= 0.12
    if both_known:
        return max(value - known_loss, 0.0)
    return max(value, _SLIP) if count == 1 else max(value, 0.0)


@lru_cache(maxsize=50_000)
def slipped(left: str, right: str) -> bool:
    """Whether two short tokens differ by one slip of the keyboard and at most one of them is a name in use."""
    if min(len(left), len(right)) < 2 or left.isdigit() or right.isdigit():
        return False
    return not _both_known(left, right) and one_edit(left, right)


@lru_cache(maxsize=200_000)
def vowelless_likeness(left: str, right: str) -> float:
    """The same where one side comes from a script that leaves vowels out: consonants alone count."""
    one, two = (consonants(token).replace("j", "k") for token in (left, right))
    if one == two:
        return 0.9 if len(one) >= 2 else 0.8 if one and max(len(left), len(right)) <= 4 else 0.5
    return 0.7 if one_edit(one, two) and min(len(one), len(two)) >= 3 else 0.0


def joined_likeness(left: tuple[str, ...], right: tuple[str, ...]) -> float:
    """The same over whole names as one run of consonants, for scripts and writers that join or part words at will."""
    one, two = ("".join(map(consonants, side)).replace("j", "k") for side in (left, right))
    longer = max(len(one), len(two))
    if longer < 4 or abs(len(one) - len(two)) > 3:
        return 0.0
    like = 1.0 - edits(one, two) / longer
    return min(0.7 + 0.8 * (like - 0.8), 0.86) if like >= 0.8 else 0.0
