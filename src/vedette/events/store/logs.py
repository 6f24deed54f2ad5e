"""Reads raw logs of one product into the lake: every record is stored, a duplicate, or refused with its reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from vedette.audit import Act, writing
from vedette.base import Clock, Principal, to_micros
from vedette.events.discover import Adapter, adapter
from vedette.events.mask import Masker
from vedette.events.model import Intake, RecordFault
from vedette.events.records import log_files, records
from vedette.events.references.lookup import Lookup
from vedette.events.store.chunks import Gathered
from vedette.events.store.enrich import prepare
from vedette.events.store.lists import lookup as lookup_of
from vedette.events.store.place import DAY, prepare_identities, prepare_words, staged
from vedette.events.store.refused import RefusedRecords
from vedette.events.store.rows import combined, remember, seen
from vedette.store import Store
from vedette.store.engines.duckdb import DuckEngine, literal
from vedette.store.intake import FileRefused, Form, fingerprint

_VERSION = 1
_STEP = 10_000
_MOST_NAMES = 100


@dataclass(slots=True)
class Files:
    """The files of one reading by number: those read now with their counts, the broken ones, and what came of all."""

    form: Form
    hashes: dict[int, str] = field(default_factory=dict)
    read: dict[int, int] = field(default_factory=dict)
    refused: dict[int, RefusedRecords] = field(default_factory=dict)
    broken: set[int] = field(default_factory=set)
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
        masker = Masker(store.vault.tokens, reader.personal)
        gathered = Gathered(engine, store.workspace.scratch, masker)
        try:
            for path in (item for given in paths for item in log_files(given, reader)):
                _read(store, reader, path, files, gathered, advance)
            if files.hashes:
                gathered.publish(without=files.broken)
                with writing(store, principal, "events.ingest_logs", clock=clock) as act:
                    _commit(store, engine, act, reader, files, (to_micros(clock.now()), identities, asked))
        finally:
            gathered.discard()
    if not files.intakes:
        return Intake(adapter=reader.id, faults=(f"no file of {reader.title} was found",))
    return _shortened(combined(files.intakes)[0])


def _read(
    store: Store,
    reader: Adapter,
    path: Path,
    files: Files,
    gathered: Gathered,
    advance: Callable[[int], None],
) -> None:
    refused = RefusedRecords(path, store.workspace.refused)
    number = len(files.hashes) + len(files.broken)
    try:
        digest, _ = fingerprint(path)
        known = seen(store, files.form, digest)
        if known is not None:
            files.intakes.append(replace(known, adapter=reader.id))
            return
        refused.digest = digest
        count = _follow(reader, path, (number, gathered), refused, advance)
    except FileRefused as fault:
        refused.discard()
        files.broken.add(number)
        files.intakes.append(Intake(adapter=reader.id, faults=(str(fault),)))
        return
    refused.close()
    files.hashes[number] = digest
    files.read[number] = count
    files.refused[number] = refused


def _follow(
    reader: Adapter,
    path: Path,
    into: tuple[int, Gathered],
    refused: RefusedRecords,
    advance: Callable[[int], None],
) -> int:
    """Read one file to its end; returns how many records it held."""
    number, gathered = into
    count = 0
    event = reader.event
    for item in records(path, reader):
        count += 1
        if count % _STEP == 0:
            advance(_STEP)
        if item.record is None:
            refused.add(item, item.fault)
            continue
        try:
            found = event(item.record)
        except RecordFault as fault:
            refused.add(item, fault.problem)
            continue
        except (
            Exception
        ) as fault:  # a record that breaks an adapter must not stop the reading: refused, with its reason
            refused.add(item, f"the adapter could not read it: {type(fault).__name__}: {fault}"[:300])
            continue
        gathered.add(number, item, found)
    advance(count % _STEP)
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
    for number, digest in files.hashes.items():
        intake = _intake(engine, reader, files, number)
        remember(act, files.form, digest, intake)
        files.intakes.append(intake)


def _keep_new(engine: DuckEngine, reader: Adapter) -> None:
    """The view ``arrived``: the first record of each id that the lake does not hold."""
    held = f"SELECT event_id FROM logs WHERE product = {literal(reader.product)} AND day IN (SELECT DISTINCT {DAY} FROM incoming)"
    repeated = "SELECT event_id, min(n) AS first FROM incoming GROUP BY event_id HAVING count(*) > 1"
    engine.run(
        "CREATE OR REPLACE TEMP TABLE dropped AS "
        f"SELECT n FROM incoming JOIN ({repeated}) USING (event_id) WHERE n > first "
        f"UNION SELECT n FROM incoming WHERE event_id IN ({held})"
    )
    engine.run("CREATE OR REPLACE TEMP VIEW arrived AS SELECT * FROM incoming WHERE n NOT IN (SELECT n FROM dropped)")


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
    return replace(intake, others=_top(intake.others), unmapped=_top(intake.unmapped))


def _top(counts: object) -> dict[str, int]:
    assert isinstance(counts, dict)
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    rest = sum(count for _, count in ordered[_MOST_NAMES:])
    return {**dict(ordered[:_MOST_NAMES]), **({"(others)": rest} if rest else {})}
