"""From bits to a probability: how likely a match is the listed party, fitted on pairs whose truth is known.

``bench/screening.py --fit`` makes the pairs and prints the numbers. Told apart are persons of the lists of measuring
data with slips in name and date, of whom one in a hundred is taken to be a customer, and invented innocents of the same
names, weighed up to the population screened. Half of the pairs fitted the curve, the other half measures it.
"""

from __future__ import annotations

import math

#: log odds = OFFSET + SLOPE * margin, margin in bits against the population screened.
OFFSET, SLOPE = -1.0, 0.69


def probability(margin: float) -> float:
    """The probability, strictly between 0 and 1, that a match of this margin (bits) is the listed party."""
    odds = OFFSET + SLOPE * margin
    return 1.0 / (1.0 + math.exp(-min(max(odds, -36.0), 36.0)))
