"""Has many affiliation strings resolved by several processes, in the order of the question; a few by this process alone."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, islice
from multiprocessing import get_context

from vedette.institutions.desk import Desk
from vedette.institutions.model import InstitutionError, Resolution

#: So few strings are resolved here before processes of their own, each with its copy of the index, are worth starting.
_ALONE = 6_000
_PIECE = 500
_MOST = 4
_own: list[Desk] = []


def resolved(
    desk: Desk, texts: Iterable[str], *, strict: bool = False, workers: int | None = None
) -> Iterator[Resolution]:
    """One answer for each string, in order, whatever their number. ``workers`` fixes the number of processes (one per core).

    Raises InstitutionError where a process was ended from outside.
    """
    given = iter(texts)
    first = list(islice(given, _ALONE + 1))
    pool = _pool(desk, workers) if len(first) > _ALONE else None
    if pool is None:
        yield from (desk.resolve(text, strict=strict) for text in chain(first, given))
        return
    try:
        with pool:
            yield from _in_order(pool, chain(first, given), strict)
    except BrokenProcessPool:
        raise InstitutionError(
            "a process that resolved affiliations was ended", remedy="Free memory and try again: nothing was lost"
        ) from None


def _pool(desk: Desk, workers: int | None) -> ProcessPoolExecutor | None:
    """Processes of their own; None on one core, and where the system has no way to synchronise them."""
    count = min(os.cpu_count() or 1, _MOST) if workers is None else workers
    if count < 2:
        return None
    try:
        return ProcessPoolExecutor(count, mp_context=get_context("spawn"), initializer=_begin, initargs=(desk,))
    except (OSError, ImportError):
        return None


def _in_order(pool: ProcessPoolExecutor, texts: Iterator[str], strict: bool) -> Iterator[Resolution]:
    """Answers in the order of the question, with no more than a few pieces under way."""
    running: deque[Future[list[Resolution]]] = deque()
    while piece := list(islice(texts, _PIECE)):
        running.append(pool.submit(_take, piece, strict))
        if len(running) > 2 * _MOST:
            yield from running.popleft().result()
    while running:
        yield from running.popleft().result()


def _begin(desk: Desk) -> None:
    """In a new process: keep its copy of what resolving needs."""
    _own.append(desk)


def _take(texts: list[str], strict: bool) -> list[Resolution]:
    return [_own[0].resolve(text, strict=strict) for text in texts]
