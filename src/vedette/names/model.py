"""The words of this room: a name taken apart once, and what comparing two of them says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from vedette.names.korean.reading import Reading
from vedette.names.probability import probability

Kind = Literal["person", "organization", "unknown"]


@dataclass(frozen=True, slots=True)
class Words:
    """An organisation's name taken apart: content words in order, classes of legal forms, initials; ``written`` is what each
    content word was; ``translated``: written in another script, known words put into English."""

    content: tuple[str, ...]
    forms: frozenset[str]
    initials: tuple[str, ...]
    native: tuple[str, ...]
    written: tuple[str, ...] = ()
    translated: bool = False


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

    ``channel`` says how they were compared: ``same`` form, ``korean`` syllables, ``han`` characters and Mandarin, ``across`` scripts,
    ``words`` one by one, or as an ``organization``. ``bits`` is the log2 likelihood ratio of "same bearer's name" against "two names met by chance"; ``explanation`` is for
    a compliance officer to read.
    """

    score: float
    bits: float
    explanation: tuple[str, ...]
    channel: str = "words"

    @property
    def probability(self) -> float:
        """P(one name in two writings), as measured where half the pairs were one name and half were names chosen to be alike.

        It speaks of names, never of persons: two bearers of one name agree fully. See ``calibration.at_prior`` for another share.
        """
        return probability(self.score, self.channel)
