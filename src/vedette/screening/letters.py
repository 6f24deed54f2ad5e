"""A sieve before the comparison letter by letter: two texts cannot be alike that have too few letters in common.

How many letters two texts share, whatever their order, bounds how long a common sequence they can have. The bound is
never too low, so nothing alike is lost.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]
Bits = npt.NDArray[np.uint64]

# Letters fall into so many kinds by their code; sharing a kind only lifts the bound. Each counts up to so often.
_KINDS, _OFTEN = 32, 4
_SLACK = 1e-9


class Letters:
    """The letters of texts, counted, as 128 bits each."""

    def __init__(self, texts: Sequence[str]) -> None:
        counts, self.lengths = _counted(texts)
        bits = np.packbits((counts[:, :, None] > np.arange(_OFTEN)).reshape(len(texts), -1), axis=1).view(np.uint64)
        self._first, self._second = np.ascontiguousarray(bits[:, 0]), np.ascontiguousarray(bits[:, 1])
        # Letters beyond those counted: they may all be shared.
        self._more = np.maximum(counts - _OFTEN, 0).sum(axis=1)

    def near(self, others: Letters, number: int, window: slice, least: int) -> Numbers:
        """The numbers, counted from the window's start, of its texts that may be as alike as ``least`` (0..100) to another.

        ``others`` holds that other text under ``number``.
        """
        shared = np.bitwise_count(self._first[window] & others._first[number])
        shared += np.bitwise_count(self._second[window] & others._second[number])
        lengths = self.lengths[window]
        if not len(lengths):
            return lengths
        span = np.arange(int(lengths.max()) + 1) + int(others.lengths[number])
        wanted = np.ceil(least * span / 200 - _SLACK).astype(np.int64) - int(others._more[number])
        found: Numbers = np.flatnonzero(shared >= wanted.clip(0, 255).astype(np.uint8)[lengths])
        return found


def _counted(texts: Sequence[str]) -> tuple[Numbers, Numbers]:
    """How often each kind of letter stands in each text, and the texts' lengths."""
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), dtype=np.uint32) % _KINDS
    owners = np.repeat(np.arange(len(texts), dtype=np.int64) * _KINDS, lengths)
    counts = np.bincount(owners + codes, minlength=len(texts) * _KINDS)
    return counts.reshape(len(texts), _KINDS), lengths
