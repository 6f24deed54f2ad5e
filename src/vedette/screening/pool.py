"""Texts that are compared letter by letter, from the shortest to the longest, and who bears each."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from rapidfuzz import fuzz, process

from vedette.screening.letters import Letters
from vedette.screening.words import Words, most

#: Texts as alike as this (0..100) are candidates; where they are few, the next best down to ``LEAST`` join them.
LIKENESS, LEAST = 70, 66
# A text shorter than this share of another cannot be as alike as that.
_SHORTER = LEAST / (200 - LEAST)
_AT_LEAST = 2
_KEPT = 40

Bearer = tuple[int, int]


class Pool:
    """Texts with their bearers. ``owners[i]`` are the bearers of ``texts[i]``, as (entry, rank of the name in it)."""

    def __init__(self, texts: Sequence[str], owners: Sequence[Sequence[Bearer]]) -> None:
        order = np.argsort(np.fromiter(map(len, texts), dtype=np.int64, count=len(texts)), kind="stable")
        self.texts = [texts[number] for number in order.tolist()]
        self.owners = [owners[number] for number in order.tolist()]

    @cached_property
    def words(self) -> Words:
        """The words of the texts."""
        return Words(self.texts)

    @cached_property
    def letters(self) -> Letters:
        """The letters of the texts, by which most are passed over."""
        return Letters(self.texts)

    def alike(self, wanted: set[str]) -> dict[str, list[tuple[int, float]]]:
        """The numbers of the texts most alike to each wanted one, best first, with the likeness."""
        if not wanted or not self.texts:
            return {text: [] for text in wanted}
        order = list(wanted)
        letters = Letters(order)
        return {text: self._alike(text, letters, number) for number, text in enumerate(order)}

    def _alike(self, text: str, letters: Letters, number: int) -> list[tuple[int, float]]:
        window = self._of_length(len(text) * _SHORTER, len(text) / _SHORTER)
        near = (self.letters.near(letters, number, window, LEAST) + window.start).tolist()
        if not near:
            return []
        known = [*map(self.texts.__getitem__, near), *[""] * (-len(near) % 8)]
        row = process.cdist([text], known, scorer=fuzz.ratio, score_cutoff=LEAST, dtype=np.uint8, workers=1)[0]
        best = enumerate(most(row, _KEPT))
        return [(near[at], score) for rank, (at, score) in best if score >= LIKENESS or rank < _AT_LEAST]

    def _of_length(self, shortest: float, longest: float) -> slice:
        """Where the texts of these lengths stand."""
        lengths = self.letters.lengths
        first = int(np.searchsorted(lengths, shortest, side="left"))
        return slice(first, int(np.searchsorted(lengths, longest, side="right")))
