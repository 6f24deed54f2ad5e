"""Gathers a report from the tables that were built: counts, works with their potential, claims, inputs and versions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from vedette import __version__
from vedette.base import Clock, iso
from vedette.observatory import results
from vedette.observatory.claims import Compared, claims, compare
from vedette.observatory.drawing.model import Material, WorkLine
from vedette.observatory.model import CountryRank, ObservedWork, PartnerCount
from vedette.observatory.report.model import Report
from vedette.observatory.search import of_corpus
from vedette.observatory.topics import classify
from vedette.observatory.window import Window
from vedette.policy.controls import dictionary
from vedette.store import Store


def gather(store: Store, window: Window, *, clock: Clock) -> Report:
    """The report of a country and years, as of now. Before the first build it is empty and says so."""
    every = Window(country=window.country)
    base = material(store, every)
    return Report(
        material=base if window == every else material(store, window),
        compared=compared(store, base),
        inputs=results.inputs(store),
        recall=of_corpus(store, window.country),
        registries=_registries(store),
        software=__version__,
        made_at=iso(clock.now()),
    )


def material(store: Store, window: Window) -> Material:
    """What the figures are made from."""
    return Material(
        country=window.country,
        begin=window.begin,
        end=window.end,
        years=results.yearly(store, window),
        partners=results.partners(store, window),
        institutions=results.institutions(store, window),
        edges=results.network(store, window),
        ranks=results.ranks(store, window),
        works=_lines(results.works(store, window)),
        dictionary=dictionary().version,
    )


def compared(store: Store, base: Material) -> tuple[Compared, ...]:
    """Published figures beside ours of the same years; ``base`` is the material of all years."""
    ranked = {(claim.begin, claim.end) for claim in claims() if claim.measure == "rank"}

    def of_years(begin: int, end: int) -> Material:
        asked = Window(country=base.country, begin=begin, end=end)
        return narrowed(base, begin, end, results.ranks(store, asked) if (begin, end) in ranked else ())

    return compare(claims(), of_years)


def narrowed(base: Material, begin: int, end: int, ranks: tuple[CountryRank, ...] = ()) -> Material:
    """The material of some years out of that of all: partners are counted again, institutions are those with a work in them.

    Edges and an institution's number of works stay those of all years, since no published figure is compared with them.
    """
    works = tuple(work for work in base.works if begin <= work.year <= end)
    shared: dict[str, list[int]] = {}
    for work in works:
        for code in set(work.countries) - {base.country}:
            shared.setdefault(code, []).append(work.year)
    return replace(
        base,
        begin=begin,
        end=end,
        years=tuple(row for row in base.years if begin <= row.year <= end),
        partners=tuple(
            PartnerCount(country=code, works=len(years), first=min(years), last=max(years))
            for code, years in sorted(shared.items(), key=lambda item: (-len(item[1]), item[0]))
        ),
        institutions=tuple(row for row in base.institutions if any(begin <= year <= end for year in row.years)),
        ranks=ranks,
        works=works,
    )


def _lines(works: Iterable[ObservedWork]) -> tuple[WorkLine, ...]:
    return tuple(line(work) for work in works)


def line(work: ObservedWork) -> WorkLine:
    """One work with its potential; every title it bears, in whatever language, is read."""
    others = [title for _, title in work.titles if title and title != work.title]
    found = classify(". ".join([work.title, *others]), work.abstract)
    return WorkLine(
        work_id=work.work_id,
        year=work.year,
        title=work.title,
        doi=work.doi,
        countries=work.countries,
        potential=found.potential.value,
        categories=found.categories,
        topics=tuple(dict.fromkeys(each.topic for each in found.phrases)),
        phrases=tuple(dict.fromkeys(each.phrase for each in found.phrases)),
        methods=tuple(dict.fromkeys(each.phrase for each in found.methods)),
        abstract_read=bool(work.abstract or others),
    )


def _registries(store: Store) -> tuple[str, ...]:
    from vedette.institutions.store import in_force

    return tuple(version.label for version in in_force(store)) or ("the shipped institutions of the DPRK only",)
