"""Learns without labels how often each level of agreement is seen in one person's records and between strangers' (EM)."""

from __future__ import annotations

from dataclasses import dataclass
from math import log2

import numpy as np

from vedette.linking.soft.agree import FIELDS
from vedette.linking.soft.weigh import Bits, Compared

_ROUNDS = 100
_STILL = 1e-5
_START = 0.9


@dataclass(frozen=True, slots=True)
class Model:
    """``m`` and ``u`` give for each field the share of each level in one person's pairs and in strangers'; ``prior`` in bits."""

    m: tuple[tuple[float, ...], ...]
    u: tuple[tuple[float, ...], ...]
    prior: float

    def bits(self, compared: Compared) -> Bits:
        """Bits above even odds of each pair, the start included."""
        total: Bits = self.prior + self.parts(compared).sum(axis=1)
        return total

    def parts(self, compared: Compared) -> Bits:
        """Bits of each pair (row) and field (column); nought where a value is missing."""
        found = np.zeros(compared.levels.shape)
        for place, field in enumerate(FIELDS):
            levels, shares = compared.levels[:, place], compared.shares[:, place]
            weights = np.log2(np.array(self.m[place]) / np.array(self.u[place]))
            found[:, place] = np.where(levels >= 0, weights[levels], 0.0)
            if field.rarity:
                equal = levels == field.levels
                rare = np.log2(self.m[place][-1] / np.maximum(shares, 1e-9))
                found[:, place] = np.where(equal, rare, found[:, place])
        return found


def learn(candidates: Compared, strangers: Compared, pairs: float) -> Model:
    """Fit to candidate pairs, with ``strangers`` drawn at random from all ``pairs`` pairs that there are.

    What strangers share is counted; what one person's records share, and how many pairs are one person's, is found by
    expectation and maximisation: the records of one person are taken to be all among the candidates.
    """
    u = tuple(
        _smooth(np.bincount(strangers.levels[:, place][strangers.levels[:, place] >= 0], minlength=field.levels + 1))
        for place, field in enumerate(FIELDS)
    )
    m = tuple(tuple([(1 - _START) / field.levels] * field.levels + [_START]) for field in FIELDS)
    model = Model(m, u, log2(max(len(candidates.levels), 1) / 4 / pairs))
    for _ in range(_ROUNDS):
        before, model = model, _again(model, candidates, pairs)
        if (
            max(
                abs(a - b)
                for one, other in zip(before.m, model.m, strict=True)
                for a, b in zip(one, other, strict=True)
            )
            < _STILL
        ):
            break
    return model


def _again(model: Model, candidates: Compared, pairs: float) -> Model:
    chance = 1.0 / (1.0 + np.exp2(-np.clip(model.bits(candidates), -60, 60)))
    m = []
    for place, field in enumerate(FIELDS):
        levels = candidates.levels[:, place]
        there = levels >= 0
        m.append(_smooth(np.bincount(levels[there], weights=chance[there], minlength=field.levels + 1)))
    share = min(max(float(chance.sum()), 1.0) / pairs, 0.5)
    return Model(tuple(m), model.u, log2(share / (1 - share)))


def _smooth(counts: np.ndarray) -> tuple[float, ...]:
    """Shares of levels, none of them nought."""
    total = counts.sum() + 0.5 * len(counts)
    return tuple(float((count + 0.5) / total) for count in counts)
