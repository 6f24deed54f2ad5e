"""Puts gathered records into the lake: repeated ones left out, those of one work joined under its id, in one act."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import msgspec

from vedette.audit import writing
from vedette.base import Clock, Principal, iso, to_micros
from vedette.observatory.model import InputFile
from vedette.observatory.store import kept
from vedette.observatory.store.spool import AuthorshipRow, Spool, WorkRow
from vedette.observatory.tables import AUTHORSHIPS, WORKS, columns
from vedette.store import Store
from vedette.store.engines.duckdb import DuckEngine, literal

_MOST_OF_A_TITLE = 50
_ALIKE = """(a.year = 0 OR b.year = 0 OR abs(a.year - b.year) <= 1) AND (a.first_author = '' OR b.first_author = ''
    OR list_has_any(string_split(a.first_author, ' '), string_split(b.first_author, ' ')))"""


@dataclass(frozen=True, slots=True)
class Landed:
    """What became of one file's records: new works, records of works already held, newer versions among the latter."""

    stored: int = 0
    duplicates: int = 0
    newer: int = 0
    joined: int = 0


def last_ordinal(store: Store) -> int:
    """The highest number that a record bears."""
    with store.engine(["works"]) as engine:
        return int(engine.rows("SELECT coalesce(max(ordinal), 0) FROM works")[0][0])


def land(
    store: Store, principal: Principal, spool: Spool, files: Sequence[InputFile], *, clock: Clock
) -> tuple[Landed, ...]:
    """Commit what the spool holds, one ``Landed`` a file, and note the files; all in one act or not at all."""
    spool.flush()
    now = clock.now()
    with store.engine(["works"]) as engine:
        _read(engine, "incoming", spool.works_path, WorkRow)
        _sift(engine)
        _join(engine)
        landed = _counted(engine, len(files))
        batch = int(engine.rows("SELECT coalesce(max(ordinal), 0) FROM incoming")[0][0])
        received = to_micros(now)
        with writing(store, principal, "observatory.import", clock=clock) as act:
            act.commit_files(store.lake.stage(engine.connection, "works", _works(batch, received)))
            _read(engine, "places", spool.authorships_path, AuthorshipRow)
            act.commit_files(store.lake.stage(engine.connection, "authorships", _authorships(batch, received)))
            kept.remember(act, tuple(item for item in _filled(files, landed, iso(now)) if not _known(store, item)))
            act.fact("files", len(files))
            act.fact("records", sum(item.read for item in files))
            act.fact("works", sum(item.stored for item in landed))
    return landed


def _known(store: Store, item: InputFile) -> bool:
    """Whether the file was noted before: what it brought the first time counts."""
    return kept.seen(store, item.sha256, item.source) is not None


def _filled(files: Sequence[InputFile], landed: Sequence[Landed], moment: str) -> tuple[InputFile, ...]:
    """What to remember of each file; of one that came twice the first time counts."""
    found: dict[tuple[str, str], InputFile] = {}
    for item, told in zip(files, landed, strict=True):
        whole = replace(item, stored=told.stored, duplicates=told.duplicates, imported_at=moment)
        found.setdefault((item.sha256, item.source), whole)
    return tuple(found.values())


def _read(engine: DuckEngine, table: str, path: object, row: type[msgspec.Struct]) -> None:
    types = {"int": "BIGINT", "str": "VARCHAR"}
    told = ", ".join(
        f"{literal(field.name)}: {literal(types[field.type.__name__])}" for field in msgspec.structs.fields(row)
    )
    engine.run(
        f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT * FROM read_json({literal(str(path))}, "
        f"format = 'newline_delimited', columns = {{{told}}}, maximum_object_size = 268435456)"
    )


def _sift(engine: DuckEngine) -> None:
    """``fresh``: the last version of each record that is not held just so."""
    engine.run(
        """CREATE TEMP TABLE fresh AS WITH once AS (SELECT * FROM incoming
            QUALIFY row_number() OVER (PARTITION BY record_id, content_hash ORDER BY ordinal) = 1)
        SELECT i.*, h.work_id AS held_id, h.first_us AS held_us FROM once i LEFT JOIN works h USING (record_id)
        WHERE h.content_hash IS DISTINCT FROM i.content_hash
        QUALIFY row_number() OVER (PARTITION BY record_id ORDER BY i.ordinal DESC) = 1"""
    )


def _join(engine: DuckEngine) -> None:
    """``settled``: the work id of each fresh record. By its record, its DOI, then title, year and first author.

    Records with different DOIs are never one work. A record without DOI joins the oldest work held that is alike, then one of
    this batch. Looking at titles stops after fifty records of one title.
    """
    engine.run(
        """CREATE TEMP TABLE by_doi AS
        WITH held AS (SELECT doi, min(work_id) AS work_id FROM works WHERE doi <> '' GROUP BY doi)
        SELECT f.ordinal, f.doi, f.title_key, f.year, f.first_author, f.candidate,
            min(coalesce(f.held_id, h.work_id)) OVER (PARTITION BY CASE WHEN f.doi <> '' THEN f.doi ELSE f.record_id END)
            AS work_id
        FROM fresh f LEFT JOIN held h ON f.doi <> '' AND f.doi = h.doi"""
    )
    engine.run(
        f"""CREATE TEMP TABLE pool AS SELECT work_id, title_key, year, first_author, doi, ordinal FROM works
        SEMI JOIN (SELECT DISTINCT title_key FROM by_doi WHERE work_id IS NULL AND title_key <> '') USING (title_key)
        QUALIFY row_number() OVER (PARTITION BY title_key ORDER BY ordinal) <= {_MOST_OF_A_TITLE}"""
    )
    _adopt(engine)
    _by_title(engine)


def _adopt(engine: DuckEngine) -> None:
    """A work held without DOI is given to the first new DOI that is alike."""
    engine.run(
        f"""CREATE TEMP TABLE adopted AS
        SELECT b.doi, min_by(a.work_id, a.ordinal) AS work_id
        FROM by_doi b JOIN pool a USING (title_key)
        WHERE b.work_id IS NULL AND b.doi <> '' AND a.doi = '' AND {_ALIKE}
        AND a.work_id NOT IN (SELECT work_id FROM works WHERE doi <> '' AND work_id IS NOT NULL)
        GROUP BY b.doi
        QUALIFY row_number() OVER (PARTITION BY min_by(a.work_id, a.ordinal) ORDER BY min(b.ordinal)) = 1"""
    )
    engine.run(
        """CREATE TEMP TABLE named AS SELECT b.* EXCLUDE (work_id), coalesce(b.work_id, a.work_id,
            CASE WHEN b.doi <> '' THEN b.candidate END) AS work_id
        FROM by_doi b LEFT JOIN adopted a ON b.doi <> '' AND b.doi = a.doi"""
    )


def _by_title(engine: DuckEngine) -> None:
    """Records without DOI look at what is held, at what this batch named, then at each other."""
    engine.run(
        f"""CREATE TEMP TABLE alike AS
        WITH open AS (SELECT * FROM named WHERE work_id IS NULL AND title_key <> ''),
        seen AS (
            SELECT work_id, title_key, year, first_author, 0 AS turn, ordinal FROM pool
            UNION ALL SELECT work_id, title_key, year, first_author, 1, ordinal FROM named WHERE work_id IS NOT NULL
            UNION ALL SELECT candidate, title_key, year, first_author, 2, ordinal FROM open),
        near AS (SELECT * FROM seen SEMI JOIN open USING (title_key)
            QUALIFY row_number() OVER (PARTITION BY title_key ORDER BY turn, ordinal) <= {_MOST_OF_A_TITLE})
        SELECT b.ordinal, min_by(a.work_id, a.turn * 1e15 + a.ordinal) AS work_id
        FROM open b JOIN near a USING (title_key) WHERE (a.turn < 2 OR a.ordinal <= b.ordinal) AND {_ALIKE} GROUP BY 1"""
    )
    # A record may have joined one that itself joined another: follow that once, which suffices for all but contrived chains.
    engine.run(
        """CREATE TEMP TABLE settled AS
        WITH once AS (SELECT n.ordinal, n.candidate, coalesce(n.work_id, a.work_id, n.candidate) AS work_id
            FROM named n LEFT JOIN alike a USING (ordinal))
        SELECT o.ordinal, coalesce(t.work_id, o.work_id) AS work_id FROM once o
        LEFT JOIN (SELECT candidate, min(work_id) AS work_id FROM once WHERE candidate <> work_id GROUP BY 1) t
        ON o.work_id = t.candidate"""
    )


def _counted(engine: DuckEngine, files: int) -> tuple[Landed, ...]:
    rows = engine.rows(
        """WITH known AS (SELECT DISTINCT work_id FROM works), turned AS (
            SELECT f.file, f.held_id, s.work_id, k.work_id IS NULL
                AND row_number() OVER (PARTITION BY s.work_id ORDER BY f.ordinal) = 1 AS new
            FROM fresh f JOIN settled s USING (ordinal) LEFT JOIN known k ON s.work_id = k.work_id)
        SELECT i.file, i.read, coalesce(t.stored, 0), coalesce(t.newer, 0), coalesce(t.joined, 0)
        FROM (SELECT file, count(*) AS read FROM incoming GROUP BY 1) i LEFT JOIN (
            SELECT file, count(*) FILTER (new) AS stored, count(*) FILTER (held_id IS NOT NULL) AS newer,
                count(*) FILTER (NOT new AND held_id IS NULL) AS joined FROM turned GROUP BY 1) t USING (file)"""
    )
    found = {int(file): Landed(stored, read - stored, newer, joined) for file, read, stored, newer, joined in rows}
    return tuple(found.get(number, Landed()) for number in range(files))


def _works(batch: int, received: int) -> str:
    plain = [name for name in columns(WORKS) if name not in ("work_id", "batch", "first_us", "received_us")]
    listed = ", ".join(f"f.{name}" for name in plain)
    return (
        f"SELECT s.work_id, {listed}, {batch} AS batch, coalesce(f.held_us, {received}) AS first_us, "
        f"{received} AS received_us FROM fresh f JOIN settled s USING (ordinal)"
    )


def _authorships(batch: int, received: int) -> str:
    plain = [name for name in columns(AUTHORSHIPS) if name not in ("batch", "received_us")]
    listed = ", ".join(f"p.{name}" for name in plain)
    return (
        f"SELECT {listed}, {batch} AS batch, {received} AS received_us FROM places p SEMI JOIN fresh f USING (ordinal)"
    )
