"""Texts that are compared letter by letter, from the shortest to the longest, and who bears each."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from rapidfuzz import fuzz, process

from vedette.screening.words import Ratios, Words, most

#: Texts as alike as this (0..100) are candidates; where they are few, the next best down to ``LEAST`` join them.
LIKENESS, LEAST = 70, 66
# A text shorter than this share of another cannot be as alike as that.
_SHORTER = LEAST / (200 - LEAST)
_AT_LEAST = 2
_GROUP = 32
_KEPT = 40

Bearer = tuple[int, int]


class Pool:
    """Texts with their bearers. ``owners[i]`` are the bearers of ``texts[i]``, as (entry, rank of the name in it)."""

    def __init__(self, texts: Sequence[str], owners: Sequence[Sequence[Bearer]]) -> None:
        lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
        order = np.argsort(lengths, kind="stable")
        self._lengths = lengths[order]
        self.texts = [texts[number] for number in order.tolist()]
        self.owners = [owners[number] for number in order.tolist()]
        # Rows are looked at in eights, so their length is made a multiple of eight.
        self._padded = self.texts + [""] * (-len(self.texts) % 8)

    @cached_property
    def words(self) -> Words:
        """The words of the texts."""
        return Words(self.texts)

    def of_length(self, shortest: float, longest: float) -> tuple[int, list[str]]:
        """All texts of these lengths, and some more: the number of the first, and the texts, filled up with empty ones."""
        first = int(np.searchsorted(self._lengths, shortest, side="left")) // 8 * 8
        after = int(np.searchsorted(self._lengths, longest, side="right"))
        return first, self._padded[first : after + (-after % 8)]

    def alike(self, wanted: set[str]) -> dict[str, list[tuple[int, float]]]:
        """The numbers of the texts most alike to each wanted one, best first, with the likeness.

        Wanted texts of about the same length are compared in one go; what each finds does not depend on the others.
        """
        found: dict[str, list[tuple[int, float]]] = {}
        order = sorted(wanted, key=lambda text: (len(text), text))
        for start in range(0, len(order), _GROUP):
            group = order[start : start + _GROUP]
            first, known = self.of_length(len(group[0]) * _SHORTER, len(group[-1]) / _SHORTER)
            rows = _ratios(group, known) if known else [np.zeros(0, dtype=np.uint8)] * len(group)
            for text, row in zip(group, rows, strict=True):
                best = enumerate(most(row, _KEPT))
                found[text] = [(first + n, s) for at, (n, s) in best if s >= LIKENESS or at < _AT_LEAST]
        return found


def _ratios(group: Sequence[str], known: Sequence[str]) -> Ratios:
    matrix: Ratios = process.cdist(group, known, scorer=fuzz.ratio, score_cutoff=LEAST, dtype=np.uint8, workers=1)
    return matrix
