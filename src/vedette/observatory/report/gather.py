"""Gathers a report from the tables that were built: counts, works with their potential, claims, inputs and versions."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from vedette import __version__
from vedette.base import Clock, iso
from vedette.observatory import results
from vedette.observatory.claims import claims, compare
from vedette.observatory.figures.model import Material, WorkLine
from vedette.observatory.model import ObservedWork
from vedette.observatory.report.model import Report
from vedette.observatory.topics import classify
from vedette.observatory.window import Window
from vedette.policy.controls import dictionary
from vedette.store import Store


def gather(store: Store, window: Window, *, clock: Clock) -> Report:
    """The report of a country and years, as of now. Before the first build it is empty and says so."""
    whole = _material(store, window, _lines(results.works(store, window)))
    every = _lines(results.works(store, Window(country=window.country)))

    @lru_cache(maxsize=64)
    def of_years(begin: int, end: int) -> Material:
        years = Window(country=window.country, begin=begin, end=end)
        return _material(store, years, tuple(work for work in every if begin <= work.year <= end))

    return Report(
        material=whole,
        compared=compare(claims(), of_years),
        inputs=results.inputs(store),
        registries=_registries(store),
        software=__version__,
        made_at=iso(clock.now()),
    )


def _material(store: Store, window: Window, works: tuple[WorkLine, ...]) -> Material:
    return Material(
        country=window.country,
        begin=window.begin,
        end=window.end,
        years=results.yearly(store, window),
        partners=results.partners(store, window),
        institutions=results.institutions(store, window),
        edges=results.network(store, window),
        ranks=results.ranks(store, window),
        works=works,
        dictionary=dictionary().version,
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
