"""Findings in the state database: recorded once, folded on re-runs, withdrawn when no longer found, read by cursor."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, Float, MetaData, Table, Text, func, select

from vedette.audit import Act
from vedette.base import Evidence, Finding, Strength, Subject, canonical_json, iso, parse_time
from vedette.findings.model import FindingBrief, FindingState, Recorded, StoredFinding
from vedette.store import Store

FINDING = Table(
    "finding",
    MetaData(),
    Column("id", Text, primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("check_id", Text, nullable=False),
    Column("check_version", Text, nullable=False),
    Column("subject_kind", Text, nullable=False),
    Column("subject_id", Text, nullable=False),
    Column("accounts", Text, nullable=False),
    Column("family", Text, nullable=False),
    Column("strength", Text, nullable=False),
    Column("bits", Float, nullable=True),
    Column("summary", Text, nullable=False),
    Column("evidence", Text, nullable=False),
    Column("citation", Text, nullable=False),
    Column("blind_spots", Text, nullable=False),
    Column("first_seen", Text, nullable=False),
    Column("last_seen", Text, nullable=False),
    Column("count", BigInteger, nullable=False),
    Column("window", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("recorded_at", Text, nullable=False),
)
_BOOKKEEPING = {"seq", "recorded_at"}


def record(act: Act, findings: Iterable[Finding]) -> Recorded:
    """Store findings within the act of the work that found them.

    A finding already stored with the same content is left alone; a changed one replaces it and moves to the end of the
    order of changes, so that readers by cursor see it again.
    """
    incoming = {str(row["id"]): row for row in map(_row, findings)}
    known = _rows_by_id(act.connection, incoming)
    rows, new = [], 0
    seq = _last_seq(act.connection)
    for identity in sorted(incoming):
        row = incoming[identity]
        if identity in known and _same(row, known[identity]):
            continue
        new += identity not in known
        seq += 1
        rows.append({**row, "seq": seq, "recorded_at": act.moment})
    act.upsert(FINDING, rows)
    return Recorded(new=new, changed=len(rows) - new, unchanged=len(incoming) - len(rows))


def settle(act: Act, check: str, found: Collection[str], *, subjects: Collection[str] | None = None) -> Recorded:
    """Withdraw the standing findings of one check that its complete re-run did not give again.

    ``found`` are the ids it gave. ``subjects`` limits the question to those subject ids that were examined.
    """
    query = select(FINDING).where(FINDING.c.check_id == check, FINDING.c.state == FindingState.STANDING.value)
    seq = _last_seq(act.connection)
    rows = []
    for row in act.connection.execute(query.order_by(FINDING.c.id)).mappings().all():
        if row["id"] in found or (subjects is not None and row["subject_id"] not in subjects):
            continue
        seq += 1
        rows.append({**row, "state": FindingState.WITHDRAWN.value, "seq": seq, "recorded_at": act.moment})
    act.upsert(FINDING, rows)
    return Recorded(withdrawn=len(rows))


def since(store: Store, cursor: int = 0, limit: int | None = None) -> list[StoredFinding]:
    """Findings changed after a cursor (a ``seq``), oldest change first, withdrawn ones included."""
    with store.database.reading() as connection:
        return list(changes(connection, cursor, limit))


def changes(connection: Connection, cursor: int = 0, limit: int | None = None) -> Iterator[StoredFinding]:
    """The same within a transaction that is already open."""
    query = select(FINDING).where(FINDING.c.seq > cursor).order_by(FINDING.c.seq).limit(limit)
    for row in connection.execute(query).mappings().all():
        yield _stored(dict(row))


def touched(connection: Connection, cursor: int = 0) -> list[tuple[int, str, tuple[str, ...]]]:
    """(seq, id, accounts) of each change after a cursor, oldest first, without reading the findings themselves."""
    query = select(FINDING.c.seq, FINDING.c.id, FINDING.c.accounts).where(FINDING.c.seq > cursor)
    rows = connection.execute(query.order_by(FINDING.c.seq))
    return [(row.seq, row.id, tuple(json.loads(row.accounts))) for row in rows]


def standing(store: Store, *, check: str | None = None, account: str | None = None) -> list[StoredFinding]:
    """Findings that still stand, in order of change; of one check or about one account where asked."""
    query = select(FINDING).where(FINDING.c.state == FindingState.STANDING.value).order_by(FINDING.c.seq)
    if check is not None:
        query = query.where(FINDING.c.check_id == check)
    with store.database.reading() as connection:
        found = [_stored(dict(row)) for row in connection.execute(query).mappings().all()]
    return [item for item in found if account is None or account in item.finding.accounts]


def briefs(connection: Connection) -> list[FindingBrief]:
    """Every standing finding without its evidence, in order of change, within an open transaction."""
    names = ("id", "check_id", "subject_kind", "subject_id", "accounts", "family", "strength", "bits")
    query = select(*(FINDING.c[name] for name in names)).where(FINDING.c.state == FindingState.STANDING.value)
    strengths = {item.value: item for item in Strength}
    return [
        FindingBrief(row[0], row[1], row[2], row[3], tuple(json.loads(row[4])), row[5], strengths[row[6]], row[7])
        for row in connection.execute(query.order_by(FINDING.c.seq))
    ]


def get(store: Store, finding_id: str) -> StoredFinding | None:
    """One finding by id."""
    with store.database.reading() as connection:
        row = connection.execute(select(FINDING).where(FINDING.c.id == finding_id)).mappings().one_or_none()
    return _stored(dict(row)) if row is not None else None


def by_ids(store: Store, ids: Collection[str]) -> list[StoredFinding]:
    """Findings by id, in order of change; unknown ids are left out."""
    with store.database.reading() as connection:
        rows = _rows_by_id(connection, ids).values()
    return sorted((_stored(row) for row in rows), key=lambda item: item.seq)


def _rows_by_id(connection: Connection, ids: Iterable[str]) -> dict[str, Mapping[str, Any]]:
    wanted = sorted(ids)
    found: dict[str, Mapping[str, Any]] = {}
    for start in range(0, len(wanted), 500):
        query = select(FINDING).where(FINDING.c.id.in_(wanted[start : start + 500]))
        found.update({row["id"]: dict(row) for row in connection.execute(query).mappings().all()})
    return found


def _last_seq(connection: Connection) -> int:
    return int(connection.execute(select(func.coalesce(func.max(FINDING.c.seq), 0))).scalar_one())


def _same(left: Mapping[str, Any], right: Mapping[str, Any]) -> bool:
    return all(left[name] == right[name] for name in left if name not in _BOOKKEEPING)


def _row(finding: Finding) -> dict[str, Any]:
    return {
        "id": finding.id,
        "check_id": finding.check,
        "check_version": finding.version,
        "subject_kind": finding.subject.kind,
        "subject_id": finding.subject.id,
        "accounts": canonical_json(list(finding.accounts)).decode(),
        "family": finding.family,
        "strength": finding.strength.value,
        "bits": None if finding.bits is None else float(finding.bits),
        "summary": finding.summary,
        "evidence": canonical_json([item.as_json() for item in finding.evidence]).decode(),
        "citation": canonical_json(list(finding.citation)).decode(),
        "blind_spots": finding.blind_spots,
        "first_seen": iso(finding.first_seen),
        "last_seen": iso(finding.last_seen),
        "count": finding.count,
        "window": finding.window,
        "state": FindingState.STANDING.value,
    }


def _stored(row: Mapping[str, Any]) -> StoredFinding:
    evidence = []
    for item in json.loads(row["evidence"]):
        evidence.append(Evidence(item.pop("kind"), item.pop("ref"), item))
    finding = Finding(
        check=row["check_id"],
        version=row["check_version"],
        subject=Subject(row["subject_kind"], row["subject_id"]),
        accounts=tuple(json.loads(row["accounts"])),
        family=row["family"],
        strength=Strength(row["strength"]),
        bits=row["bits"],
        summary=row["summary"],
        evidence=tuple(evidence),
        citation=tuple(json.loads(row["citation"])),
        blind_spots=row["blind_spots"],
        first_seen=parse_time(row["first_seen"]),
        last_seen=parse_time(row["last_seen"]),
        count=row["count"],
        window=row["window"],
    )
    return StoredFinding(finding, row["seq"], FindingState(row["state"]), row["recorded_at"])
