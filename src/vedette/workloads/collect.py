"""Takes a stretch of telemetry from a Prometheus server page by page; each page is in the lake before it is noted as taken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from vedette import accounts
from vedette.audit import writing
from vedette.base import Clock, Place, Principal
from vedette.events.model import Intake
from vedette.events.store.rows import combined
from vedette.store import Store
from vedette.workloads.discover import Telemetry, telemetry_adapter
from vedette.workloads.fetch import FetchFault, Page, Reader, TooLarge
from vedette.workloads.store.feed import ingest_telemetry
from vedette.workloads.store.fetched import Covered, Origin, covered, remember

_SHORTEST_STEPS = 4
#: What is younger may still be on its way into the server.
_SETTLED_SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """What to take: from ``start`` (where None: from where the last call ended) up to ``end``, itself excluded.

    ``step`` is the distance of samples and ``page`` the length of one question, both in seconds.
    """

    adapter: str = "prometheus"
    start: datetime | None = None
    end: datetime | None = None
    step: int = 15
    page: int = 3_600


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What came of it: pages fetched, pages that earlier calls had taken, and the counts of all rows."""

    pages: int
    skipped: int
    intake: Intake


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What a collection works with."""

    store: Store
    principal: Principal
    clock: Clock
    reader: Reader


def collect(
    around: Around, url: str, stretch: Stretch, *, told: Callable[[int], None] = lambda _page: None
) -> Collected:
    """Take the stretch. Raises FetchFault; the pages before it stay taken.

    Samples lie on multiples of the step since 1970, so that a call with another start meets the same samples. The last sample
    of a page has no successor in it: where power is known by the energy counter only, that sample is without.
    """
    adapter = telemetry_adapter(stretch.adapter)
    if not adapter.metrics:
        raise FetchFault(
            f"{adapter.title} does not come from Prometheus", remedy="Ingest its files with `vedette ingest`"
        )
    origin = Origin(url, adapter.id, stretch.step)
    known = covered(around.store, origin)
    begin, end = _bounds(stretch, around.clock, known)
    pages = skipped = 0
    intakes = [Intake(adapter=adapter.id)]
    length = max(stretch.step, stretch.page // stretch.step * stretch.step)
    while begin < end:
        until = min(begin + length, end)
        if known is not None and known.holds(begin, until):
            begin, skipped = until, skipped + 1
            continue
        try:
            intakes.append(
                _page(around, adapter, Page(metrics=adapter.metrics, begin=begin, end=until, step=stretch.step))
            )
        except TooLarge:
            if length < _SHORTEST_STEPS * stretch.step:
                raise
            length = length // stretch.step // 2 * stretch.step
            continue
        known = (known or Covered(begin, begin)).extended(begin, until)
        with writing(around.store, around.principal, "workloads.fetch", clock=around.clock) as act:
            remember(act, origin, known)
        begin, pages = until, pages + 1
        told(pages)
    return Collected(pages=pages, skipped=skipped, intake=combined(intakes)[0])


def _bounds(stretch: Stretch, clock: Clock, known: Covered | None) -> tuple[int, int]:
    """The stretch in whole steps, up to a minute ago at most."""
    if stretch.start is None and known is None:
        raise FetchFault("nothing was taken from this server yet", remedy="Say from when on with --start")
    now = clock.now().timestamp() - _SETTLED_SECONDS
    begin = known.end if stretch.start is None and known is not None else _seconds(stretch.start, now)
    end = min(_seconds(stretch.end, now), now)
    if stretch.start is not None and begin >= end:
        raise FetchFault("the start lies not before the end", remedy="Choose --start before --end, and before now")
    return int(begin) // stretch.step * stretch.step, int(end) // stretch.step * stretch.step


def _seconds(moment: datetime | None, otherwise: float) -> float:
    return otherwise if moment is None else moment.timestamp()


def _page(around: Around, adapter: Telemetry, page: Page) -> Intake:
    """Fetch and read one page. An answer that cannot be read is a fault, so that it is asked for again."""
    with TemporaryDirectory(dir=around.store.workspace.scratch) as folder:
        target = Path(folder) / f"{adapter.id}-{page.begin}.json"
        around.reader.fetch(page, target)
        known = accounts.identities(around.store)
        taken = ingest_telemetry(
            around.store, around.principal, (target,), adapter.id, clock=around.clock, identities=known
        )
    if taken.faults:
        raise FetchFault("the answer cannot be read", place=Place(f"page from {page.begin}"), remedy=taken.faults[0])
    return taken
