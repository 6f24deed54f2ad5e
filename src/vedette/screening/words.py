"""Forms that share rare words with a query, spelt alike: finds what likeness of the whole misses, in any word order."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process

Weights = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]
Ratios = npt.NDArray[np.uint8]

#: Words less alike than this (0..100) are different words.
ALIKE = 66
#: A word that more forms hold than this leads nowhere by itself.
COMMON = 400
_NEAR_WORDS = 16
_IN_COMMON = 0.62
_KEPT = 8
_GROUP = 32
_REMEMBERED = 50_000

_NO_NUMBERS: Numbers = np.zeros(0, dtype=np.int64)
_NO_WEIGHTS: Weights = np.zeros(0, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class _Near:
    """The forms that hold a word like this one, the bits that each is worth, and the bits of the word itself."""

    numbers: Numbers
    weights: Weights
    worth: float


_NOWHERE = _Near(_NO_NUMBERS, _NO_WEIGHTS, 1.0)


class Words:
    """The words of an index's forms, each with the forms that hold it and the bits that it is worth."""

    def __init__(self, forms: Sequence[str]) -> None:
        holders: dict[str, list[int]] = {}
        for number, form in enumerate(forms):
            for word in set(form.split()):
                holders.setdefault(word, []).append(number)
        self._size = len(forms)
        self._words = sorted(holders, key=lambda word: (len(word), word))
        self._padded = self._words + [""] * (-len(self._words) % 8)
        self._holders = [holders[word] for word in self._words]
        self._worth = [self._rarity(len(numbers)) for numbers in self._holders]
        numbers = np.fromiter(chain.from_iterable(self._holders), dtype=np.int64)
        each = np.repeat(self._worth, [len(found) for found in self._holders])
        self._form_worth = np.bincount(numbers, weights=each, minlength=self._size)
        self._known = {word: number for number, word in enumerate(self._words)}
        self._near: dict[str, _Near] = {}

    def _rarity(self, holders: int) -> float:
        """The bits that a word is worth which this many forms hold."""
        return math.log2(1 + self._size / (1 + holders))

    def learn(self, forms: Iterable[str]) -> None:
        """Look up the words of these forms in one go, so that ``sharing`` need not."""
        if len(self._near) > _REMEMBERED:
            self._near.clear()
        new = {word for form in forms for word in form.split()} - self._near.keys()
        order = sorted(new, key=lambda word: (len(word), word))
        for start in range(0, len(order), _GROUP):
            self._learn(order[start : start + _GROUP])

    def _learn(self, group: list[str]) -> None:
        if not self._words:
            self._near.update((word, _NOWHERE) for word in group)
            return
        matrix: Ratios = process.cdist(
            group, self._padded, scorer=fuzz.ratio, score_cutoff=ALIKE, dtype=np.uint8, workers=1
        )
        for word, row in zip(group, matrix, strict=True):
            self._near[word] = self._holding(word, most(row, _NEAR_WORDS))

    def _holding(self, word: str, near: list[tuple[int, int]]) -> _Near:
        """The forms that hold one of these words, with the bits that holding it is worth."""
        useful = [(number, likeness) for number, likeness in near if len(self._holders[number]) <= COMMON]
        meant = self._known.get(word, near[0][0] if near else None)
        worth = self._rarity(0) if meant is None else self._worth[meant]
        if not useful:
            return _Near(_NO_NUMBERS, _NO_WEIGHTS, worth)
        numbers = np.fromiter(chain.from_iterable(self._holders[number] for number, _ in useful), dtype=np.int64)
        weights = [self._worth[number] * likeness / 100 for number, likeness in useful]
        return _Near(numbers, np.repeat(weights, [len(self._holders[number]) for number, _ in useful]), worth)

    def sharing(self, form: str) -> list[tuple[int, float]]:
        """The numbers of the forms that share most with this one, as (number, share of the smaller one's bits)."""
        self.learn([form])
        near = [self._near[word] for word in set(form.split())]
        numbers = np.concatenate([_NO_NUMBERS, *(found.numbers for found in near)])
        weights = np.concatenate([_NO_WEIGHTS, *(found.weights for found in near)])
        if not len(numbers):
            return []
        whole = sum(found.worth for found in near)
        held, place = np.unique(numbers, return_inverse=True)
        share = np.bincount(place, weights=weights) / np.minimum(whole, self._form_worth[held])
        best = np.lexsort((held, -share))[:_KEPT]
        return [(int(held[at]), min(float(share[at]), 1.0)) for at in best.tolist() if share[at] >= _IN_COMMON]


def most(row: Ratios, kept: int) -> list[tuple[int, int]]:
    """The places of the largest numbers in a row, with the numbers, largest first; of equal ones the first come first.

    The row is nearly all zeros and its length is a multiple of eight, so that eight numbers are looked at in one.
    """
    eights = np.flatnonzero(row.view(np.uint64)) * 8
    near = (eights[:, None] + np.arange(8)).ravel()
    found = near[row[near] > 0]
    found = found[np.argsort(-row[found].astype(np.int16), kind="stable")[:kept]]
    return list(zip(found.tolist(), row[found].tolist(), strict=True))
