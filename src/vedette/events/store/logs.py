"""Reads raw logs of one product into the lake: every record is stored, a duplicate, or refused with its reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from vedette.audit import Act, writing
from vedette.base import Clock, Principal, to_micros
from vedette.events.discover import Adapter, adapter
from vedette.events.mask import Masker
from vedette.events.model import Intake, RecordFault
from vedette.events.records import Item, log_files, records
from vedette.events.references.lookup import Lookup
from vedette.events.store.chunks import CHUNK, CREATE, Chunk
from vedette.events.store.enrich import prepare
from vedette.events.store.lists import lookup as lookup_of
from vedette.events.store.place import prepare_identities, prepare_words, staged
from vedette.events.store.refused import RefusedRecords
from vedette.events.store.rows import combined, remember, seen
from vedette.store import Store
from vedette.store.engines.duckdb import DuckEngine, literal
from vedette.store.intake import FileRefused, Form, fingerprint

_VERSION = 1
_MOST_NAMES = 100


@dataclass(slots=True)
class Files:
    """The files of one reading: those read now with their counts, and what is known of the others already."""

    form: Form
    hashes: list[str] = field(default_factory=list)
    read: list[int] = field(default_factory=list)
    refused: list[RefusedRecords] = field(default_factory=list)
    intakes: list[Intake] = field(default_factory=list)


def ingest_logs(
    store: Store,
    principal: Principal,
    paths: Iterable[Path],
    product: str,
    *,
    clock: Clock,
    identities: str | None = None,
    lookup: Lookup | None = None,
    advance: Callable[[int], None] = lambda _n: None,
) -> Intake:
    """Read log files, or the folders that hold them, with one adapter. All become visible together, or none.

    ``identities`` is SQL of a relation (account_id, product, kind, external_id, valid_from_us, valid_to_us), such as the
    name of the lake's table; an external id of kind ``email`` is its token. Without it, no event is given an account.
    A file-level fault refuses that file (``faults``) and the others go on. Raises UnknownAdapter.
    """
    reader = adapter(product)
    asked = lookup or lookup_of(store, clock)
    files = Files(Form(name=f"logs/{reader.id}", fields=(), key=(), version=_VERSION))
    with store.engine() as engine:
        engine.run(CREATE)
        masker = Masker(lambda texts: store.vault.tokens("email", texts))
        for path in (item for given in paths for item in log_files(given, reader)):
            _read(store, engine, reader, path, files, masker, advance)
        with writing(store, principal, "events.ingest_logs", clock=clock) as act:
            if files.hashes:
                _commit(store, engine, act, reader, files, (to_micros(clock.now()), identities, asked))
    if not files.intakes:
        return Intake(adapter=reader.id, faults=(f"no file of {reader.title} was found",))
    found = combined(files.intakes)[0]
    return _shortened(found)


def _read(
    store: Store,
    engine: DuckEngine,
    reader: Adapter,
    path: Path,
    files: Files,
    masker: Masker,
    advance: Callable[[int], None],
) -> None:
    number = len(files.hashes)
    refused = RefusedRecords(path, store.workspace.refused)
    try:
        digest, _ = fingerprint(path)
        known = seen(store, files.form, digest)
        if known is not None:
            files.intakes.append(_named(known, reader))
            return
        refused.digest = digest
        count = _follow(engine, reader, path, Chunk(number, masker), refused, advance)
    except FileRefused as fault:
        refused.discard()
        engine.run(f"DELETE FROM incoming WHERE file_no = {number}")
        files.intakes.append(Intake(adapter=reader.id, faults=(str(fault),)))
        return
    refused.close()
    files.hashes.append(digest)
    files.read.append(count)
    files.refused.append(refused)


def _named(known: Intake, reader: Adapter) -> Intake:
    from dataclasses import replace

    return replace(known, adapter=reader.id)


def _follow(
    engine: DuckEngine,
    reader: Adapter,
    path: Path,
    chunk: Chunk,
    refused: RefusedRecords,
    advance: Callable[[int], None],
) -> int:
    """Read one file to its end; returns how many records it held."""
    count = 0
    event = reader.event
    for item in records(path, reader):
        count += 1
        if item.record is None:
            refused.add(item, item.fault)
            continue
        try:
            found = event(item.record)
        except RecordFault as fault:
            refused.add(item, fault.problem)
            continue
        chunk.add(item, found)
        if len(chunk) >= CHUNK:
            advance(len(chunk))
            chunk.flush(engine.connection)
    advance(len(chunk))
    chunk.flush(engine.connection)
    return count


def _commit(
    store: Store,
    engine: DuckEngine,
    act: Act,
    reader: Adapter,
    files: Files,
    context: tuple[int, str | None, Lookup],
) -> None:
    received, identities, lookup = context
    _keep_new(engine, reader)
    prepare(engine.connection, [("arrived", "ip", "user_agent")], lookup)
    prepare_words(engine)
    prepare_identities(engine, reader.product, identities)
    if engine.rows("SELECT count(*) FROM arrived")[0][0]:
        sql = staged(reader.product, received, lookup.version)
        act.commit_files(store.lake.stage(engine.connection, "logs", sql))
    act.fact("adapter", reader.id)
    for number, digest in enumerate(files.hashes):
        intake = _intake(engine, reader, files, number)
        remember(act, files.form, digest, intake)
        files.intakes.append(intake)


def _keep_new(engine: DuckEngine, reader: Adapter) -> None:
    """The table ``arrived``: the first record of each id that the lake does not hold."""
    engine.run(
        "CREATE OR REPLACE TEMP TABLE arrived AS SELECT row_number() OVER (ORDER BY file_no, line, rowid) AS n, * EXCLUDE (act), "
        "strftime(make_timestamp(time_us), '%Y-%m-%d') AS day, act FROM incoming "
        "QUALIFY row_number() OVER (PARTITION BY event_id ORDER BY file_no, line, rowid) = 1"
    )
    engine.run("DROP TABLE incoming")
    held = f"SELECT event_id FROM logs WHERE product = {literal(reader.product)} AND day IN (SELECT day FROM arrived)"
    engine.run(f"DELETE FROM arrived WHERE event_id IN ({held})")


def _intake(engine: DuckEngine, reader: Adapter, files: Files, number: int) -> Intake:
    where = f"WHERE file_no = {number}"
    stored, other = engine.rows(f"SELECT count(*), count(*) FILTER (act = 'other') FROM arrived {where}")[0]
    refused = files.refused[number]
    others = engine.rows(
        f"SELECT concat_ws(':', service, operation), count(*) FROM arrived {where} AND act = 'other' GROUP BY 1 ORDER BY 2 DESC, 1"
    )
    unmapped = engine.rows(
        "SELECT coalesce(principal_id, principal_name, tenant_id, '(no principal)'), count(*) FROM arrived "
        f"LEFT JOIN owners_of USING (n) {where} AND owners_of.account_id IS NULL GROUP BY 1 ORDER BY 2 DESC, 1"
    )
    return Intake(
        adapter=reader.id,
        read=files.read[number],
        stored=stored,
        known=stored - other,
        other=other,
        duplicates=files.read[number] - stored - refused.count,
        refused_count=refused.count,
        refused=tuple(refused.shown),
        others=dict(others),
        unmapped=dict(unmapped),
    )


def _shortened(intake: Intake) -> Intake:
    """The hundred most frequent names of each map, the rest added up."""
    from dataclasses import replace

    return replace(intake, others=_top(intake.others), unmapped=_top(intake.unmapped))


def _top(counts: object) -> dict[str, int]:
    assert isinstance(counts, dict)
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    rest = sum(count for _, count in ordered[_MOST_NAMES:])
    return {**dict(ordered[:_MOST_NAMES]), **({"(others)": rest} if rest else {})}
