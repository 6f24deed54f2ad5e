"""Chooses findings by when they were recorded, check, account and state."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from vedette.base import Place, VedetteError, parse_time
from vedette.findings.model import FindingState, StoredFinding
from vedette.findings.store import since as changed_since
from vedette.store import Store

_LOOKED_THROUGH = 1_000


class WrongTime(VedetteError):
    """A time that cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which findings a reader asks for; every part may be left open. ``since`` is ISO 8601 with a zone."""

    since: str | None = None
    check: str | None = None
    account: str | None = None
    withdrawn: bool = False


def wanted(store: Store, query: Wanted) -> list[StoredFinding]:
    """The findings that fit, in order of their last change. Raises WrongTime."""
    start = _start(query.since)
    return [item for item in changed_since(store) if _fits(item, query, start)]


@dataclass(frozen=True, slots=True)
class Page:
    """Some findings in order of change. Readers go on behind ``after``; ``more`` says whether anything follows now."""

    items: tuple[StoredFinding, ...]
    after: int
    more: bool


def page(store: Store, query: Wanted, after: int, limit: int) -> Page:
    """At most ``limit`` findings that fit and changed after a place in the order; few are looked through at a time.

    A page may hold fewer, even none, while there is more: so that no question makes a reader wait for all others'.
    Raises WrongTime.
    """
    start = _start(query.since)
    found: list[StoredFinding] = []
    for number, item in enumerate(_in_order(store, after, limit + 1)):
        if len(found) == limit or number == _LOOKED_THROUGH:
            return Page(tuple(found), after, True)
        after = item.seq
        if _fits(item, query, start):
            found.append(item)
    return Page(tuple(found), after, False)


def _in_order(store: Store, after: int, some: int) -> Iterator[StoredFinding]:
    """Findings changed after a place in the order: first hardly more than a page shows, then ever more where few fit."""
    while read := changed_since(store, after, some):
        yield from read
        after, some = read[-1].seq, min(2 * some, _LOOKED_THROUGH)


def _start(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return parse_time(text)
    except ValueError as fault:
        raise WrongTime(str(fault), place=Place("--since"), remedy="Write for example 2026-01-31T00:00:00Z") from None


def _fits(item: StoredFinding, query: Wanted, start: datetime | None) -> bool:
    return (
        (start is None or parse_time(item.recorded_at) >= start)
        and (query.withdrawn or item.state is FindingState.STANDING)
        and query.check in (None, item.finding.check)
        and (query.account is None or query.account in item.finding.accounts)
    )
