"""Cases, their history, decisions and sealed notes in the state database."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, MetaData, Row, Select, Table, Text, func, select

from vedette.audit import Act
from vedette.base import canonical_json, iso, parse_time, stable_id
from vedette.cases.model import (
    UNDECIDED,
    Case,
    CaseError,
    CaseStatus,
    Event,
    HistoryEntry,
    SourceWeight,
    Weighing,
)
from vedette.store import Store

METADATA = MetaData()
CASE = Table(
    "case_file",
    METADATA,
    Column("case_id", Text, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("status", Text, nullable=False),
    Column("priority", BigInteger, nullable=False),
    Column("opened_at", Text, nullable=False),
    Column("changed_at", Text, nullable=False),
    Column("accounts", Text, nullable=False),
    Column("families", Text, nullable=False),
    Column("findings", Text, nullable=False),
    Column("seen", Text, nullable=False),
    Column("stops", Text, nullable=False),
    Column("weighing", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("lead", Text, nullable=False),
    Column("rule_version", Text, nullable=False),
    Column("actor_id", Text, nullable=True),
    Column("supported", BigInteger, nullable=False),
    Column("human_required", BigInteger, nullable=False),
    Column("hold_expires", Text, nullable=True),
    Column("escalations", BigInteger, nullable=False),
    Column("claimed_by", Text, nullable=True),
    Column("lease_until", Text, nullable=True),
    Column("snoozed_until", Text, nullable=True),
    Column("merged_into", Text, nullable=True),
    Column("decision_id", Text, nullable=True),
)
ACCOUNT = Table(
    "case_account",
    METADATA,
    Column("account_id", Text, primary_key=True),
    Column("case_id", Text, nullable=False),
)
EVENT = Table(
    "case_event",
    METADATA,
    Column("case_id", Text, primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("time", Text, nullable=False),
    Column("principal", Text, nullable=False),
    Column("verb", Text, nullable=False),
    Column("facts", Text, nullable=False),
    Column("leaf", BigInteger, nullable=False),
)
REACH = Table(
    "case_reach",
    METADATA,
    Column("finding_id", Text, primary_key=True),
    Column("accounts", Text, nullable=False),
)
CURSOR = Table(
    "case_cursor",
    METADATA,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, nullable=False),
    Column("rule_version", Text, nullable=False),
)
URGENCY = (CASE.c.priority.desc(), CASE.c.opened_at, CASE.c.case_id)
_CHUNK = 500
_LISTS = ("accounts", "families", "findings", "seen", "stops")
_TIMES = ("opened_at", "changed_at", "hold_expires", "lease_until", "snoozed_until")
_FLAGS = ("supported", "human_required")


def list_cases(store: Store, statuses: Collection[CaseStatus] | None = None, *, now: datetime) -> list[Case]:
    """Cases by priority, then by age; those of the named statuses as of now, or all."""
    query = select(CASE).order_by(*URGENCY)
    with store.database.reading() as connection:
        found = [read_case(row) for row in connection.execute(query).mappings()]
    return [case for case in found if statuses is None or case.status_at(now) in statuses]


def get(store: Store, case_id: str) -> Case:
    """One case. Raises CaseError."""
    with store.database.reading() as connection:
        return known(connection, case_id)


def of_account(store: Store, account_id: str) -> Case | None:
    """The case that holds an account, if there is one."""
    with store.database.reading() as connection:
        found = holding(connection, (account_id,))
    return found[0] if found else None


def ids_beginning(store: Store, text: str) -> list[str]:
    """Case ids that begin with a text, taken literally; at most two are given."""
    query = select(CASE.c.case_id).where(CASE.c.case_id.startswith(text, autoescape=True)).order_by(CASE.c.case_id)
    with store.database.reading() as connection:
        return list(connection.execute(query.limit(2)).scalars())


def history(store: Store, case_id: str) -> list[HistoryEntry]:
    """What happened to a case, oldest first."""
    query = select(EVENT).where(EVENT.c.case_id == case_id).order_by(EVENT.c.number)
    with store.database.reading() as connection:
        rows = connection.execute(query).all()
    return [
        HistoryEntry(row.number, row.time, row.principal, Event(row.verb, json.loads(row.facts)), row.leaf)
        for row in rows
    ]


def known(connection: Connection, case_id: str) -> Case:
    """One case within an open transaction. Raises CaseError."""
    row = connection.execute(select(CASE).where(CASE.c.case_id == case_id)).mappings().one_or_none()
    if row is None:
        raise CaseError(f"no case {case_id!r}", remedy="See `vedette cases list`")
    return read_case(row)


def holding(connection: Connection, accounts: Iterable[str]) -> list[Case]:
    """The cases that hold any of these accounts; merged ones hold none."""
    query = select(ACCOUNT.c.case_id)
    return by_ids(connection, {row.case_id for row in _where_in(connection, query, ACCOUNT.c.account_id, accounts)})


def by_ids(connection: Connection, ids: Collection[str]) -> list[Case]:
    """Cases by id, sorted; unknown ids are left out."""
    rows = _where_in(connection, select(CASE).order_by(CASE.c.case_id), CASE.c.case_id, ids)
    return [read_case(row._mapping) for row in rows]


def held(connection: Connection) -> list[Case]:
    """Cases in which a hold waits for a person."""
    query = select(CASE).where(CASE.c.human_required == 1).order_by(CASE.c.case_id)
    return [read_case(row) for row in connection.execute(query).mappings()]


def undecided(connection: Connection) -> dict[str, str]:
    """Which undecided case holds each account that stands in one."""
    words = [status.value for status in UNDECIDED]
    query = select(ACCOUNT.c.account_id, ACCOUNT.c.case_id).join(CASE, CASE.c.case_id == ACCOUNT.c.case_id)
    return {row.account_id: row.case_id for row in connection.execute(query.where(CASE.c.status.in_(words)))}


def reading_position(connection: Connection) -> tuple[int, str]:
    """How far findings have been read, and the version of the opening rule that read them."""
    row = connection.execute(select(CURSOR).where(CURSOR.c.id == 1)).one_or_none()
    return (0, "") if row is None else (row.seq, row.rule_version)


def move_position(act: Act, seq: int, rule_version: str) -> None:
    """Remember how far findings have been read."""
    act.upsert(CURSOR, [{"id": 1, "seq": seq, "rule_version": rule_version}])


def reached(connection: Connection, finding_ids: Collection[str]) -> dict[str, tuple[str, ...]]:
    """The several accounts that findings named when they were last read."""
    rows = _where_in(connection, select(REACH), REACH.c.finding_id, finding_ids)
    return {row.finding_id: tuple(json.loads(row.accounts)) for row in rows}


def remember_reach(act: Act, accounts_of: Mapping[str, Sequence[str]]) -> None:
    """Keep which accounts findings name now, so that a later loss of one is noticed."""
    act.upsert(REACH, [{"finding_id": key, "accounts": _text(list(value))} for key, value in accounts_of.items()])


def keep(act: Act, case: Case, events: Iterable[Event]) -> None:
    """Write one case and what happened to it."""
    keep_all(act, [(case, tuple(events))])


def keep_all(act: Act, changes: Sequence[tuple[Case, tuple[Event, ...]]]) -> None:
    """Write cases with their events in the act; each event names the act's leaf."""
    leaf = act.index
    numbers = _last_numbers(act.connection, [case.case_id for case, _ in changes])
    rows = []
    for case, events in changes:
        for offset, event in enumerate(events):
            rows.append(
                {
                    "case_id": case.case_id,
                    "number": numbers.get(case.case_id, 0) + offset + 1,
                    "time": act.moment,
                    "principal": str(act.principal),
                    "verb": event.verb,
                    "facts": _text(event.facts),
                    "leaf": leaf,
                }
            )
    act.upsert(CASE, [_row(case) for case, _ in changes])
    act.upsert(EVENT, rows)


def keep_accounts(act: Act, cases: Iterable[Case]) -> None:
    """Write which case holds each account of these cases; merged cases hold none."""
    held_by = {
        account: case.case_id for case in cases if case.status is not CaseStatus.MERGED for account in case.accounts
    }
    act.upsert(ACCOUNT, [{"account_id": account, "case_id": held_by[account]} for account in sorted(held_by)])


def drop_accounts(act: Act, accounts: Iterable[str]) -> None:
    """Let accounts belong to no case any longer."""
    act.delete(ACCOUNT, [{"account_id": account} for account in sorted(accounts)])


def holders(connection: Connection, accounts: Iterable[str]) -> dict[str, str]:
    """Which case holds each of these accounts; accounts of no case are left out."""
    query = select(ACCOUNT.c.account_id, ACCOUNT.c.case_id)
    return {row.account_id: row.case_id for row in _where_in(connection, query, ACCOUNT.c.account_id, accounts)}


def living(connection: Connection, ids: Collection[str]) -> dict[str, str]:
    """The case in which each of these cases lives on: itself, or the survivor of its merges."""
    found = {}
    for case_id in ids:
        case = known(connection, case_id)
        while case.merged_into is not None:
            case = known(connection, case.merged_into)
        found[case_id] = case.case_id
    return found


def free_id(connection: Connection, account: str) -> str:
    """The id of a new case that begins with an account: numbered on where an earlier case bears that id."""
    number = 1
    identity = stable_id("case", account)
    while connection.execute(select(CASE.c.case_id).where(CASE.c.case_id == identity)).first() is not None:
        number += 1
        identity = stable_id("case", account, str(number))
    return identity


def recent_askers(connection: Connection, case_id: str, since: datetime) -> list[tuple[str, datetime]]:
    """Who claimed or asked for a case since a moment, with the time, oldest first."""
    query = select(EVENT).where(EVENT.c.case_id == case_id, EVENT.c.verb.in_(("claimed", "viewed")))
    rows = connection.execute(query.order_by(EVENT.c.number)).all()
    found = [(str(row.principal), parse_time(row.time)) for row in rows]
    return [(who, when) for who, when in found if when >= since]


def _last_numbers(connection: Connection, ids: Iterable[str]) -> dict[str, int]:
    query = select(EVENT.c.case_id, func.max(EVENT.c.number).label("last")).group_by(EVENT.c.case_id)
    return {row.case_id: int(row.last) for row in _where_in(connection, query, EVENT.c.case_id, ids)}


def _where_in(
    connection: Connection, query: Select[Any], column: Column[Any], values: Iterable[str]
) -> Iterator[Row[Any]]:
    """Rows of a query whose column holds one of many values, asked in portions that every database takes."""
    wanted = sorted(set(values))
    for start in range(0, len(wanted), _CHUNK):
        yield from connection.execute(query.where(column.in_(wanted[start : start + _CHUNK]))).all()


def _row(case: Case) -> dict[str, Any]:
    row: dict[str, Any] = {column.name: getattr(case, column.name) for column in CASE.columns}
    row["status"] = case.status.value
    row["weighing"] = _text(case.weighing.as_json())
    for name in _LISTS:
        row[name] = _text(list(row[name]))
    for name in _TIMES:
        row[name] = None if row[name] is None else iso(row[name])
    for name in _FLAGS:
        row[name] = int(row[name])
    return row


def read_case(row: Mapping[Any, Any]) -> Case:
    """A case from its row."""
    values = dict(row)
    values["status"] = CaseStatus(values["status"])
    values["weighing"] = _weighing(json.loads(values["weighing"]))
    for name in _LISTS:
        values[name] = tuple(json.loads(values[name]))
    for name in _TIMES:
        values[name] = None if values[name] is None else parse_time(values[name])
    for name in _FLAGS:
        values[name] = bool(values[name])
    return Case(**values)


def _weighing(value: Mapping[str, Any]) -> Weighing:
    sources = tuple(
        SourceWeight(item["source"], item["found"], item["counted"], tuple(item["checks"])) for item in value["sources"]
    )
    return Weighing(sources, tuple(value["stops"]), value["threshold"], value["needed"])


def _text(value: object) -> str:
    return canonical_json(value).decode()
