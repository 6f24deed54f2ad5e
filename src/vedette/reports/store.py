"""Reports in the state database: where each stands, what happened to it, and its content, sealed; and what the lake tells about accounts."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, LargeBinary, MetaData, Table, Text, func, select

from vedette.audit import Act
from vedette.base import Json, canonical_json
from vedette.reports.model import Filed, Ground, ReportError, State, Step
from vedette.store import Store

METADATA = MetaData()
FILED = Table(
    "report_filed",
    METADATA,
    Column("report_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("language", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("missing", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_at", Text, nullable=False),
    Column("changed_at", Text, nullable=False),
    Column("case_version", BigInteger, nullable=True),
    Column("decision_id", Text, nullable=True),
    Column("route", Text, nullable=True),
    Column("ground", Text, nullable=True),
    Column("request_id", Text, nullable=True),
    Column("receipt", Text, nullable=True),
    Column("amends", Text, nullable=True),
)
STEP = Table(
    "report_step",
    METADATA,
    Column("report_id", Text, primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("time", Text, nullable=False),
    Column("principal", Text, nullable=False),
    Column("verb", Text, nullable=False),
    Column("facts", Text, nullable=False),
    Column("leaf", BigInteger, nullable=False),
)
CONTENT = Table(
    "report_content",
    METADATA,
    Column("report_id", Text, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
)
_PLAIN = ("report_id", "name", "subject", "number", "language", "sha256", "made_by", "made_at", "changed_at")
_MAYBE = ("case_version", "decision_id", "route", "request_id", "receipt", "amends")
_CHUNK = 400


def filed(store: Store, report_id: str) -> Filed:
    """One report. Raises ReportError."""
    with store.database.reading() as connection:
        return known(connection, report_id)


def known(connection: Connection, report_id: str) -> Filed:
    """One report within an open transaction. Raises ReportError."""
    row = connection.execute(select(FILED).where(FILED.c.report_id == report_id)).mappings().one_or_none()
    if row is None:
        raise ReportError(f"no report {report_id!r}", remedy="See `vedette report states`")
    return _read(row)


def of_subject(connection: Connection, name: str, subject: str) -> list[Filed]:
    """The reports of one kind about one subject, the latest last."""
    query = select(FILED).where(FILED.c.name == name, FILED.c.subject == subject).order_by(FILED.c.number)
    return [_read(row) for row in connection.execute(query).mappings()]


def all_filed(store: Store, subject: str | None = None) -> list[Filed]:
    """Every report, or those about one subject, the one that changed last in front."""
    query = select(FILED).order_by(FILED.c.changed_at.desc(), FILED.c.report_id)
    if subject is not None:
        query = query.where(FILED.c.subject == subject)
    with store.database.reading() as connection:
        return [_read(row) for row in connection.execute(query).mappings()]


def ids_beginning(store: Store, text: str) -> list[str]:
    """Report ids that begin with a text, taken literally; at most two are given."""
    query = select(FILED.c.report_id).where(FILED.c.report_id.startswith(text, autoescape=True)).limit(2)
    with store.database.reading() as connection:
        return list(connection.execute(query).scalars())


def steps(store: Store, report_id: str) -> list[Step]:
    """What happened to a report, oldest first."""
    query = select(STEP).where(STEP.c.report_id == report_id).order_by(STEP.c.number)
    with store.database.reading() as connection:
        rows = connection.execute(query).all()
    return [Step(row.number, row.time, row.principal, row.verb, json.loads(row.facts), row.leaf) for row in rows]


def note(act: Act, report: Filed, verb: str, facts: Mapping[str, Json]) -> None:
    """Keep the report with its step, and tell the leaf: ids, hashes and counts only."""
    keep(act, report, verb, facts)
    act.fact("report_id", report.report_id)
    act.fact("report", report.name)
    act.fact("subject", report.subject)
    act.fact("state", report.state.value)
    for name, value in facts.items():
        act.fact(name, value)


def keep(act: Act, report: Filed, verb: str, facts: Mapping[str, Json]) -> None:
    """Write a report as it stands now, with the step that brought it there."""
    query = select(func.max(STEP.c.number)).where(STEP.c.report_id == report.report_id)
    last = act.connection.execute(query).scalar_one_or_none() or 0
    step = {
        "report_id": report.report_id,
        "number": int(last) + 1,
        "time": act.moment,
        "principal": str(act.principal),
        "verb": verb,
        "facts": _text(facts),
        "leaf": act.index,
    }
    act.upsert(FILED, [_row(report)])
    act.upsert(STEP, [step])


def keep_content(act: Act, store: Store, report_id: str, content: Mapping[str, Json]) -> None:
    """Seal the content under a key of the report's own."""
    act.upsert(CONTENT, [{"report_id": report_id, "sealed": store.vault.seal(report_id, content)}])


def shred_content(act: Act, report_id: str) -> None:
    """Destroy the content for good; the hash, the steps and the log stay."""
    act.delete(CONTENT, [{"report_id": report_id}])


def content(store: Store, report_id: str) -> dict[str, Any]:
    """The content, opened. Raises ReportError where it was shredded, VaultError where it was altered."""
    with store.database.reading() as connection:
        row = connection.execute(select(CONTENT).where(CONTENT.c.report_id == report_id)).one_or_none()
    if row is None:
        raise ReportError(f"the content of {report_id} is not held", remedy="It was shredded, or never made")
    return store.vault.open(report_id, bytes(row.sealed))


_ADDRESSES = (
    "SELECT account_id, ip, ip_country, ip_class, min(time_us) AS first_us, max(time_us) AS last_us, count(*) AS count "
    "FROM signins WHERE account_id IN ({}) AND ip IS NOT NULL GROUP BY ALL ORDER BY count DESC, account_id, ip LIMIT 200"
)
_DEVICES = (
    "SELECT account_id, device_id, count(*) AS count FROM signins WHERE account_id IN ({}) AND device_id IS NOT NULL "
    "GROUP BY ALL ORDER BY count DESC, account_id, device_id LIMIT 200"
)
_PAYMENTS = (
    "SELECT account_id, payment_id, time_us, instrument_kind, payer_country, amount, currency, wallet "
    "FROM payments WHERE account_id IN ({}) ORDER BY time_us DESC, payment_id LIMIT 2000"
)

_MACHINES = (
    "SELECT account_id, gpu_model, max(gpu_count) AS most, count(*) AS count FROM allocations "
    "WHERE account_id IN ({}) AND gpu_model IS NOT NULL GROUP BY ALL ORDER BY count DESC, account_id, gpu_model LIMIT 50"
)


def observed(store: Store, accounts: Sequence[str]) -> dict[str, tuple[dict[str, Any], ...]]:
    """What the lake holds of some accounts: ``addresses`` with first and last use and ``devices``, the most used first;
    ``payments``, the latest first, at most two thousand; ``machines`` allocated, by model of card. At most four hundred accounts are asked for."""
    asked = {"addresses": _ADDRESSES, "devices": _DEVICES, "payments": _PAYMENTS, "machines": _MACHINES}
    wanted = list(accounts)[:_CHUNK]
    if not wanted:
        return dict.fromkeys(asked, ())
    marks = ", ".join("?" * len(wanted))
    with store.engine(["allocations", "payments", "signins"]) as engine:
        return {
            name: tuple(dict(row) for row in engine.dictionaries(sql.format(marks), wanted))
            for name, sql in asked.items()
        }


def _row(report: Filed) -> dict[str, Any]:
    return {
        **{name: getattr(report, name) for name in (*_PLAIN, *_MAYBE)},
        "state": report.state.value,
        "missing": _text(list(report.missing)),
        "ground": _text(report.ground.as_json()) if report.ground else None,
    }


def _read(row: Mapping[Any, Any]) -> Filed:
    return Filed(
        **{name: row[name] for name in (*_PLAIN, *_MAYBE)},
        state=State(row["state"]),
        missing=tuple(json.loads(row["missing"])),
        ground=None if row["ground"] is None else Ground(**json.loads(row["ground"])),
    )


def _text(value: object) -> str:
    return canonical_json(value).decode()
