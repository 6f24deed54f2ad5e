"""The two weights of evidence that every channel gives, and how those of the parts of a name add up."""

from __future__ import annotations

from collections.abc import Sequence
from math import log2
from typing import NamedTuple

STRANGER = 5.0  # log2 weight of "another name altogether" beside "a name with one part exchanged"


class Weighed(NamedTuple):
    """What two written signs or words say, in log2: ``bits`` against one met by chance, ``odds`` against another that comes near."""

    bits: float
    odds: float


def nearest(bits: float, odds: Sequence[float]) -> float:
    """log2 likelihood ratio of "one name" against the names it may be confused with: any name, or one part exchanged.

    The nearest of these decides: a rare part must not outweigh a doubtful one. Grows with ``bits`` and with each of ``odds``.
    """
    return -log2(2.0 ** (STRANGER - bits) + sum(2.0**-each for each in odds))
