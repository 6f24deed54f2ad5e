"""Has many affiliation strings resolved by several processes, in the order of the question; a few by this process alone."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import chain, islice
from multiprocessing import get_context

from vedette.institutions.desk import Desk
from vedette.institutions.model import Resolution

#: So few strings are resolved here before processes of their own, each with its copy of the index, are worth starting.
_ALONE = 6_000
_PIECE = 500
_MOST = 4
_own: list[Desk] = []


def resolved(
    desk: Desk, texts: Iterable[str], *, strict: bool = False, workers: int | None = None
) -> Iterator[Resolution]:
    """One answer for each string, in order, whatever their number. ``workers`` fixes the number of processes (one per core)."""
    given = iter(texts)
    count = min(os.cpu_count() or 1, _MOST) if workers is None else workers
    first = list(islice(given, _ALONE + 1))
    if len(first) <= _ALONE or count < 2:
        yield from (desk.resolve(text, strict=strict) for text in chain(first, given))
        return
    context = get_context("spawn")
    with ProcessPoolExecutor(count, mp_context=context, initializer=_begin, initargs=(desk,)) as pool:
        running: deque[Future[list[Resolution]]] = deque()
        source = chain(first, given)
        while piece := list(islice(source, _PIECE)):
            running.append(pool.submit(_take, piece, strict))
            if len(running) > 2 * count:
                yield from running.popleft().result()
        while running:
            yield from running.popleft().result()


def _begin(desk: Desk) -> None:
    """In a new process: keep its copy of what resolving needs."""
    _own.append(desk)


def _take(texts: list[str], strict: bool) -> list[Resolution]:
    return [_own[0].resolve(text, strict=strict) for text in texts]
