"""Institutions of the country by works."""

from __future__ import annotations

from vedette.documents import Figure, Mark
from vedette.observatory.drawing.draw import Bar, bars
from vedette.observatory.drawing.model import Design, Material, Rows

_TITLE = "Institutions"
_MOST, _ON_PAPER = 20, 12


def _rows(material: Material) -> Rows:
    return tuple(
        (row.id, row.name, str(row.works), _span(row.years), str(len(row.years))) for row in material.institutions
    )


def _span(years: tuple[int, ...]) -> str:
    if not years:
        return ""
    return str(years[0]) if years[0] == years[-1] else f"{years[0]}–{years[-1]}"


def _svg(rows: Rows) -> str:
    items = [Bar(row[1], float(row[2]), row[3]) for row in rows[:_MOST]]
    return bars(_TITLE, f"Bars of works by institution, with first and last year.{_rest(rows)}", items)


def _rest(rows: Rows, most: int = _MOST) -> str:
    return f" {len(rows) - most} more institutions are in the table." if len(rows) > most else ""


def _simple(rows: Rows) -> Figure:
    marks = tuple(Mark(row[1], float(row[2])) for row in rows[:_ON_PAPER])
    return Figure("bar", _TITLE, f"Works by institution.{_rest(rows, _ON_PAPER)}", marks, "works")


FIGURE = Design(
    title=_TITLE,
    method="A work counts once for each institution of the country that one of its addresses was resolved to.",
    blind_spots="Addresses that were not resolved with enough certainty are left out, so every number is a lower bound.",
    columns=("id", "institution", "works", "years", "years with works"),
    rows=_rows,
    svg=_svg,
    simple=_simple,
    order=4,
)
