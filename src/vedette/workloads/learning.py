"""Learns the linear model of classes from labelled runs, and writes and reads it as plain numbers."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from vedette.workloads.features import DRIVER, PROFILED, Columns, Floats, driver, profiled

_RIDGE = 0.004
_STEPS = 600
_FEATURES = {"profiled": (PROFILED, profiled), "driver": (DRIVER, driver)}


@dataclass(frozen=True, slots=True)
class Linear:
    """A multinomial model on standardised features, and for each condition met in learning its centre and spread.

    ``weights`` has a row for each class and a column for each feature; ``centres`` and ``spreads`` a row for each condition.
    """

    tier: str
    classes: tuple[str, ...]
    middle: tuple[float, ...]
    scale: tuple[float, ...]
    weights: tuple[tuple[float, ...], ...]
    offsets: tuple[float, ...]
    conditions: tuple[str, ...]
    labels: tuple[str, ...]
    centres: tuple[tuple[float, ...], ...]
    spreads: tuple[tuple[float, ...], ...]

    def standardised(self, found: Columns) -> Floats:
        """The features of windows in the model's units."""
        values = _FEATURES[self.tier][1](found)
        scaled: Floats = (values - np.array(self.middle)) / np.array(self.scale)
        return scaled

    def log_chances(self, features: Floats) -> Floats:
        """The logarithm of each class's chance for each window, shape (windows, classes)."""
        return _log_softmax(features @ np.array(self.weights).T + np.array(self.offsets))

    def distances(self, features: Floats) -> Floats:
        """How far each window lies from each condition, in its own spreads (root mean square), shape (windows, conditions)."""
        centres, spreads = np.array(self.centres), np.array(self.spreads)
        found = np.empty((len(features), len(centres)))
        for place, (centre, spread) in enumerate(zip(centres, spreads, strict=True)):
            found[:, place] = np.sqrt((((features - centre) / spread) ** 2).mean(axis=1))
        return found


def learn(tier: str, found: Columns, labels: Sequence[str], conditions: Sequence[str]) -> Linear:
    """Learn from windows of runs; job ``n`` (by sorted id) has the n-th label and condition. Every condition weighs alike.

    Windows at rest teach nothing and are left out.
    """
    jobs = np.unique(found["job_id"].astype(str), return_inverse=True)[1]
    values = _FEATURES[tier][1](found)
    working = found["active"] > 0.2
    jobs, values = jobs[working], values[working]
    middle, scale = values.mean(axis=0), values.std(axis=0) + 0.02
    features = (values - middle) / scale
    classes = tuple(sorted(set(labels)))
    target = np.array([classes.index(labels[job]) for job in jobs])
    groups = np.array([conditions[job] for job in jobs])
    names = sorted(set(conditions))
    weight = np.zeros(len(features))
    for name in names:
        member = groups == name
        # Classes weigh alike, and so do the conditions of a class.
        label = labels[conditions.index(name)]
        sharing = sum(labels[conditions.index(other)] == label for other in names)
        weight[member] = 1.0 / (member.sum() * sharing * len(classes))
    weights, offsets = _fitted(features, target, weight, len(classes))
    centres = np.array([features[groups == name].mean(axis=0) for name in names])
    spreads = np.array([features[groups == name].std(axis=0) + 0.15 for name in names])
    return Linear(
        tier,
        classes,
        _numbers(middle),
        _numbers(scale),
        tuple(_numbers(row) for row in weights),
        _numbers(offsets),
        tuple(names),
        tuple(labels[conditions.index(name)] for name in names),
        tuple(_numbers(row) for row in centres),
        tuple(_numbers(row) for row in spreads),
    )


def _fitted(features: Floats, target: Any, weight: Floats, size: int) -> tuple[Floats, Floats]:
    """Weights and offsets of a ridge-penalised multinomial model, by accelerated gradient steps."""
    hot = np.eye(size)[target]
    weights, offsets = np.zeros((size, features.shape[1])), np.zeros(size)
    ahead, before, pace = (weights, offsets), (weights, offsets), 1.0
    step = 2.0 / (_RIDGE + 0.5 * float((weight[:, None] * features**2).sum() + 1))
    for _ in range(_STEPS):
        chances = np.exp(_log_softmax(features @ ahead[0].T + ahead[1]))
        error = (chances - hot) * weight[:, None]
        now = (
            ahead[0] - step * (error.T @ features + _RIDGE * ahead[0]),
            ahead[1] - step * error.sum(axis=0),
        )
        faster = (1 + (1 + 4 * pace * pace) ** 0.5) / 2
        push = (pace - 1) / faster
        ahead = (now[0] + push * (now[0] - before[0]), now[1] + push * (now[1] - before[1]))
        before, pace = now, faster
    return before


def _log_softmax(scores: Floats) -> Floats:
    high = scores.max(axis=1, keepdims=True)
    found: Floats = scores - high - np.log(np.exp(scores - high).sum(axis=1, keepdims=True))
    return found


def _numbers(values: Floats) -> tuple[float, ...]:
    return tuple(round(float(value), 5) for value in values)


def write(models: Mapping[str, Linear], path: Path) -> None:
    """Write models as plain numbers, one row a line."""
    path.write_text(
        json.dumps({tier: asdict(model) for tier, model in models.items()}, indent=1) + "\n", encoding="utf-8"
    )


def read(text: str) -> dict[str, Linear]:
    """Read what ``write`` wrote."""
    held = json.loads(text)
    return {tier: Linear(**{name: _frozen(value) for name, value in fields.items()}) for tier, fields in held.items()}


def _frozen(value: Any) -> Any:
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value
