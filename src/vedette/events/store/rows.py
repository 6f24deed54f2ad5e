"""Reads the export's tables of this room into the lake: typed, known rows left out, enriched, committed in one act."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Column, MetaData, Table, Text, select

from vedette.audit import Act, writing
from vedette.base import Clock, Principal, canonical_json, to_micros
from vedette.events.forms import FORMS, KEYS, PAYMENTS, SIGNINS, plausible
from vedette.events.model import Intake
from vedette.events.references.lookup import Lookup
from vedette.events.store.clean import kept, mask_mail, notes
from vedette.events.store.enrich import prepare
from vedette.events.store.lists import lookup as lookup_of
from vedette.events.store.signins import FROM_LOG
from vedette.names import parts
from vedette.store import Store
from vedette.store.engines.duckdb import DuckEngine, literal
from vedette.store.intake import FileRefused, Form, Reading, Refusal, export_files, fingerprint, read, write_refused

FILE = Table(
    "event_file",
    MetaData(),
    Column("form", Text, primary_key=True),
    Column("sha256", Text, primary_key=True),
    Column("report", Text, nullable=False),
    Column("received_at", Text, nullable=False),
)

_DAY = "strftime(make_timestamp(time_us), '%Y-%m-%d')"


@dataclass(slots=True)
class Batch:
    """The files of one form that were read in one go, and what came of each."""

    form: Form
    readings: list[Reading]
    intakes: list[Intake]

    @property
    def union(self) -> str:
        """SQL for all kept rows of all files, earlier files first."""
        selects = [f"SELECT *, {n} AS file__ FROM ({kept(item)})" for n, item in enumerate(self.readings)]
        return " UNION ALL ".join(selects)


def ingest_tables(
    store: Store,
    principal: Principal,
    directory: Path,
    *,
    clock: Clock,
    lookup: Lookup | None = None,
    advance: Callable[[int], None] = lambda _n: None,
) -> tuple[Intake, ...]:
    """Read sign-ins, payments and keys of an export folder. All become visible together, or none.

    A file-level fault refuses that file (``faults``) and the others go on.
    """
    asked = lookup or lookup_of(store, clock)
    with store.engine([form.name for form in FORMS]) as engine:
        received = to_micros(clock.now())
        batches = [_read(store, engine, form, received, directory, advance) for form in FORMS]
        with writing(store, principal, "events.ingest", clock=clock) as act:
            for batch in batches:
                if batch.readings:
                    _commit(store, engine, act, batch, received, asked)
    return tuple(intake for batch in batches for intake in batch.intakes)


def _read(
    store: Store, engine: DuckEngine, form: Form, received: int, directory: Path, advance: Callable[[int], None]
) -> Batch:
    batch = Batch(form, [], [])
    for number, path in enumerate(export_files(directory, form.name)):
        try:
            known = seen(store, form, fingerprint(path)[0])
            if known is not None:
                batch.intakes.append(known)
                continue
            reading = read(engine.connection, path, plausible(form, received), into=f"{form.name}_{number}")
        except FileRefused as fault:
            batch.intakes.append(Intake(adapter=form.name, faults=(str(fault),)))
            continue
        write_refused(engine.connection, reading, store.workspace.refused)
        batch.readings.append(reading)
        advance(reading.read)
    return batch


def seen(store: Store, form: Form, sha256: str) -> Intake | None:
    """What a file read before gives now: its stored rows as duplicates, its refused rows refused again."""
    query = select(FILE.c.report).where(FILE.c.form == _form_id(form), FILE.c.sha256 == sha256)
    with store.database.reading() as connection:
        report = connection.execute(query).scalar_one_or_none()
    if report is None:
        return None
    held = json.loads(report)
    refused = tuple(Refusal(raw="", **item) for item in held["refused"])
    return Intake(
        adapter=form.name,
        read=held["read"],
        duplicates=held["stored"] + held["duplicates"],
        refused_count=held["refused_count"],
        refused=refused,
        notes=("this file was read before; nothing new in it",),
    )


def _form_id(form: Form) -> str:
    return f"{form.name}/{form.version}"


def remember(act: Act, form: Form, sha256: str, intake: Intake) -> None:
    """Note that a file was read, and what came of it."""
    report = {
        "read": intake.read,
        "stored": intake.stored,
        "duplicates": intake.duplicates,
        "refused_count": intake.refused_count,
        "refused": [item.as_json() for item in intake.refused],
    }
    row = {
        "form": _form_id(form),
        "sha256": sha256,
        "report": canonical_json(report).decode(),
        "received_at": act.moment,
    }
    act.upsert(FILE, [row])


def _commit(store: Store, engine: DuckEngine, act: Act, batch: Batch, received: int, lookup: Lookup) -> None:
    new = new_rows(engine, batch)
    mask_mail(store, engine, new)
    if batch.form is SIGNINS:
        prepare(engine.connection, [(new, "ip", "user_agent")], lookup)
        act.commit_files(store.lake.stage(engine.connection, "signins", _signins(new, received, lookup.version)))
    elif batch.form is PAYMENTS:
        stage_payments(store, engine, act, new, received)
    else:
        act.commit_files(store.lake.stage(engine.connection, "keys", _keys(new, received)))
    stored = dict(engine.rows(f"SELECT file__, count(*) FROM {new} GROUP BY file__"))
    for number, reading in enumerate(batch.readings):
        intake = _intake(batch.form, reading, int(stored.get(number, 0)))
        remember(act, batch.form, reading.sha256, intake)
        batch.intakes.append(intake)


def new_rows(engine: DuckEngine, batch: Batch) -> str:
    """A table of the batch's rows that the lake does not hold, the first of each id; keys are known by their content."""
    name = f"new_{batch.form.name}"
    if batch.form is KEYS:
        content = ", ".join(
            f"coalesce({column}::VARCHAR, '')" for column in ("account_id", "time_us", "kind", "fingerprint")
        )
        source, key = f"SELECT *, md5(concat_ws(chr(31), {content})) AS key_id FROM ({batch.union})", "key_id"
    else:
        source, key = batch.union, batch.form.key[0]
    fresh = f"SELECT * FROM ({source}) WHERE {key} NOT IN (SELECT {key} FROM {batch.form.name} WHERE {key} IS NOT NULL)"
    if batch.form is SIGNINS:
        # A log may have told of the same sign-in before, under the product's name and the bare id.
        told = (
            f"SELECT regexp_replace(event_id, '^[^:]*:', ''), account_id FROM signins WHERE extra = {literal(FROM_LOG)}"
        )
        fresh += f" AND (event_id, account_id) NOT IN ({told})"
    if len(batch.readings) > 1 or batch.form is KEYS:
        fresh += f" QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY file__, ordinal) = 1"
    engine.run(f"CREATE OR REPLACE TEMP TABLE {name} AS {fresh}")
    return name


def _signins(new: str, received: int, refs_version: str) -> str:
    return (
        f"SELECT n.* EXCLUDE (ordinal, file__), f.* EXCLUDE (ip), a.ua_family, {literal(refs_version)} AS refs_version, "
        f"{received}::BIGINT AS received_us, {_DAY} AS day FROM {new} n LEFT JOIN ip_facts f ON f.ip = n.ip "
        "LEFT JOIN agent_facts a ON a.user_agent = n.user_agent"
    )


def stage_payments(store: Store, engine: DuckEngine, act: Act, new: str, received: int) -> None:
    """Commit the new payments of a table, payers' names as tokens."""
    _payer_names(store, engine, new)
    act.commit_files(store.lake.stage(engine.connection, "payments", _payments(new, received)))
    act.commit_files(store.lake.stage(engine.connection, "payer_name_parts", _payer_parts(new, received)))


def _payer_names(store: Store, engine: DuckEngine, new: str) -> None:
    """Tokens of each distinct payer name: of the whole name, in any order, and of each of its parts."""
    names = [row[0] for row in engine.rows(f"SELECT DISTINCT payer_name FROM {new} WHERE payer_name IS NOT NULL")]
    split = [parts(name) for name in names]
    whole = store.vault.tokens("name", [" ".join(words) for words in split])
    engine.run("CREATE OR REPLACE TEMP TABLE payer_names (payer_name VARCHAR, payer_name_token VARCHAR)")
    _insert(engine, "payer_names", names, whole)
    owners = [name for name, words in zip(names, split, strict=True) for _ in words]
    tokens = store.vault.tokens("name_part", [word for words in split for word in words])
    engine.run("CREATE OR REPLACE TEMP TABLE payer_parts (payer_name VARCHAR, part_token VARCHAR)")
    _insert(engine, "payer_parts", owners, tokens)


def _insert(engine: DuckEngine, table: str, left: Sequence[str], right: Sequence[str]) -> None:
    sql = f"INSERT INTO {table} SELECT unnest(?::VARCHAR[]), unnest(?::VARCHAR[])"
    engine.run(sql, [list(left), list(right)])


def _payments(new: str, received: int) -> str:
    return (
        f"SELECT n.* EXCLUDE (ordinal, file__, payer_name), p.payer_name_token, {received}::BIGINT AS received_us, {_DAY} AS day "
        f"FROM {new} n LEFT JOIN payer_names p USING (payer_name)"
    )


def _payer_parts(new: str, received: int) -> str:
    return (
        f"SELECT DISTINCT n.payment_id, n.account_id, p.part_token, {received}::BIGINT AS received_us, {_DAY} AS day "
        f"FROM {new} n JOIN payer_parts p USING (payer_name)"
    )


def _keys(new: str, received: int) -> str:
    return f"SELECT * EXCLUDE (ordinal, file__), {received}::BIGINT AS received_us, {_DAY} AS day FROM {new}"


def _intake(form: Form, reading: Reading, stored: int) -> Intake:
    return Intake(
        adapter=form.name,
        read=reading.read,
        stored=stored,
        known=stored,
        duplicates=reading.read - stored - reading.refused_count,
        refused_count=reading.refused_count,
        refused=reading.refused,
        notes=notes(reading),
    )


def combined(intakes: Iterable[Intake]) -> tuple[Intake, ...]:
    """One intake per adapter, in the order of first appearance."""
    found: dict[str, Intake] = {}
    for item in intakes:
        before = found.get(item.adapter)
        found[item.adapter] = item if before is None else _sum(before, item)
    return tuple(found.values())


def _sum(left: Intake, right: Intake) -> Intake:
    return replace(
        left,
        read=left.read + right.read,
        stored=left.stored + right.stored,
        known=left.known + right.known,
        other=left.other + right.other,
        duplicates=left.duplicates + right.duplicates,
        refused_count=left.refused_count + right.refused_count,
        refused=left.refused + right.refused,
        faults=left.faults + right.faults,
        notes=tuple(dict.fromkeys(left.notes + right.notes)),
        others=_added(left.others, right.others),
        unmapped=_added(left.unmapped, right.unmapped),
        ignored=_added(left.ignored, right.ignored),
    )


def _added(left: Any, right: Any) -> dict[str, int]:
    return {name: left.get(name, 0) + right.get(name, 0) for name in {**left, **right}}
