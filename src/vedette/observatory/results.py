"""What the corpus shows, as typed rows: the one place from which figures, claims and reports read.

Everything is read from the tables that ``build`` derived; a question before the first build has an empty answer.
"""

from __future__ import annotations

from collections.abc import Iterator

from vedette.observatory.model import (
    CountryRank,
    InputFile,
    InstitutionCount,
    ObservedWork,
    OpenAddress,
    PartnerCount,
    PartnerEdge,
    YearCount,
)
from vedette.observatory.window import Window
from vedette.store import Store

_ALL = Window()


def yearly(store: Store, window: Window = _ALL) -> tuple[YearCount, ...]:
    """Works by year with an address in the country: alone, with a partner country, or undetermined."""
    from vedette.observatory.store import numbers

    return numbers.years(store, window)


def partners(store: Store, window: Window = _ALL) -> tuple[PartnerCount, ...]:
    """Partner countries by number of shared works, the most first."""
    from vedette.observatory.store import numbers

    return numbers.partners(store, window)


def institutions(store: Store, window: Window = _ALL) -> tuple[InstitutionCount, ...]:
    """Institutions of the country by number of works, the most first."""
    from vedette.observatory.store import numbers

    return numbers.institutions(store, window)


def network(store: Store, window: Window = _ALL, *, level: str = "country") -> tuple[PartnerEdge, ...]:
    """Countries (or with ``level="institution"`` institutions, by name) that stand on the same works of the country."""
    from vedette.observatory.store import numbers

    return numbers.edges(store, window, level=level)


def ranks(store: Store, window: Window = _ALL) -> tuple[CountryRank, ...]:
    """Every country in the corpus by number of works, in the window's years."""
    from vedette.observatory.store import numbers

    return numbers.ranks(store, window)


def open_addresses(store: Store, window: Window = _ALL) -> tuple[OpenAddress, ...]:
    """Addresses that nobody could decide and on which the numbers hang: what a person should look at."""
    from vedette.observatory.store import numbers

    return numbers.open_addresses(store, window)


def works(store: Store, window: Window = _ALL) -> Iterator[ObservedWork]:
    """The country's works with title and abstract, by year."""
    from vedette.observatory.store import numbers

    return numbers.works(store, window)


def inputs(store: Store) -> tuple[InputFile, ...]:
    """The files that were taken in, by time: what a citable bundle names with its hashes."""
    from vedette.observatory.store import kept

    return kept.inputs(store)
