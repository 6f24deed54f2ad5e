"""Overlapping ranges into disjoint ones: at each address the narrowest range wins, among equals the later."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vedette.events.references.addresses import V4, Addresses, predecessor, successor, width
from vedette.events.references.model import Segments


def flatten(starts: Addresses, ends: Addresses, labels: NDArray[np.int32]) -> Segments:
    """Disjoint sorted segments of inclusive ranges in any order. Every start must be at or before its end."""
    widths = width(starts, ends)
    order = np.lexsort((np.arange(len(starts)), -widths, starts))
    starts, ends, labels, widths = starts[order], ends[order], labels[order], widths[order]
    if len(starts) < 2 or bool(np.all(starts[1:] > ends[:-1])):
        return Segments(starts, ends, labels, widths)
    # order tells which of two equal ranges came later, which the sort above must not forget
    return _cut(starts, ends, labels, widths, order)


def _cut(
    starts: Addresses,
    ends: Addresses,
    labels: NDArray[np.int32],
    widths: NDArray[np.float64],
    came: NDArray[np.int64],
) -> Segments:
    last = _last_of(starts)
    after = successor(ends)
    open_ended = ends == last
    points = np.unique(np.concatenate([starts, after[~open_ended]]))
    first = np.searchsorted(points, starts)
    stop = np.where(open_ended, len(points), np.searchsorted(points, after))
    winner = _winners(first, stop, np.lexsort((-came, widths)), len(points))
    covered = np.flatnonzero(winner >= 0)
    segment_ends = np.concatenate([predecessor(points[1:]), np.array([last], points.dtype)])
    return _merged(points[covered], segment_ends[covered], winner[covered], covered, labels, widths)


def _last_of(addresses: Addresses) -> object:
    return np.uint32(0xFFFFFFFF) if addresses.dtype == V4 else np.bytes_(b"\xff" * 16)


def _winners(
    first: NDArray[np.int64], stop: NDArray[np.int64], narrowest_first: NDArray[np.int64], pieces: int
) -> NDArray[np.int64]:
    """The range that holds each elementary piece. Ranges alone in their stretch are painted at once."""
    winner = np.full(pieces, -1, np.int64)
    reach = np.maximum.accumulate(stop)
    begins = np.concatenate([[True], first[1:] >= reach[:-1]])
    alone = begins & np.concatenate([begins[1:], [True]])
    winner[first[alone]] = np.flatnonzero(alone)
    crowded = narrowest_first[~alone[narrowest_first]]
    _paint(winner, list(range(pieces + 1)), crowded.tolist(), first.tolist(), stop.tolist())
    return winner


def _paint(winner: NDArray[np.int64], free: list[int], ranges: list[int], first: list[int], stop: list[int]) -> None:
    """Narrowest first; ``free`` leads to the next unpainted piece, so that each piece is visited once."""
    for number in ranges:
        piece = _next_free(free, first[number])
        while piece < stop[number]:
            winner[piece] = number
            free[piece] = piece + 1
            piece = _next_free(free, piece + 1)


def _next_free(free: list[int], piece: int) -> int:
    while free[piece] != piece:
        free[piece] = free[free[piece]]
        piece = free[piece]
    return piece


def _merged(
    starts: Addresses,
    ends: Addresses,
    winner: NDArray[np.int64],
    pieces: NDArray[np.int64],
    labels: NDArray[np.int32],
    widths: NDArray[np.float64],
) -> Segments:
    """Neighbouring pieces of the same range joined again."""
    fresh = np.concatenate([[True], (winner[1:] != winner[:-1]) | (pieces[1:] != pieces[:-1] + 1)])
    begin = np.flatnonzero(fresh)
    finish = np.concatenate([begin[1:] - 1, [len(winner) - 1]])
    held = winner[begin]
    return Segments(starts[begin], ends[finish], labels[held], widths[held])
