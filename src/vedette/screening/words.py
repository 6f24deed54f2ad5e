"""Forms that share rare words with a query, spelt alike: finds what likeness of the whole misses, in any word order.

What a word is worth comes from a fixed table, not from the index: so whether a form is found depends on that form only,
and a list delta can be screened by itself with the result of a full screening.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process

Weights = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]
Ratios = npt.NDArray[np.uint8]

#: Words less alike than this (0..100) are different words.
ALIKE = 70
#: A word that more of 100,000 written names hold than this leads nowhere by itself.
COMMON = 480
_TABLE = Path(__file__).parent / "data" / "listed_words.tsv"
_NAMES_COUNTED = 100_000
# A word that the table does not hold.
_UNCOUNTED = 2
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
        self._words = sorted(sorted(holders), key=len)
        self._padded = self._words + [""] * (-len(self._words) % 8)
        self._holders = [holders[word] for word in self._words]
        counts = [counted(word) for word in self._words]
        self._worth = [_bits(count) for count in counts]
        self._leads = [count <= COMMON for count in counts]
        numbers = np.fromiter(chain.from_iterable(self._holders), dtype=np.int64)
        each = np.repeat(self._worth, [len(found) for found in self._holders])
        self._form_worth = np.bincount(numbers, weights=each, minlength=self._size)
        self._near: dict[str, _Near] = {}

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
            self._near[word] = self._holding(word, most(row))

    def _holding(self, word: str, near: list[tuple[int, int]]) -> _Near:
        """The forms that hold one of these words, with the bits that holding it is worth."""
        useful = [(number, likeness) for number, likeness in near if self._leads[number]]
        if not useful:
            return _Near(_NO_NUMBERS, _NO_WEIGHTS, worth(word))
        numbers = np.fromiter(chain.from_iterable(self._holders[number] for number, _ in useful), dtype=np.int64)
        weights = [self._worth[number] * likeness / 100 for number, likeness in useful]
        return _Near(numbers, np.repeat(weights, [len(self._holders[number]) for number, _ in useful]), worth(word))

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


@lru_cache(maxsize=1)
def _table() -> dict[str, int]:
    lines = (line for line in _TABLE.read_text(encoding="utf-8").splitlines() if line[:1] != "#")
    return {word: int(count) for word, _, count in (line.partition("\t") for line in lines)}


def counted(word: str) -> int:
    """How many of 100,000 listed names hold the word."""
    return _table().get(word, _UNCOUNTED)


def worth(word: str) -> float:
    """The bits that a word in common is worth."""
    return _bits(counted(word))


@lru_cache(maxsize=4096)
def _bits(count: int) -> float:
    return math.log2(1 + _NAMES_COUNTED / (1 + count))


def most(row: Ratios, kept: int | None = None) -> list[tuple[int, int]]:
    """The places of the largest numbers in a row (all but zeros), with the numbers; of equal ones the first come first.

    The row is nearly all zeros and its length is a multiple of eight, so that eight numbers are looked at in one.
    """
    eights = np.flatnonzero(row.view(np.uint64)) * 8
    near = (eights[:, None] + np.arange(8)).ravel()
    found = near[row[near] > 0]
    found = found[np.argsort(-row[found].astype(np.int16), kind="stable")[:kept]]
    return list(zip(found.tolist(), row[found].tolist(), strict=True))
