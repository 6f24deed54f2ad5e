"""Reads raw logs of one product into the lake: every record is stored, a duplicate, or refused with its reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from vedette.audit import Act, writing
from vedette.base import Clock, Principal, to_micros
from vedette.events.discover import Adapter, adapter
from vedette.events.model import Intake
from vedette.events.records import log_files, pieces
from vedette.events.references.lookup import Lookup
from vedette.events.store.crew import Crew, Job
from vedette.events.store.enrich import prepare
from vedette.events.store.gather import Lot, Taken, publish
from vedette.events.store.lists import lookup as lookup_of
from vedette.events.store.parquet import as_lines, is_parquet
from vedette.events.store.place import DAY, prepare_identities, prepare_words, staged
from vedette.events.store.refused import RefusedRecords
from vedette.events.store.rows import combined, remember, seen
from vedette.events.store.signins import stage_signins
from vedette.store import Store
from vedette.store.engines.duckdb import DuckEngine, literal
from vedette.store.intake import FileRefused, Form, fingerprint

_VERSION = 1
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
    scratch: list[str] = field(default_factory=list)
    rewritten: list[Path] = field(default_factory=list)
    pieces: int = 0

    def readable(self, path: Path, scratch: Path) -> Path:
        """The file itself, or its rows as lines where it is Parquet."""
        if not is_parquet(path):
            return path
        self.rewritten.append(as_lines(path, scratch))
        return self.rewritten[-1]

    def clear(self) -> None:
        """Remove what was written on the way."""
        for path in (*map(Path, self.scratch), *self.rewritten):
            path.unlink(missing_ok=True)

    def absorb(self, taken: Taken) -> int:
        """Add what came of some lots; returns how many records they held."""
        self.scratch.extend(taken.paths)
        for number, count in taken.read.items():
            self.read[number] = self.read.get(number, 0) + count
        by_file: dict[int, list[Any]] = {}
        for number, item, reason in taken.refused:
            by_file.setdefault(number, []).append((item, reason))
        for number in by_file.keys() - self.broken:
            self.refused[number].add(by_file[number])
        return sum(taken.read.values())

    def settle(self) -> None:
        """Once all is read: keep the refused records of sound files, forget those of broken ones."""
        for number, refused in self.refused.items():
            if number in self.broken:
                refused.discard()
            else:
                refused.close()


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
    workers: int | None = None,
) -> Intake:
    """Read log files, or the folders that hold them, with one adapter. All become visible together, or none.

    ``identities`` is SQL of a relation (account_id, product, kind, external_id, valid_from_us, valid_to_us), such as the
    name of the lake's table; an external id of kind ``email`` is its token. Without it, no event is given an account.
    A file-level fault refuses that file (``faults``) and the others go on. ``workers`` fixes how many processes read where
    there is much to read (one per core otherwise). Raises UnknownAdapter.
    """
    reader = adapter(product)
    asked = lookup or lookup_of(store, clock)
    received = to_micros(clock.now())
    files = Files(Form(name=f"logs/{reader.id}", fields=(), key=(), version=_VERSION))
    job = Job(reader.id, store.workspace.keys, store.workspace.scratch, received)
    try:
        with Crew(job, workers) as crew:
            for path in (item for given in paths for item in log_files(given, reader)):
                _read(store, reader, path, files, crew, advance)
            for taken in crew.finish():
                advance(files.absorb(taken))
        files.settle()
        if files.hashes:
            with store.engine() as engine:
                publish(engine.connection, files.scratch, without=files.broken)
                with writing(store, principal, "events.ingest_logs", clock=clock) as act:
                    _commit(store, engine, act, reader, files, (received, identities, asked))
    finally:
        files.clear()
    if not files.intakes:
        return Intake(adapter=reader.id, faults=(f"no file of {reader.title} was found",))
    return _shortened(combined(files.intakes)[0])


def _read(store: Store, reader: Adapter, path: Path, files: Files, crew: Crew, advance: Callable[[int], None]) -> None:
    """Hand one file to the crew piece by piece, unless it was read before or cannot be followed."""
    number = len(files.hashes) + len(files.broken)
    try:
        digest, _ = fingerprint(path)
        known = seen(store, files.form, digest)
        if known is not None:
            files.intakes.append(replace(known, adapter=reader.id))
            return
        files.refused[number] = RefusedRecords(path, store.workspace.refused, digest)
        for piece in pieces(files.readable(path, store.workspace.scratch)):
            files.pieces += 1
            for taken in crew.give(Lot(number, files.pieces, piece)):
                advance(files.absorb(taken))
    except FileRefused as fault:
        files.broken.add(number)
        files.intakes.append(Intake(adapter=reader.id, faults=(str(fault),)))
        return
    files.hashes[number] = digest
    files.read.setdefault(number, 0)


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
        if reader.signins and identities is not None:
            stage_signins(store, engine, act, sql, received)
    act.fact("adapter", reader.id)
    found = {row[0]: row[1:] for row in engine.rows(_COUNTED)}
    for number, digest in files.hashes.items():
        intake = _intake(reader, files, number, found.get(number, (0, 0)))
        remember(act, files.form, digest, intake)
        files.intakes.append(intake)
    files.intakes.append(_names(engine, reader))


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


_COUNTED = "SELECT file_no, count(*), count(*) FILTER (act = 'other') FROM arrived GROUP BY file_no"


def _intake(reader: Adapter, files: Files, number: int, counted: tuple[int, int]) -> Intake:
    stored, other = counted
    refused = files.refused[number]
    return Intake(
        adapter=reader.id,
        read=files.read[number],
        stored=stored,
        known=stored - other,
        other=other,
        duplicates=files.read[number] - stored - refused.count,
        refused_count=refused.count,
        refused=tuple(refused.shown),
    )


def _names(engine: DuckEngine, reader: Adapter) -> Intake:
    """The names behind the counts: actions that the vocabulary does not know, principals of no account."""
    others = engine.rows(
        "SELECT concat_ws(':', service, operation), count(*) FROM arrived WHERE act = 'other' GROUP BY 1 ORDER BY 2 DESC, 1"
    )
    unmapped = engine.rows(
        "SELECT coalesce(principal_id, principal_name, tenant_id, '(no principal)'), count(*) FROM arrived "
        "LEFT JOIN owners_of USING (n) WHERE owners_of.account_id IS NULL GROUP BY 1 ORDER BY 2 DESC, 1"
    )
    return Intake(adapter=reader.id, others=dict(others), unmapped=dict(unmapped))


def _shortened(intake: Intake) -> Intake:
    """The hundred most frequent names of each map, the rest added up."""
    return replace(intake, others=_top(intake.others), unmapped=_top(intake.unmapped))


def _top(counts: object) -> dict[str, int]:
    assert isinstance(counts, dict)
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    rest = sum(count for _, count in ordered[_MOST_NAMES:])
    return {**dict(ordered[:_MOST_NAMES]), **({"(others)": rest} if rest else {})}
