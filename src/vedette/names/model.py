"""The words of this room: a name taken apart once, and what comparing two of them says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from vedette.names.korean.reading import Reading

Kind = Literal["person", "organization", "unknown"]


@dataclass(frozen=True, slots=True)
class Words:
    """An organisation's name taken apart: content words in order, classes of legal forms, initials."""

    content: tuple[str, ...]
    forms: frozenset[str]
    initials: tuple[str, ...]
    native: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Analysed:
    """A name taken apart once, cheap to compare many times and to keep on disk.

    ``tokens`` are folded, in the order written. ``korean`` and ``mandarin`` are the ways the name can be read; ``han`` is its Han writing in simplified form, or empty.
    """

    text: str
    kind: Kind
    folded: str
    form: str
    tokens: tuple[str, ...]
    script: str
    korean: tuple[Reading, ...]
    mandarin: tuple[tuple[str, ...], ...]
    han: str
    words: Words | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two written names say: ``score`` 0..1 (0.7 is the alert threshold, 1.0 only for identical forms).

    ``bits`` is the log2 likelihood ratio of "same bearer's name" against "two names met by chance"; ``explanation`` is for
    a compliance officer to read.
    """

    score: float
    bits: float
    explanation: tuple[str, ...]
