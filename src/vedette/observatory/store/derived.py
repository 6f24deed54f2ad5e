"""Derives the tables that results are read from, and puts them in the place of the older ones in one act."""

from __future__ import annotations

from vedette.audit import writing
from vedette.base import Clock, Principal, to_micros
from vedette.observatory.model import AMBIGUOUS
from vedette.store import Store
from vedette.store.engines.duckdb import DuckEngine

#: What a work is told by where its records differ: the source that describes works best comes first.
_ORDER = "CASE source WHEN 'crossref' THEN 0 WHEN 'wos' THEN 1 WHEN 'scopus' THEN 2 WHEN 'pubmed' THEN 3 WHEN 'openalex' THEN 4 ELSE 5 END"

_FIELDS = ("doi", "date", "title", "titles", "abstract", "language", "venue", "type")


def derive(store: Store, principal: Principal, *, clock: Clock) -> dict[str, int]:
    """Make both derived tables anew. Returns the counts that ``build`` reports."""
    received = to_micros(clock.now())
    with store.engine(["works", "authorships", "affiliations"]) as engine:
        _resolve(engine)
        _works(engine)
        counts = _counts(engine)
        with writing(store, principal, "observatory.build", clock=clock) as act:
            for table, name in (("distinct_works", "works"), ("resolved_authorships", "rows")):
                act.retire_files(store.lake.files(act.connection, table))
                select = f"SELECT *, {received}::BIGINT AS received_us FROM made_{table}"
                counts[name] = act.commit_files(store.lake.stage(engine.connection, table, select))
            for name, count in counts.items():
                act.fact(name, count)
    return counts


def _resolve(engine: DuckEngine) -> None:
    """One row for each work, address and institution; institution "" where none is known."""
    engine.run(
        """CREATE TEMP TABLE addresses AS
        SELECT w.work_id, max(w.year) AS year, a.affiliation_id, count(DISTINCT (a.record_id, a.position)) AS authors,
            array_to_string(list_sort(list_distinct(list(w.source || ':' || w.source_id))), ' ') AS sources
        FROM authorships a JOIN works w ON a.record_id = w.record_id AND a.batch = w.batch
        WHERE a.affiliation_id <> '' GROUP BY 1, 3"""
    )
    engine.run(
        """CREATE TEMP TABLE known AS SELECT affiliation_id, text, country, evidence,
            CASE WHEN json_array_length(institutions) > 0 THEN
                from_json(institutions, '[{"id":"VARCHAR","name":"VARCHAR","country":"VARCHAR","relation":"VARCHAR"}]')
            ELSE [{'id': '', 'name': '', 'country': '', 'relation': ''}] END AS found FROM affiliations"""
    )
    engine.run(
        """CREATE TEMP TABLE made_resolved_authorships AS
        SELECT d.work_id, d.year, d.affiliation_id, k.text AS affiliation, i.id AS institution_id, i.name AS institution,
            i.country AS institution_country, i.relation, coalesce(k.country, '') AS country, k.evidence, d.authors, d.sources
        FROM addresses d LEFT JOIN (SELECT * EXCLUDE (found), unnest(found) AS i FROM known) k USING (affiliation_id)"""
    )


def _works(engine: DuckEngine) -> None:
    """One row a work: of each field the best source's value that is there. Works of one record are not gathered: most are."""
    engine.run("CREATE TEMP TABLE several AS SELECT work_id FROM works GROUP BY 1 HAVING count(*) > 1")
    _gather(engine)
    engine.run(
        f"""CREATE TEMP VIEW merged AS
        SELECT work_id, coalesce(year, 0) AS year, {", ".join(_FIELDS)}, to_json([source || ':' || source_id])::VARCHAR AS sources,
            countries AS claimed, first_us AS first_seen_us
        FROM works ANTI JOIN several USING (work_id)
        UNION ALL SELECT * FROM gathered"""
    )
    engine.run(
        f"""CREATE TEMP TABLE decided AS SELECT work_id,
            to_json(coalesce(list_sort(list_distinct(list(country) FILTER (country NOT IN ('', '{AMBIGUOUS}')))), []))::VARCHAR
            AS countries,
            count(DISTINCT affiliation_id) FILTER (country IN ('', '{AMBIGUOUS}')) AS undecided
        FROM made_resolved_authorships GROUP BY 1"""
    )
    engine.run(
        """CREATE TEMP TABLE signed AS SELECT work_id, max(authors) AS authors FROM (
            SELECT w.work_id, w.record_id, count(DISTINCT a.position) FILTER (a.position > 0) AS authors
            FROM works w JOIN authorships a ON a.record_id = w.record_id AND a.batch = w.batch GROUP BY 1, 2) GROUP BY 1"""
    )
    engine.run(
        """CREATE TEMP VIEW made_distinct_works AS
        SELECT m.work_id, m.doi, m.year, m.date, m.title, m.titles, m.abstract, m.language, m.venue, m.type, m.sources,
            trim(m.claimed) AS claimed, coalesce(d.countries, '[]') AS countries, coalesce(d.undecided, 0) AS undecided,
            coalesce(p.authors, 0) AS authors, m.first_seen_us
        FROM merged m LEFT JOIN decided d USING (work_id) LEFT JOIN signed p USING (work_id)"""
    )


def _gather(engine: DuckEngine) -> None:
    """``gathered``: the works of several records."""
    best = ", ".join(f"coalesce(arg_min({name}, turn) FILTER ({name} <> ''), '') AS {name}" for name in _FIELDS)
    engine.run(
        f"""CREATE TEMP TABLE gathered AS
        WITH told AS (SELECT *, ({_ORDER}) * 1e15 + ordinal AS turn FROM works SEMI JOIN several USING (work_id))
        SELECT work_id, coalesce(arg_min(year, turn) FILTER (year > 0), 0) AS year, {best},
            to_json(list_sort(list(source || ':' || source_id)))::VARCHAR AS sources,
            array_to_string(list_sort(list_distinct(flatten(list(string_split(countries, ' '))))), ' ') AS claimed,
            min(first_us) AS first_seen_us
        FROM told GROUP BY work_id"""
    )


def _counts(engine: DuckEngine) -> dict[str, int]:
    row = engine.rows(
        f"""SELECT (SELECT count(*) FROM works), count(*) FILTER (country NOT IN ('', '{AMBIGUOUS}')),
            count(*) FILTER (country = '{AMBIGUOUS}'), count(*) FILTER (country = '') FROM affiliations"""
    )[0]
    return dict(zip(("records", "decided", "ambiguous", "undecided"), map(int, row), strict=True))
