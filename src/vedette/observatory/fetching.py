"""Fetches all pages of a question, each kept as a file before the place is noted, so that an interrupted fetch goes on; then imports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from vedette.base import Clock, Json, Place, Principal
from vedette.events.model import Intake
from vedette.observatory.fetch import CursorLost, FetchFault, Reader
from vedette.observatory.intake import import_files
from vedette.observatory.service import Question
from vedette.observatory.store import kept
from vedette.observatory.store.kept import Progress
from vedette.observatory.sums import total
from vedette.store import Store, write_durably

_MOST_PAGES = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What a fetch brought: pages and works in all and now, whether it reached the end, and the import's row.

    ``problem`` says why it stopped before the end; what came before is imported all the same.
    """

    id: str
    pages: int
    works: int
    new_pages: int
    done: bool
    intake: Intake | None
    problem: str = ""

    def as_json(self) -> dict[str, Json]:
        """The form on the wire."""
        return {
            "fetch": self.id,
            "pages": self.pages,
            "works": self.works,
            "new_pages": self.new_pages,
            "done": self.done,
            "problem": self.problem or None,
            "import": self.intake.as_json() if self.intake else None,
        }


def fetch(
    store: Store,
    principal: Principal,
    question: Question,
    reader: Reader,
    *,
    clock: Clock,
    most_pages: int = _MOST_PAGES,
    again: bool = False,
    advance: Callable[[int], None] = lambda _n: None,
) -> Fetched:
    """Fetch up to ``most_pages`` pages from where the same question stopped, and import them. ``again`` begins anew."""
    progress = None if again else kept.progress(store, question.id)
    begun = progress or Progress(question.id, question.service.id, question.address, question.text)
    folder = store.workspace.root / "fetched" / question.id
    count, problem, now = 0, "", begun
    passed: set[str] = set()
    try:
        while not now.done and count < most_pages:
            if now.cursor in passed:
                raise FetchFault("gives the same place twice and would never end", place=Place(question.address))
            passed.add(now.cursor)
            try:
                after = _next(store, principal, reader, now, folder, clock)
            except CursorLost:
                # An old place may be forgotten; one that was given a moment ago may not.
                if count:
                    raise
                now = replace(now, cursor="*", pages=0, works=0)
                passed.clear()
                continue
            count += after.pages > now.pages
            advance(after.pages > now.pages)
            now = after
    except FetchFault as fault:
        problem = str(fault)
    # Pages of an earlier, interrupted fetch may not have been imported: all are offered, and what was is known by its hash.
    paths = sorted(folder.glob("page-*.json"))
    intake = None
    if paths:
        intakes = import_files(store, principal, paths, clock=clock, source=question.service.source)
        intake = total(intakes, question.service.source)
    return Fetched(
        id=question.id,
        pages=now.pages,
        works=now.works,
        new_pages=count,
        done=now.done,
        intake=intake,
        problem=problem,
    )


def _next(store: Store, principal: Principal, reader: Reader, now: Progress, folder: Path, clock: Clock) -> Progress:
    """One page on: kept first, its place noted after it."""
    page = reader.page(now.cursor)
    if page.works:
        folder.mkdir(parents=True, exist_ok=True)
        write_durably(folder / f"page-{now.pages + 1:07d}.json", page.data)
    after = replace(
        now,
        cursor=page.following or now.cursor,
        pages=now.pages + bool(page.works),
        works=now.works + page.works,
        done=not page.following,
    )
    kept.note(store, principal, after, clock=clock)
    return after
