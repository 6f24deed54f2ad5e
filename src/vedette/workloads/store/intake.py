"""Reads the export's usage, flows and allocations into the lake: bounded, repeated rows left out, in one act."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from vedette.audit import Act, writing
from vedette.base import Clock, Principal, to_micros
from vedette.events.forms import plausible
from vedette.events.model import Intake
from vedette.events.store.rows import remember, seen
from vedette.store import Store
from vedette.store.engines.duckdb import DuckEngine, identifier
from vedette.store.intake import FileRefused, Form, Reading, export_files, fingerprint, read, write_refused
from vedette.workloads.forms import ALLOCATIONS, FORMS, FRACTIONS, MEASURES, USAGE
from vedette.workloads.tables import TABLES

_DAY = "strftime(make_timestamp(time_us), '%Y-%m-%d')"
#: How long a sample without a length is taken to last at most, seconds: until the next one, if that comes sooner.
_UNSTATED = 300
_KEYS = {table.name: table.key for table in TABLES}


@dataclass(slots=True)
class _Batch:
    """The files of one form that were read in one go, and what came of each."""

    form: Form
    readings: list[Reading] = field(default_factory=list)
    intakes: list[Intake] = field(default_factory=list)


def ingest(
    store: Store,
    principal: Principal,
    directory: Path,
    *,
    clock: Clock,
    advance: Callable[[int], None] = lambda _n: None,
) -> tuple[Intake, ...]:
    """Read usage, flows and allocations of an export folder. All become visible together, or none.

    A file-level fault refuses that file (``faults``) and the others go on. Only the columns of the forms are kept, in the
    lake and among refused rows alike.
    """
    received = to_micros(clock.now())
    with store.engine([form.name for form in FORMS]) as engine:
        batches = [_read(store, engine, form, received, directory, advance) for form in FORMS]
        if any(batch.readings for batch in batches):
            with writing(store, principal, "workloads.ingest", clock=clock) as act:
                for batch in batches:
                    if batch.readings:
                        _commit(store, engine, act, batch, received)
    return tuple(intake for batch in batches for intake in batch.intakes)


def _read(
    store: Store, engine: DuckEngine, form: Form, received: int, directory: Path, advance: Callable[[int], None]
) -> _Batch:
    batch = _Batch(form)
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
        write_refused(engine.connection, reading, store.workspace.refused, only=[item.name for item in form.fields])
        batch.readings.append(reading)
        advance(reading.read)
    return batch


def _commit(store: Store, engine: DuckEngine, act: Act, batch: _Batch, received: int) -> None:
    form = batch.form
    odd = {number: _odd(engine, reading) for number, reading in enumerate(batch.readings) if form is USAGE}
    selects = [_tidy(form, reading, number, odd.get(number, {})) for number, reading in enumerate(batch.readings)]
    source = " UNION ALL ".join(f"({sql})" for sql in selects)
    new = _new_rows(engine, form, source)
    extra = "" if form is ALLOCATIONS else f", {_DAY} AS day"
    staged = f"SELECT * EXCLUDE (file__), {received}::BIGINT AS received_us{extra} FROM {new}"
    act.commit_files(store.lake.stage(engine.connection, form.name, staged))
    stored = dict(engine.rows(f"SELECT file__, count(*) FROM {new} GROUP BY file__"))
    engine.run(f"DROP TABLE {new}")
    for number, reading in enumerate(batch.readings):
        intake = _intake(form, reading, int(stored.get(number, 0)), odd.get(number, {}))
        remember(act, form, reading.sha256, intake)
        batch.intakes.append(intake)


def _new_rows(engine: DuckEngine, form: Form, source: str) -> str:
    """A table of the rows that the lake does not hold yet, the first of each key; an allocation counts by its whole content."""
    name = f"new_{form.name}"
    held = [item.column for item in form.fields] if form is ALLOCATIONS else list(_KEYS[form.name])
    key = "hash(" + ", ".join(f"coalesce({identifier(column)}::VARCHAR, '')" for column in held) + ")"
    engine.run(
        f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * EXCLUDE (key__) FROM (SELECT *, {key} AS key__ FROM ({source})) "
        f"ANTI JOIN (SELECT {key} AS key__ FROM {form.name}) USING (key__) "
        "QUALIFY row_number() OVER (PARTITION BY key__ ORDER BY file__, ordinal) = 1"
    )
    return name


def _tidy(form: Form, reading: Reading, number: int, odd: dict[str, int]) -> str:
    """SQL of a file's rows with what lies outside all bounds taken out; unknown columns are left behind."""
    table = identifier(reading.into)
    if form is not USAGE:
        return f"SELECT * EXCLUDE (extra), {number} AS file__ FROM {table}"
    shares = [f"{_share(name, odd)} AS {name}" for name in FRACTIONS]
    measures = [f"CASE WHEN {name} BETWEEN 0 AND {most} THEN {name} END AS {name}" for name, most in MEASURES.items()]
    until_next = (
        "least((lead(time_us) OVER (PARTITION BY account_id, job_id, node, gpu_uuid ORDER BY time_us) - time_us) / 1e6, "
        f"{_UNSTATED})"
    )
    unstated = any(item == "seconds" for item in odd)
    seconds = [f"coalesce(seconds, {until_next}, {_UNSTATED}) AS seconds"] if unstated else []
    return f"SELECT * EXCLUDE (extra) REPLACE ({', '.join([*shares, *measures, *seconds])}), {number} AS file__ FROM {table}"


def _share(name: str, odd: dict[str, int]) -> str:
    scale = " / 100" if f"{name}%" in odd else ""
    known = f"CASE WHEN {name} <= 1e15 AND NOT isnan({name}) THEN least(greatest({name}{scale}, 0), 1) END"
    return f"({known})"


def _odd(engine: DuckEngine, reading: Reading) -> dict[str, int]:
    """How many values of each column are outside its bounds; ``name%`` where a share is written in percent."""
    table = identifier(reading.into)
    counts = [f"count(*) FILTER ({name} NOT BETWEEN 0 AND 1)" for name in FRACTIONS]
    percent = [f"count(*) FILTER ({name} > 1.5 AND {name} <= 100.5)" for name in FRACTIONS]
    wild = [f"count(*) FILTER ({name} NOT BETWEEN 0 AND {most})" for name, most in MEASURES.items()]
    blank = ["count(*) FILTER (seconds IS NULL)", "count(*) FILTER (seconds = 0)"]
    filled = [f"count({name})" for name in FRACTIONS]
    row = engine.rows(f"SELECT {', '.join([*counts, *percent, *wild, *blank, *filled])} FROM {table}")[0]
    names = [*FRACTIONS, *(f"{name}%" for name in FRACTIONS), *MEASURES, "seconds", "seconds of zero"]
    found: dict[str, int] = {name: int(value) for name, value in zip(names, row, strict=False) if value}
    for place, name in enumerate(FRACTIONS):
        # Some tools write percent: where one value in twenty can only be that, all are.
        if found.get(f"{name}%", 0) <= int(row[len(names) + place]) // 20:
            found.pop(f"{name}%", None)
    return found


def _intake(form: Form, reading: Reading, stored: int, odd: dict[str, int]) -> Intake:
    said = []
    if reading.unknown_columns:
        said.append(
            f"columns not stored, for only metadata on the list of fields is: {', '.join(reading.unknown_columns)}"
        )
    said += [_told(name, count) for name, count in odd.items() if f"{name}%" not in odd]
    return Intake(
        adapter=form.name,
        read=reading.read,
        stored=stored,
        known=stored,
        duplicates=reading.read - stored - reading.refused_count,
        refused_count=reading.refused_count,
        refused=reading.refused,
        notes=(*said, *reading.notes),
    )


def _told(name: str, count: int) -> str:
    if name.endswith("%"):
        return f"{name[:-1]} is written in percent ({count:,} values over 1): divided by 100"
    if name == "seconds":
        return f"{count:,} samples without a length: taken to last until the next, at most {_UNSTATED} s"
    if name in FRACTIONS:
        return f"{count:,} values of {name} outside 0..1: bounded"
    return f"{count:,} implausible values of {name}" + (": taken as blank" if name in MEASURES else "")
