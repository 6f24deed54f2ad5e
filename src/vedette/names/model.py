"""The words of this room: a name taken apart once, and what comparing two of them says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["person", "organization", "unknown"]


@dataclass(frozen=True, slots=True)
class Analysed:
    """A name taken apart once, cheap to compare many times. ``tokens`` are folded, in the order written."""

    text: str
    kind: Kind
    folded: str
    tokens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two written names say: ``score`` 0..1 (0.7 is the alert threshold, 1.0 only for identical forms).

    ``bits`` is the log2 likelihood ratio of "same bearer's name" against "two names met by chance"; ``explanation`` is for
    a compliance officer to read.
    """

    score: float
    bits: float
    explanation: tuple[str, ...]
