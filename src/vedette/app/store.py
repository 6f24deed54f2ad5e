"""What each step of the daily run last worked on, the stored sign-up decisions, and questions to the lake for the acts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Connection, LargeBinary, MetaData, Table, Text, func, inspect, select

from vedette.audit import Act
from vedette.base import Json, canonical_json
from vedette.store import StagedFiles, Store
from vedette.store.engines.duckdb import literal
from vedette.store.lake import reading

STEP = Table(
    "run_step",
    MetaData(),
    Column("step", Text, primary_key=True),
    Column("inputs", Text, nullable=False),
    Column("result", Text, nullable=False),
    Column("finished_at", Text, nullable=False),
)
VERIFICATION = Table(
    "verification",
    STEP.metadata,
    Column("id", Text, primary_key=True),
    Column("body", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("checks", Text, nullable=False),
    Column("manifest", Text, nullable=False),
    Column("principal", Text, nullable=False),
    Column("decided_at", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)
SEEN = Table(
    "run_seen",
    STEP.metadata,
    Column("step", Text, primary_key=True),
    Column("files", Text, nullable=False),
    Column("mark", Text, nullable=False),
    Column("waiting", Text, nullable=False),
)
OBJECT = Table(
    "read_object",
    STEP.metadata,
    Column("address", Text, primary_key=True),
    Column("reading", Text, primary_key=True),
    Column("etag", Text, nullable=False),
    Column("read_at", Text, nullable=False),
)
_SOME = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """One stored sign-up decision. ``body`` is a keyed token of the facts; the facts and the answer are ``sealed``.

    ``checks`` says which ran and why others could not; ``manifest`` is the archive's hash of what the answer rests on.
    """

    id: str
    body: str
    outcome: str
    checks: Mapping[str, Json]
    manifest: str
    principal: str
    decided_at: str
    sealed: bytes


def last(store: Store, step: str) -> tuple[str, dict[str, Any]] | None:
    """The fingerprint of a step's last inputs and what it reported, or None where it never finished."""
    with store.database.reading() as connection:
        row = connection.execute(select(STEP).where(STEP.c.step == step)).mappings().one_or_none()
    return None if row is None else (str(row["inputs"]), json.loads(row["result"]))


def finish(act: Act, step: str, inputs: str, result: dict[str, Json]) -> None:
    """Note, in the act of the step's own work, what it worked on and reports."""
    row = {
        "step": step,
        "inputs": inputs,
        "result": canonical_json(result).decode(),
        "finished_at": act.moment,
    }
    act.upsert(STEP, [row])


def verifications(connection: Connection, ids: Iterable[str]) -> dict[str, Verification]:
    """The stored decisions of these ids, within an open transaction; unknown ids are left out."""
    wanted = sorted(set(ids))
    found: dict[str, Verification] = {}
    for start in range(0, len(wanted), _SOME):
        query = select(VERIFICATION).where(VERIFICATION.c.id.in_(wanted[start : start + _SOME]))
        found.update({row["id"]: _verification(row) for row in connection.execute(query).mappings()})
    return found


def verification(store: Store, verification_id: str) -> Verification | None:
    """One stored decision, or None."""
    with store.database.reading() as connection:
        return verifications(connection, [verification_id]).get(verification_id)


def _verification(row: Mapping[Any, Any]) -> Verification:
    return Verification(**{**row, "checks": json.loads(row["checks"]), "sealed": bytes(row["sealed"])})


def keep_verifications(act: Act, rows: Iterable[Verification]) -> None:
    """Store decisions in the act that made them."""
    act.upsert(
        VERIFICATION,
        [
            {name: getattr(row, name) for name in VERIFICATION.c.keys() if name != "checks"}  # noqa: SIM118  # names
            | {"checks": canonical_json(row.checks).decode()}
            for row in rows
        ],
    )


def decided_before(connection: Connection, moment: str, outcome: str) -> list[Verification]:
    """Decisions of one outcome made before a moment (ISO 8601) whose facts are still held, oldest first."""
    query = select(VERIFICATION).where(VERIFICATION.c.decided_at < moment, VERIFICATION.c.outcome == outcome)
    rows = connection.execute(query.order_by(VERIFICATION.c.decided_at, VERIFICATION.c.id)).mappings()
    return [found for row in rows if (found := _verification(row)).sealed]


def outcomes(store: Store) -> dict[str, int]:
    """How many stored decisions had each outcome."""
    query = select(VERIFICATION.c.outcome, func.count()).group_by(VERIFICATION.c.outcome)
    with store.database.reading() as connection:
        return {row[0]: int(row[1]) for row in connection.execute(query.order_by(VERIFICATION.c.outcome))}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a step has worked through: lake files by short hash, the rules' fingerprint, and what still waits to be done."""

    files: frozenset[str]
    mark: str
    waiting: frozenset[str]


def seen(store: Store, step: str) -> Seen | None:
    """What a step had worked through when it last finished, or None."""
    with store.database.reading() as connection:
        row = connection.execute(select(SEEN).where(SEEN.c.step == step)).mappings().one_or_none()
    if row is None:
        return None
    files, waiting = frozenset(row["files"].split()), frozenset(row["waiting"].split())
    return Seen(files=files, mark=str(row["mark"]), waiting=waiting)


def note_seen(act: Act, step: str, found: Seen) -> None:
    """Note, in the act of the step's own work, what it has worked through."""
    files, waiting = " ".join(sorted(found.files)), " ".join(sorted(found.waiting))
    act.upsert(SEEN, [{"step": step, "files": files, "mark": found.mark, "waiting": waiting}])


def objects_read(store: Store, reading: str, addresses: Iterable[str]) -> dict[str, str]:
    """The marks that objects of a bucket bore when they were last read in this way, by address; unknown ones are left out."""
    wanted = sorted(set(addresses))
    found: dict[str, str] = {}
    with store.database.reading() as connection:
        for start in range(0, len(wanted), _SOME):
            some = OBJECT.c.address.in_(wanted[start : start + _SOME])
            query = select(OBJECT.c.address, OBJECT.c.etag).where(OBJECT.c.reading == reading, some)
            found.update((str(row[0]), str(row[1])) for row in connection.execute(query))
    return found


def note_objects(act: Act, reading: str, etags: Mapping[str, str]) -> None:
    """Note that objects of a bucket, by address, were read in this way with the marks that they bore."""
    rows = [
        {"address": address, "reading": reading, "etag": etag, "read_at": act.moment}
        for address, etag in sorted(etags.items())
    ]
    act.upsert(OBJECT, rows)


def lake_files(store: Store, tables: Iterable[str]) -> dict[str, Mapping[str, Any]]:
    """The committed files of these tables by short hash of what they are."""
    with store.database.reading() as connection:
        rows = [row for name in tables for row in store.lake.files(connection, name)]
    return {hashlib.sha256(f"{row['path']} {row['sha256']}".encode()).hexdigest()[:20]: row for row in rows}


def earliest_received(store: Store, files: Iterable[Mapping[str, Any]]) -> int | None:
    """When the first row of these lake files was received, in microseconds; None where they hold none."""
    by_table: dict[str, list[Mapping[str, Any]]] = {}
    for row in files:
        by_table.setdefault(str(row["table_name"]), []).append(row)
    if not by_table:
        return None
    union = " UNION ALL ".join(f"SELECT received_us FROM {store.lake.relation(*item)}" for item in by_table.items())
    with store.engine(()) as engine:
        found = engine.rows(f"SELECT min(received_us) FROM ({union})")[0][0]
    return None if found is None else int(found)


def lake_fingerprint(store: Store, tables: tuple[str, ...]) -> str:
    """A text that changes whenever the committed files of these tables do."""
    with store.database.reading() as connection:
        rows = [row for name in tables for row in store.lake.files(connection, name)]
    return canonical_json([[row["path"], row["sha256"]] for row in rows]).decode()


def opened(store: Store) -> dict[str, int]:
    """When each account was opened, in microseconds; when it was first received where that is not known."""
    with store.engine(["accounts"]) as engine:
        return dict(engine.rows("SELECT account_id, coalesce(opened_us, received_us) FROM accounts"))


def wallets(store: Store) -> list[tuple[str, str, int]]:
    """(wallet, account, first payment in microseconds) of every wallet that paid, in a stable order."""
    sql = (
        "SELECT wallet, account_id, min(time_us) FROM payments WHERE wallet IS NOT NULL AND account_id IS NOT NULL "
        "GROUP BY ALL ORDER BY ALL"
    )
    with store.engine(["payments"]) as engine:
        return [(row[0], row[1], row[2]) for row in engine.rows(sql)]


def event(store: Store, event_id: str) -> tuple[str, dict[str, Any]] | None:
    """(table, row) of the sign-in, payment or log event of this id; None where the lake holds none."""
    keys = {"signins": "event_id", "logs": "event_id", "payments": "payment_id"}
    with store.engine(list(keys)) as engine:
        for table, key in keys.items():
            rows = list(engine.dictionaries(f"SELECT * FROM {table} WHERE {key} = ?", [event_id]))
            if rows:
                return table, rows[0]
    return None


def span_days(store: Store) -> float:
    """Days from the first to the last sign-in, payment and log event within the last year of data; at least one."""
    union = " UNION ALL ".join(f"SELECT time_us FROM {name}" for name in ("signins", "payments", "logs"))
    year = 365 * 86_400_000_000
    sql = f"SELECT min(time_us), max(time_us) FROM ({union}) WHERE time_us > (SELECT max(time_us) - {year} FROM ({union}))"
    with store.engine(["signins", "payments", "logs"]) as engine:
        first, last_seen = engine.rows(sql)[0]
    return max(1.0, (last_seen - first) / 86_400_000_000) if first is not None else 1.0


# What is held of one customer, found by looking at the database itself, so that no table can be forgotten.

_ERASED = frozenset({"account_secret", "owner_secret", "screening_keys"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Rows of one table that hold something of a customer; ``erased`` where the row goes, else its words do."""

    table: Table
    rows: tuple[Mapping[str, Any], ...]
    subject: str
    erased: bool


def sealed_of(connection: Connection, account_id: str, case_ids: Iterable[str]) -> list[Held]:
    """Every sealed row that bears this account, or one of these cases, in any table."""
    inspector, found = inspect(connection), []
    wanted = {"account_id": [account_id], "case_id": sorted(case_ids)}
    for name in sorted(inspector.get_table_names()):
        columns = {column["name"] for column in inspector.get_columns(name)}
        subject = next((key for key in wanted if key in columns), None)
        if "sealed" not in columns or subject is None or not wanted[subject]:
            continue
        table = Table(name, MetaData(), autoload_with=connection)
        rows = connection.execute(select(table).where(table.c[subject].in_(wanted[subject]))).mappings().all()
        if rows:
            kept = tuple(dict(row) for row in rows)
            found.append(Held(table=table, rows=kept, subject=subject, erased=name in _ERASED))
    return found


def findings_of(connection: Connection, account_id: str) -> list[Held]:
    """Findings and shadow findings that are about this account and no other."""
    found, alone = [], canonical_json([account_id]).decode()
    for name in ("finding", "rule_shadow"):
        if not inspect(connection).has_table(name):
            continue
        table = Table(name, MetaData(), autoload_with=connection)
        rows = connection.execute(select(table).where(table.c.accounts == alone)).mappings().all()
        found.append(Held(table=table, rows=tuple(dict(row) for row in rows), subject="accounts", erased=False))
    return found


def shared_findings(connection: Connection, account_id: str) -> int:
    """How many findings are about this account and others too."""
    table = Table("finding", MetaData(), autoload_with=connection)
    one = canonical_json(account_id).decode()
    rows = connection.execute(select(table.c.accounts).where(table.c.accounts.contains(one, autoescape=True)))
    return sum(len(accounts) > 1 and account_id in accounts for accounts in (json.loads(row[0]) for row in rows))


def lake_without(store: Store, account_id: str) -> list[tuple[StagedFiles, list[Mapping[str, Any]]]]:
    """Lake files that hold rows of an account, each table's written again without them: (staged, what they replace)."""
    with store.database.reading() as connection:
        files = store.lake.files(connection)
    changed = []
    with store.engine(()) as engine:
        for table in store.catalogue:
            own = {str(store.lake.folder / row["path"]): row for row in files if row["table_name"] == table.name}
            if not own or "account_id" not in [column.name for column in table.columns]:
                continue
            sql = f"SELECT DISTINCT filename FROM {reading(table, list(own), named=True)} WHERE account_id = ?"
            touched = {row[0]: own[row[0]] for row in engine.rows(sql, [account_id])}
            if touched:
                held = reading(table, list(touched), named=True)
                kept = f"SELECT * FROM {held} WHERE account_id IS DISTINCT FROM {literal(account_id)}"
                changed.append((store.lake.stage(engine.connection, table.name, kept), list(touched.values())))
    return changed
