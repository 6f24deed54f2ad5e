"""What a filter shows: its cases in the order of work, as rows, and as CSV that no spreadsheet runs; saved filters."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from vedette.audit import writing
from vedette.base import Clock, Json, Principal
from vedette.cases import store as state
from vedette.cases.model import UNDECIDED, Case, CaseError, CaseStatus
from vedette.cases.select import Selection, fits, parse
from vedette.cases.words import Filter
from vedette.store import Store

#: What a queue shows where no status is asked for: everything that still needs somebody.
WAITING = (*sorted(UNDECIDED), CaseStatus.WAITING_APPROVAL)
_COLUMNS = (
    "case_id",
    "status",
    "priority",
    "opened_at",
    "changed_at",
    "accounts",
    "families",
    "bits",
    "human_required",
    "hold_expires",
    "escalations",
    "supported",
    "assigned_to",
    "claimed_by",
    "version",
    "summary",
)
#: The parts of a selection that need no look into the cases.
_JUDGED_BY_DATABASE: dict[str, Any] = {"status": (), "priority_min": None, "priority_max": None, "hold": None}
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True)
class View:
    """The cases of a filter in the order of work, how many there are in all, and whom each is assigned to."""

    cases: tuple[Case, ...]
    total: int
    assigned: Mapping[str, str]

    def rows(self, now: datetime) -> list[dict[str, Json]]:
        """The output contract's rows, with the assignment beside them."""
        return [{**case.row(now), "assigned_to": self.assigned.get(case.case_id)} for case in self.cases]


def view(store: Store, wanted: Selection, *, now: datetime, limit: int | None = None, offset: int = 0) -> View:
    """The cases that fit, most urgent first; ``limit`` and ``offset`` cut a page out of them, ``total`` counts all."""
    end = None if limit is None else offset + limit
    with store.database.reading() as connection:
        assigned = state.assignees(connection)
        if replace(wanted, **_JUDGED_BY_DATABASE) == Selection():
            ids = state.ranked(connection, wanted, now)
            page = {case.case_id: case for case in state.by_ids(connection, ids[offset:end])}
            return View(tuple(page[case_id] for case_id in ids[offset:end]), len(ids), assigned)
        found = [case for case in state.selected(connection, wanted, now) if fits(case, wanted, now, assigned)]
    return View(tuple(found[offset:end]), len(found), assigned)


def as_csv(rows: Iterable[Mapping[str, Any]]) -> str:
    """Rows as CSV (RFC 4180). Cells that a spreadsheet would take for a formula begin with an apostrophe."""
    target = io.StringIO()
    writer = csv.writer(target, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    writer.writerows([_cell(row.get(name)) for name in _COLUMNS] for row in rows)
    return target.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        value = " ".join(str(item) for item in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = "".join(letter if letter.isprintable() or letter in "\n\t" else "�" for letter in str(value))
    numeric = isinstance(value, int | float)
    return f"'{text}" if not numeric and text.lstrip(" ").startswith(_FORMULA) else text


def save_filter(store: Store, principal: Principal, name: str, query: str, *, clock: Clock) -> Filter:
    """Keep a filter under a name for oneself, written in its one canonical form. Raises WrongFilter, CaseError."""
    word = name.strip()
    if not word or len(word) > 60 or not word.isprintable():
        raise CaseError("a filter needs a name of at most 60 characters", remedy='For example "stops of today"')
    kept = parse(query).query()
    with writing(store, principal, "cases.filter", clock=clock) as act:
        state.keep_filter(act, word, kept)
        moment = act.moment
    return Filter(word, kept, moment)


def forget_filter(store: Store, principal: Principal, name: str, *, clock: Clock) -> None:
    """Forget one of one's own filters. Raises CaseError where there is none."""
    saved_filter(store, principal, name)
    with writing(store, principal, "cases.filter", clock=clock) as act:
        state.drop_filter(act, name)


def saved_filter(store: Store, principal: Principal, name: str) -> Filter:
    """One's own filter of a name. Raises CaseError."""
    known = {item.name: item for item in state.filters(store, str(principal))}
    if name not in known:
        raise CaseError(f"no filter {name[:60]!r}", remedy=f"Yours: {', '.join(known) or 'none yet'}")
    return known[name]


def saved_filters(store: Store, principal: Principal) -> list[Filter]:
    """One's own filters, by name."""
    return state.filters(store, str(principal))
