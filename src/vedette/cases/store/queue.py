"""The queue in the state database: what fits a selection, what is open now, what somebody holds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from heapq import merge
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from vedette.base import iso, parse_time
from vedette.cases.model import UNDECIDED, Case, CaseStatus
from vedette.cases.select import Selection
from vedette.cases.store.files import CASE, URGENCY, read_case


def selected(connection: Connection, wanted: Selection, now: datetime) -> Iterator[Case]:
    """Cases that may fit a selection, most urgent first, one after another; the database leaves out what cannot."""
    query = _narrowed(select(CASE), wanted).order_by(*URGENCY)
    with connection.execute(query.execution_options(yield_per=200)) as rows:
        for row in rows.mappings():
            case = read_case(row)
            if not wanted.status or case.status_at(now) in wanted.status:
                yield case


def ranked(connection: Connection, wanted: Selection, now: datetime) -> list[str]:
    """The ids of ``selected``, without reading the cases: a queue of many shows its first page at once."""
    columns = (CASE.c.case_id, CASE.c.status, CASE.c.lease_until, CASE.c.snoozed_until)
    rows = connection.execute(_narrowed(select(*columns), wanted).order_by(*URGENCY)).all()
    if not wanted.status:
        return [row.case_id for row in rows]
    return [row.case_id for row in rows if _status_of(row, now) in wanted.status]


def _status_of(row: Row[Any], now: datetime) -> CaseStatus:
    """``Case.status_at`` of a stored row."""
    until = {CaseStatus.CLAIMED: row.lease_until, CaseStatus.SNOOZED: row.snoozed_until}.get(row.status)
    return CaseStatus.OPEN if until is not None and parse_time(until) <= now else CaseStatus(row.status)


def _narrowed(query: Select[Any], wanted: Selection) -> Select[Any]:
    """A query with every condition that the database can judge; a claim or snooze that ran out may read as open."""
    if wanted.status:
        words = {item.value for item in wanted.status}
        words |= {item.value for item in UNDECIDED} if CaseStatus.OPEN in wanted.status else set()
        query = query.where(CASE.c.status.in_(sorted(words)))
    if wanted.priority_min is not None:
        query = query.where(CASE.c.priority >= wanted.priority_min)
    if wanted.priority_max is not None:
        query = query.where(CASE.c.priority <= wanted.priority_max)
    if wanted.hold is not None:
        query = query.where(CASE.c.human_required == int(wanted.hold))
    return query


def open_now(connection: Connection, now: datetime) -> Iterator[Case]:
    """Cases open at a moment, most urgent first, one after another; only as many are read as are taken."""
    asleep = select(CASE).where(CASE.c.status.in_([CaseStatus.CLAIMED.value, CaseStatus.SNOOZED.value]))
    found = (read_case(row) for row in connection.execute(asleep).mappings().all())
    awake = sorted((case for case in found if case.status_at(now) is CaseStatus.OPEN), key=_urgency)
    query = select(CASE).where(CASE.c.status == CaseStatus.OPEN.value).order_by(*URGENCY)
    with connection.execute(query.execution_options(yield_per=20)) as rows:
        yield from merge(awake, (read_case(row) for row in rows.mappings()), key=_urgency)


def _urgency(case: Case) -> tuple[int, str, str]:
    return -case.priority, iso(case.opened_at), case.case_id


def opened_waiting(connection: Connection) -> list[str]:
    """When each case was opened that still needs somebody."""
    statuses = [item.value for item in (*UNDECIDED, CaseStatus.WAITING_APPROVAL)]
    query = select(CASE.c.opened_at).where(CASE.c.status.in_(statuses))
    return [str(moment) for moment in connection.execute(query).scalars()]


def held_by(connection: Connection, person: str, now: datetime) -> list[Case]:
    """The cases that somebody holds, most urgent first."""
    query = select(CASE).where(CASE.c.claimed_by == person).order_by(*URGENCY)
    found = [read_case(row) for row in connection.execute(query).mappings()]
    return [case for case in found if case.holder_at(now) == person]
