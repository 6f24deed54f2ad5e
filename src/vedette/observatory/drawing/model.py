"""What figures are made from, and what a figure is: a table of texts from which its picture follows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from vedette.base import Json
from vedette.documents import Figure
from vedette.observatory.model import (
    CountryRank,
    InstitutionCount,
    ObservatoryError,
    PartnerCount,
    PartnerEdge,
    YearCount,
)

Rows: TypeAlias = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkLine:
    """One work as a citable bundle holds it: no person, no abstract.

    ``countries`` are decided ones. ``abstract_read`` tells whether an abstract was read beside the title, which the bundle cannot
    hold. ``topics`` are subjects of the dictionary whose controlled phrases were found, ``phrases`` these phrases, ``methods`` phrases that settle nothing.
    """

    work_id: str
    year: int
    title: str
    doi: str = ""
    countries: tuple[str, ...] = ()
    potential: str = "undetermined"
    categories: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    abstract_read: bool = False

    def as_json(self) -> dict[str, Json]:
        """The form in the bundle."""
        return {
            "work_id": self.work_id,
            "year": self.year,
            "title": self.title,
            "doi": self.doi,
            "countries": list(self.countries),
            "potential": self.potential,
            "categories": list(self.categories),
            "topics": list(self.topics),
            "phrases": list(self.phrases),
            "methods": list(self.methods),
            "abstract_read": self.abstract_read,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """Everything that the figures of one report are made from, for one country and a span of years."""

    country: str
    begin: int
    end: int
    years: tuple[YearCount, ...]
    partners: tuple[PartnerCount, ...]
    institutions: tuple[InstitutionCount, ...]
    edges: tuple[PartnerEdge, ...]
    ranks: tuple[CountryRank, ...]
    works: tuple[WorkLine, ...]
    dictionary: str

    def as_json(self) -> dict[str, Json]:
        """The form in the bundle."""
        return {
            "v": 1,
            "country": self.country,
            "begin": self.begin,
            "end": self.end,
            "years": [[row.year, row.works, row.domestic_only, row.with_partner] for row in self.years],
            "partners": [[row.country, row.works, row.first, row.last] for row in self.partners],
            "institutions": [[row.id, row.name, row.works, list(row.years)] for row in self.institutions],
            "edges": [[row.a, row.b, row.works] for row in self.edges],
            "ranks": [[row.rank, row.country, row.works] for row in self.ranks],
            "works": [work.as_json() for work in self.works],
            "dictionary": self.dictionary,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """One figure. ``rows`` makes its table from the material; ``svg`` its picture, and ``simple`` one for paper, from that table.

    ``method`` says how it is counted, ``blind_spots`` what it cannot show, ``order`` where it stands in a report. ``tabled``: on
    paper its table stands beside the simple picture, which has numbers of its own.
    """

    title: str
    method: str
    blind_spots: str
    columns: tuple[str, ...]
    rows: Callable[[Material], Rows]
    svg: Callable[[Rows], str]
    simple: Callable[[Rows], Figure | None]
    order: int
    tabled: bool = True


def read_material(value: object) -> Material:
    """The material that ``as_json`` told. Raises ObservatoryError for anything else."""
    try:
        if not isinstance(value, Mapping):
            raise TypeError("no mapping")
        return Material(
            country=_text(value["country"]),
            begin=_whole(value["begin"]),
            end=_whole(value["end"]),
            years=tuple(
                YearCount(year=_whole(a), works=_whole(b), domestic_only=_whole(c), with_partner=_whole(d))
                for a, b, c, d in _lists(value["years"])
            ),
            partners=tuple(
                PartnerCount(country=_text(a), works=_whole(b), first=_whole(c), last=_whole(d))
                for a, b, c, d in _lists(value["partners"])
            ),
            institutions=tuple(
                InstitutionCount(id=_text(a), name=_text(b), works=_whole(c), years=tuple(map(_whole, _list(d))))
                for a, b, c, d in _lists(value["institutions"])
            ),
            edges=tuple(PartnerEdge(a=_text(a), b=_text(b), works=_whole(c)) for a, b, c in _lists(value["edges"])),
            ranks=tuple(
                CountryRank(rank=_whole(a), country=_text(b), works=_whole(c)) for a, b, c in _lists(value["ranks"])
            ),
            works=tuple(_work(item) for item in _list(value["works"])),
            dictionary=_text(value["dictionary"]),
        )
    except (KeyError, TypeError, ValueError) as fault:
        raise ObservatoryError(f"this is no material of a report: {fault}", remedy="Make the bundle again") from None


def _work(value: object) -> WorkLine:
    if not isinstance(value, Mapping):
        raise TypeError("a work is no mapping")
    return WorkLine(
        work_id=_text(value["work_id"]),
        year=_whole(value["year"]),
        title=_text(value["title"]),
        doi=_text(value["doi"]),
        countries=_texts(value["countries"]),
        potential=_text(value["potential"]),
        categories=_texts(value["categories"]),
        topics=_texts(value["topics"]),
        phrases=_texts(value["phrases"]),
        methods=_texts(value["methods"]),
        abstract_read=bool(value["abstract_read"]),
    )


def _list(value: object) -> Sequence[object]:
    if not isinstance(value, list):
        raise TypeError("a list is missing")
    return value


def _lists(value: object) -> list[Sequence[object]]:
    return [_list(item) for item in _list(value)]


def _texts(value: object) -> tuple[str, ...]:
    return tuple(_text(item) for item in _list(value))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("a text is missing")
    return value


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError("a whole number is missing")
    return value
