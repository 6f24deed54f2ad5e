"""From bits and likeness to one score on which 0.7 is the alert threshold and only identical forms reach 1.0."""

from __future__ import annotations

from math import exp

from vedette.names.korean.scoring import Agreement
from vedette.names.weighing import nearest

_ALERT = -1.0  # evidence at the alert threshold
_ALERT_ACROSS = 0.5  # evidence at the alert threshold, across scripts
_SLOPE = 0.3
_AT_ALERT = 0.8472978603872037  # logit of 0.7
_HIGHEST = 0.985
_NAMESAKE = -1.0  # log2 weight of "another family name, the same given name"


def evidence(found: Agreement) -> float:
    """log2 likelihood ratio of "one name" against the names it may be confused with; see ``nearest``."""
    family, *given = found.odds
    signs = found.family + sum(found.given)
    return nearest(signs, (family - _NAMESAKE, *given)) - found.left.loss - found.right.loss


def korean_score(found: Agreement) -> float:
    """Score of a Korean agreement."""
    return _HIGHEST / (1.0 + exp(-(_SLOPE * (evidence(found) - _ALERT) + _AT_ALERT + 0.03)))


def crossing_score(found: float) -> float:
    """Score of evidence across scripts."""
    return _HIGHEST / (1.0 + exp(-(_SLOPE * (found - _ALERT_ACROSS) + _AT_ALERT + 0.03)))


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
