"""Reads the derived tables: counts by year, partner, institution and country, and the works behind them."""

from __future__ import annotations

import json
from collections.abc import Iterator

from vedette.base import to_micros
from vedette.observatory.model import (
    AMBIGUOUS,
    CountryRank,
    InstitutionCount,
    ObservedWork,
    OpenAddress,
    PartnerCount,
    PartnerEdge,
    YearCount,
)
from vedette.observatory.window import Window
from vedette.store import Store

_TABLES = ("distinct_works", "resolved_authorships")
_FOCUS = (
    "WITH focus AS (SELECT DISTINCT r.work_id, w.year, w.undecided, w.countries FROM resolved_authorships r "
    "JOIN distinct_works w USING (work_id) WHERE r.country = $country AND w.first_seen_us >= $since "
    "AND coalesce(w.year, 0) BETWEEN $begin AND $end)"
)
_OTHER = f"country IS NOT NULL AND country NOT IN ('', '{AMBIGUOUS}')"


def _ask(store: Store, sql: str, window: Window) -> list[tuple[object, ...]]:
    since = to_micros(window.since) if window.since else -(2**62)
    values = {"country": window.country, "since": since, "begin": window.begin, "end": window.end}
    used = {name: value for name, value in values.items() if f"${name}" in sql}
    with store.engine(_TABLES) as engine:
        return engine.rows(sql, used)


def years(store: Store, window: Window) -> tuple[YearCount, ...]:
    """Counts by year, in order; year 0 where it is not known."""
    sql = f"""{_FOCUS}, told AS (
        SELECT f.work_id, f.year, f.undecided,
            bool_or(r.country <> $country AND {_OTHER.replace("country", "r.country")}) AS partner
        FROM focus f JOIN resolved_authorships r USING (work_id) GROUP BY ALL)
        SELECT coalesce(year, 0), count(*), count(*) FILTER (NOT partner AND undecided = 0), count(*) FILTER (partner)
        FROM told GROUP BY 1 ORDER BY 1"""
    return tuple(
        YearCount(
            year=int(str(year)), works=int(str(works)), domestic_only=int(str(alone)), with_partner=int(str(shared))
        )
        for year, works, alone, shared in _ask(store, sql, window)
    )


def partners(store: Store, window: Window) -> tuple[PartnerCount, ...]:
    """Partner countries, the most works first."""
    sql = f"""{_FOCUS} SELECT r.country, count(DISTINCT work_id), min(nullif(f.year, 0)), max(nullif(f.year, 0))
        FROM focus f JOIN resolved_authorships r USING (work_id)
        WHERE r.country <> $country AND {_OTHER.replace("country", "r.country")} GROUP BY 1 ORDER BY 2 DESC, 1"""
    return tuple(
        PartnerCount(country=str(country), works=_whole(works), first=_whole(first), last=_whole(last))
        for country, works, first, last in _ask(store, sql, window)
    )


def institutions(store: Store, window: Window) -> tuple[InstitutionCount, ...]:
    """Institutions of the country, the most works first."""
    sql = f"""{_FOCUS} SELECT r.institution_id, min(r.institution), count(DISTINCT work_id),
            array_to_string(list_sort(list_distinct(list(f.year) FILTER (f.year > 0))), ' ')
        FROM focus f JOIN resolved_authorships r USING (work_id)
        WHERE r.country = $country AND r.institution_country = $country AND r.institution_id <> ''
        GROUP BY 1 ORDER BY 3 DESC, 1"""
    return tuple(
        InstitutionCount(
            id=str(institution),
            name=str(name),
            works=_whole(works),
            years=tuple(int(year) for year in str(told or "").split()),
        )
        for institution, name, works, told in _ask(store, sql, window)
    )


def edges(store: Store, window: Window, *, level: str) -> tuple[PartnerEdge, ...]:
    """Pairs that stand on the same works: of countries, or of institutions (``level``); the most works first."""
    known = "institution_id <> ''" if level == "institution" else _OTHER
    node = "institution" if level == "institution" else "country"
    sql = f"""{_FOCUS}, nodes AS (SELECT DISTINCT work_id, {node} AS node FROM resolved_authorships
            SEMI JOIN focus USING (work_id) WHERE {known})
        SELECT a.node, b.node, count(*) FROM nodes a JOIN nodes b ON a.work_id = b.work_id AND a.node < b.node
        GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2"""
    return tuple(PartnerEdge(a=str(a), b=str(b), works=_whole(works)) for a, b, works in _ask(store, sql, window))


def ranks(store: Store, window: Window) -> tuple[CountryRank, ...]:
    """Every country of the corpus by its works; the window's country does not narrow it."""
    sql = f"""SELECT rank() OVER (ORDER BY works DESC), country, works FROM (
        SELECT r.country, count(DISTINCT work_id) AS works FROM resolved_authorships r JOIN distinct_works w USING (work_id)
        WHERE {_OTHER.replace("country", "r.country")} AND w.first_seen_us >= $since
        AND coalesce(w.year, 0) BETWEEN $begin AND $end GROUP BY 1) ORDER BY 1, 2"""
    return tuple(
        CountryRank(rank=_whole(rank), country=str(country), works=_whole(works))
        for rank, country, works in _ask(store, sql, window)
    )


def open_addresses(store: Store, window: Window) -> tuple[OpenAddress, ...]:
    """Addresses of works with the country, or ambiguous ones anywhere, that were not decided; those of the most works first."""
    sql = f"""{_FOCUS} SELECT r.affiliation, r.country, count(DISTINCT r.work_id), any_value(r.evidence)
        FROM resolved_authorships r JOIN distinct_works w USING (work_id) LEFT JOIN focus f USING (work_id)
        WHERE ((r.country = '' AND f.work_id IS NOT NULL) OR r.country = '{AMBIGUOUS}')
        AND w.first_seen_us >= $since AND coalesce(w.year, 0) BETWEEN $begin AND $end
        GROUP BY 1, 2 ORDER BY 3 DESC, 1"""
    return tuple(
        OpenAddress(affiliation=str(text), country=str(country), works=_whole(count), evidence=str(evidence or ""))
        for text, country, count, evidence in _ask(store, sql, window)
    )


def works(store: Store, window: Window) -> Iterator[ObservedWork]:
    """The works with an address in the country, by year and id."""
    sql = f"""{_FOCUS} SELECT w.work_id, coalesce(w.year, 0), w.title, coalesce(w.abstract, ''), w.titles, coalesce(w.doi, ''),
            coalesce(w.venue, ''), w.countries, w.sources
        FROM distinct_works w SEMI JOIN focus USING (work_id) ORDER BY 2, 1"""
    for work_id, year, title, abstract, titles, doi, venue, countries, sources in _ask(store, sql, window):
        yield ObservedWork(
            work_id=str(work_id),
            year=_whole(year),
            title=str(title),
            abstract=str(abstract),
            titles=tuple((language, text) for language, text in json.loads(str(titles or "[]"))),
            doi=str(doi),
            venue=str(venue),
            countries=tuple(json.loads(str(countries or "[]"))),
            sources=tuple(json.loads(str(sources or "[]"))),
        )


def _whole(value: object) -> int:
    return int(str(value)) if value is not None else 0
