"""Compare personal names token by token: any order, initials, spellings, omissions cheaper than contradictions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from vedette.names.aligning import Alignment, align, join
from vedette.names.commonness import rarity
from vedette.names.sounds import consonants, sound
from vedette.names.tokens import likeness, likeness_across, slipped, vowelless_likeness
from vedette.names.words import PARTICLES

Tokens = tuple[str, ...]

_OMITTED = 0.35
_CONTRADICTED = 1.6
_CONTRADICTION_BITS = 6.0
_SPELLING_BITS = 14.0
_SLIP = 0.6
_MOST = 24  # no name has more words; what follows is not compared
_INITIAL = 0.45


@dataclass(frozen=True, slots=True)
class TokenResult:
    """Score before calibration, bits, and the alignment that explains them."""

    score: float
    bits: float
    alignment: Alignment


@lru_cache(maxsize=131_072)
def weight(token: str) -> float:
    """How much a token counts: particles and initials little, common names less than rare ones."""
    if token in PARTICLES:
        return 0.2
    return 0.5 if len(token) == 1 else 0.55 + 0.45 * min(rarity(token), 12.0) / 12.0


def compare_tokens(left: Tokens, right: Tokens, *, across: bool = False, vowelless: bool = False) -> TokenResult:
    """Pair the tokens of two personal names and weigh agreement, spelling, omission and contradiction."""
    left, right = left[:_MOST], right[:_MOST]
    heard = consonants if vowelless else sound
    one, two = join(left, right, heard), join(right, left, heard)
    alignment = align(one, two, vowelless_likeness if vowelless else likeness_across if across else likeness)
    if not vowelless:
        alignment = _with_slip(alignment)
    return TokenResult(_score(alignment, len(one), len(two)), _bits(alignment), alignment)


def _with_slip(found: Alignment) -> Alignment:
    """Where all else is equal, one short token left over on each side may be a slip of the keyboard."""
    if len(found.left_over) != 1 or len(found.right_over) != 1 or len(found.pairs) < 2:
        return found
    one, two = found.left_over[0], found.right_over[0]
    if any(like < 1.0 for _, _, like in found.pairs) or not slipped(one, two):
        return found
    return Alignment((*found.pairs, (one, two, _SLIP)), (), (), found.crossed)


def _score(found: Alignment, left: int, right: int) -> float:
    both = agreed = 0.0
    full = 0
    for one, two, like in found.pairs:
        together = weight(one) + weight(two)
        both += together
        agreed += like * together
        full += len(one) > 1 and len(two) > 1 and one not in PARTICLES
    over_left, over_right = sum(map(weight, found.left_over)), sum(map(weight, found.right_over))
    if _other_initial(found):
        over_left, over_right = over_left + _INITIAL, over_right + _INITIAL
    clash, omitted = min(over_left, over_right), abs(over_left - over_right)
    whole = both + 2 * _CONTRADICTED * clash + _OMITTED * omitted
    score = agreed / whole if whole else 0.0
    if full < 2 and (left > 1 or right > 1):
        initials = full == 1 and len(found.pairs) >= 2 and not found.left_over and not found.right_over
        score = min(score, 0.75 if initials else 0.62)
    return score - (0.01 if found.crossed else 0.0)


def _other_initial(found: Alignment) -> bool:
    """Whether both sides have an initial that the other contradicts: John A. Smith is not John B. Smith."""
    return any(len(token) == 1 for token in found.left_over) and any(len(token) == 1 for token in found.right_over)


def worth(one: str, two: str, like: float) -> float:
    """Bits of one pair of words: how rare the commoner spelling is, less what unlike spelling costs."""
    return min(rarity(one), rarity(two)) - _SPELLING_BITS * (1.0 - like)


def _bits(found: Alignment) -> float:
    bits = sum(worth(*pair) for pair in found.pairs)
    clashes = min(len(found.left_over), len(found.right_over))
    omitted = abs(len(found.left_over) - len(found.right_over))
    return bits - _CONTRADICTION_BITS * clashes - omitted
