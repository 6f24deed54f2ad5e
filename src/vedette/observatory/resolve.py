"""Has every affiliation string resolved once: kept with the versions of registries and lists it was resolved against."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from os import cpu_count
from typing import TYPE_CHECKING

from vedette import watchlists
from vedette.base import Clock, Principal, digest
from vedette.observatory.model import AMBIGUOUS, ObservatoryError
from vedette.store import Store

if TYPE_CHECKING:
    from vedette.institutions import Desk, Resolution

#: So few strings are resolved here before processes of their own are worth starting.
_ALONE = 30_000
_PIECE = 2_000
_MOST = 4
_desk: Desk | None = None


def resolve_new(
    store: Store, principal: Principal, *, clock: Clock, advance: Callable[[int], None] = lambda _n: None
) -> int:
    """Resolve the strings that were not yet, or against other versions than those in force. Returns how many."""
    from vedette.institutions import open_desk
    from vedette.observatory.store import affiliations

    desk = open_desk(store)
    versions = _versions(store, desk)
    texts = affiliations.unresolved(store, versions)
    if not texts:
        return 0
    affiliations.keep(store, principal, _resolved(desk, texts, advance), versions, clock=clock)
    return len(texts)


def _versions(store: Store, desk: Desk) -> str:
    """A short name for everything in force that an answer depends on."""
    lists = [f"{version.list_id}@{version.version}" for version in watchlists.current(store)]
    return digest("resolve-1", *sorted((*desk.labels, *lists))).hex()[:16]


def _resolved(
    desk: Desk, texts: Sequence[tuple[str, str]], advance: Callable[[int], None]
) -> Iterator[dict[str, object]]:
    pieces = [texts[start : start + _PIECE] for start in range(0, len(texts), _PIECE)]
    pool = _pool(desk) if len(texts) > _ALONE else None
    if pool is None:
        yield from _told((_piece(desk, piece) for piece in pieces), advance)
        return
    try:
        with pool:
            yield from _told(pool.map(_work, pieces), advance)
    except BrokenProcessPool:
        raise ObservatoryError(
            "a process that resolved addresses was ended", remedy="Free memory and build again: nothing was lost"
        ) from None


def _pool(desk: Desk) -> ProcessPoolExecutor | None:
    """Processes of their own; None on one core, and where the system has no way to synchronise them."""
    workers = min(cpu_count() or 1, _MOST)
    if workers < 2:
        return None
    try:
        return ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_begin, initargs=(desk,))
    except (OSError, ImportError):
        return None


def _told(answers: Iterable[list[dict[str, object]]], advance: Callable[[int], None]) -> Iterator[dict[str, object]]:
    for answer in answers:
        advance(len(answer))
        yield from answer


def _begin(desk: Desk) -> None:
    global _desk  # the process's own, set once when it starts
    _desk = desk


def _work(piece: Sequence[tuple[str, str]]) -> list[dict[str, object]]:
    if _desk is None:
        raise RuntimeError("the process was not begun")
    return _piece(_desk, piece)


def _piece(desk: Desk, piece: Sequence[tuple[str, str]]) -> list[dict[str, object]]:
    return [_row(key, text, desk.resolve(text)) for key, text in piece]


def _row(key: str, text: str, found: Resolution) -> dict[str, object]:
    return {
        "affiliation_id": key,
        "text": text,
        "country": found.country.code or "",
        "evidence": " · ".join(found.country.evidence)[:500],
        "institutions": [
            {
                "id": item.id,
                "name": item.name,
                "country": item.country,
                "relation": item.relation.value,
                "score": round(item.score, 4),
            }
            for item in found.matches
        ],
        "listed": [f"{item.list_id}:{item.entity_id}" for item in found.listed],
    }


def sure(country: str) -> bool:
    """Whether a country decision names a country."""
    return country not in ("", AMBIGUOUS)
