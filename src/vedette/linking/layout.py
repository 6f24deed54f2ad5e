"""Where the nodes of a graph stand: lines pull, nodes push, the middle holds; no chance in it, so that a page looks the same each day."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

_ROUNDS = 300
_SIDE = 1000.0
_MARGIN = 60.0
_GOLDEN = 2.399963229728653
Points = npt.NDArray[np.float64]


def places(nodes: Sequence[str], edges: Sequence[tuple[str, str]]) -> list[tuple[float, float]]:
    """A place from 0 to 1000 each way for every node, in their order, to a tenth. Up to some hundreds of nodes."""
    count = len(nodes)
    if count < 2:
        return [(_SIDE / 2, _SIDE / 2)] * count
    number = {name: place for place, name in enumerate(nodes)}
    ends = np.array([(number[one], number[other]) for one, other in edges], np.intp).reshape(-1, 2)
    turn = np.arange(count) * _GOLDEN
    points: Points = np.sqrt(np.arange(count) + 0.5)[:, None] * np.column_stack((np.cos(turn), np.sin(turn)))
    step = np.sqrt(count) / 4
    for round_number in range(_ROUNDS):
        points = points + _limited(_forces(points, ends), step * (1 - round_number / _ROUNDS))
    return [(float(x), float(y)) for x, y in _framed(points)]


def _forces(points: Points, ends: npt.NDArray[np.intp]) -> Points:
    """Every node pushes every other by one over the distance; lines pull by its square; the middle pulls a little."""
    apart = points[:, None, :] - points[None, :, :]
    square = np.maximum((apart**2).sum(axis=2), 1e-4)
    force: Points = (apart / square[:, :, None]).sum(axis=1) - 0.08 * points
    along = points[ends[:, 1]] - points[ends[:, 0]]
    pull = along * np.sqrt((along**2).sum(axis=1))[:, None]
    np.add.at(force, ends[:, 0], pull)
    np.add.at(force, ends[:, 1], -pull)
    return force


def _limited(force: Points, step: float) -> Points:
    length = np.maximum(np.sqrt((force**2).sum(axis=1)), 1e-9)
    limited: Points = force * (np.minimum(length, step) / length)[:, None]
    return limited


def _framed(points: Points) -> Points:
    """Fitted into the square with a margin, one scale for both ways."""
    low, high = points.min(axis=0), points.max(axis=0)
    scale = (_SIDE - 2 * _MARGIN) / max(float((high - low).max()), 1e-9)
    framed: Points = np.round((points - (low + high) / 2) * scale + _SIDE / 2, 1)
    return framed
