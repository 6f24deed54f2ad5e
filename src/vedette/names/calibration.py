"""From bits and likeness to one score on which 0.7 is the alert threshold and only identical forms reach 1.0."""

from __future__ import annotations

from math import exp, log2

from vedette.names.korean.scoring import Agreement

_ALERT = -1.0  # evidence at the alert threshold
_SLOPE = 0.3
_AT_ALERT = 0.8472978603872037  # logit of 0.7
_HIGHEST = 0.985
_STRANGER = 5.0  # log2 weight of "another name altogether" beside "a name one syllable apart"
_NAMESAKE = -1.0  # log2 weight of "another family name, the same given name"


def evidence(found: Agreement) -> float:
    """log2 likelihood ratio of "one name" against the other names it may be confused with: any name, or one sign apart.

    The nearest of these decides: a rare family name must not outweigh a doubtful syllable. Grows with the bits of every sign.
    """
    family, *given = found.odds
    others = 2.0 ** (_STRANGER - found.family - sum(found.given)) + 2.0 ** (_NAMESAKE - family)
    return -log2(others + sum(2.0**-odds for odds in given)) - found.left.cost - found.right.cost


def korean_score(found: Agreement) -> float:
    """Score of a Korean agreement."""
    return _HIGHEST / (1.0 + exp(-(_SLOPE * (evidence(found) - _ALERT) + _AT_ALERT + 0.03)))


def mandarin_score(bits: float, size: int, *, across: bool) -> float:
    """Score of a Mandarin agreement: every syllable must agree."""
    if bits < 3.0 * size:
        return max(0.1, 0.3 + 0.02 * bits)
    return min(0.72 + 0.006 * bits + 0.02 * (size - 2), 0.9 if across else 0.95)


def words_score(score: float, bits: float, *, across: bool, partial: bool = False) -> float:
    """Score of a word-by-word agreement, shaded by rarity so that equal agreements do not tie; more where words are left out."""
    shade = 0.015 * (1.0 - min(max(bits, 0.0), 40.0) / 40.0)
    if partial:
        shade += 0.2 * max(0.0, 16.0 - bits) / 16.0
    return max(0.0, min(score, 0.97 if across else 0.99) - shade)
