"""From bits to a probability: how likely a match is the listed party, fitted on pairs whose truth is known.

``bench/screening_calibration.py`` makes the pairs, fits on one half and measures on the other.
"""

from __future__ import annotations

import math

#: Factors of ``weights`` where true and false pairs are equally many.
FACTORS = (-2.594, 0.209, 23.885, 7.524)
#: What moves log odds from there to customers: a million of them, one listed person in a hundred among them.
PRIOR = -6.83
_TYPICAL_NAME = 0.9


def weights(margin: float, name_score: float, level: str) -> tuple[float, float, float, float]:
    """What is weighed: a constant, the margin in bits, how well the name agrees, and whether a second identifier does."""
    return 1.0, margin, name_score - _TYPICAL_NAME, float(level == "identified")


def balance(margin: float, name_score: float, level: str) -> float:
    """Log odds where true and false pairs are equally many: above zero such a match is more often true than false."""
    return sum(f * w for f, w in zip(FACTORS, weights(margin, name_score, level), strict=True))


def probability(margin: float, name_score: float, level: str) -> float:
    """The probability, strictly between 0 and 1, that the customer is the listed party.

    Margin is in bits against the population screened, so a larger population lowers the answer.
    """
    odds = PRIOR + balance(margin, name_score, level)
    return 1.0 / (1.0 + math.exp(-min(max(odds, -36.0), 36.0)))
