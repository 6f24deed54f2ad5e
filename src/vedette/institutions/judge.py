"""How probable it is that a candidate is meant: a weighted sum of its signs, refined by small trees, as numbers from ``data/``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt

from vedette.institutions.candidates import SIGNS

Floats = npt.NDArray[np.float64]


class Model(msgspec.Struct, frozen=True, kw_only=True):
    """The shipped numbers. Tree t asks ``features[t]`` against ``limits[t]`` level by level and adds ``leaves[t]``.

    ``calibration`` maps the sum to a probability by straight lines between its points. ``threshold`` is the probability
    from which the first organisation of an affiliation is accepted, ``strict`` the one of the strict mode; a ``further`` one
    in the same affiliation needs more, for it is mostly a part or a partner of the first.
    """

    signs: tuple[str, ...]
    weights: tuple[float, ...]
    depth: int
    features: tuple[tuple[int, ...], ...]
    limits: tuple[tuple[float, ...], ...]
    leaves: tuple[tuple[float, ...], ...]
    calibration: tuple[tuple[float, float], ...]
    threshold: float
    strict: float
    further: float
    trained_on: str


@dataclass(frozen=True, slots=True)
class Judge:
    """A model with its numbers as arrays."""

    model: Model
    weights: Floats
    features: npt.NDArray[np.int64]
    limits: Floats
    leaves: Floats
    points: tuple[Floats, Floats]

    def probabilities(self, signs: Sequence[Sequence[float]]) -> list[float]:
        """The probability of each candidate."""
        if not signs:
            return []
        sums = self.sums(np.asarray(signs, dtype=np.float64))
        found: list[float] = np.interp(sums, *self.points).tolist()
        return found

    def sums(self, signs: Floats) -> Floats:
        """The sum of each candidate, before calibration."""
        total: Floats = signs @ self.weights
        if not len(self.features):
            return total
        flat, count = signs.ravel(), len(self.features)
        first = (np.arange(len(signs)) * signs.shape[1])[:, None]
        nodes = (np.arange(count) * self.features.shape[1])[None, :]
        node = np.zeros((len(signs), count), dtype=np.int64)
        for level in range(self.model.depth):
            at = nodes + (2**level - 1) + node
            node = 2 * node + (flat.take(first + self.features.take(at)) > self.limits.take(at))
        leaves = self.leaves.take((np.arange(count) * self.leaves.shape[1])[None, :] + node)
        refined: Floats = total + leaves.sum(axis=1)
        return refined


def judge_of(model: Model) -> Judge:
    """A judge that applies these numbers. Raises ValueError where they are for other signs."""
    if model.signs != SIGNS:
        raise ValueError("the model's numbers are for other signs: fit it again with bench/affiliations.py")
    xs, ys = zip(*model.calibration, strict=True)
    return Judge(
        model=model,
        weights=np.array(model.weights),
        features=np.array(model.features, dtype=np.int64),
        limits=np.array(model.limits, dtype=np.float64),
        leaves=np.array(model.leaves, dtype=np.float64),
        points=(np.array(xs), np.array(ys)),
    )


@lru_cache(maxsize=1)
def shipped_judge() -> Judge:
    """The judge that comes with the program."""
    data = (Path(__file__).parent / "data" / "model.json").read_bytes()
    return judge_of(msgspec.json.decode(data, type=Model))
