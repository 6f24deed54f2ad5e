"""Partner countries by shared works."""

from __future__ import annotations

from vedette.documents import Figure, Mark
from vedette.observatory.drawing.countries import name_of
from vedette.observatory.drawing.draw import Bar, bars
from vedette.observatory.drawing.model import Design, Material, Rows

_TITLE = "Partner countries"
_MOST, _ON_PAPER = 20, 12


def _rows(material: Material) -> Rows:
    return tuple((row.country, str(row.works), _year(row.first), _year(row.last)) for row in material.partners)


def _year(year: int) -> str:
    return str(year) if year else ""


def _svg(rows: Rows) -> str:
    items = [Bar(name_of(row[0]), float(row[1]), _span(row[2], row[3])) for row in rows[:_MOST]]
    return bars(
        _TITLE, f"Bars of shared works by country, with first and last year.{_rest(rows)}", items, unit="shared works"
    )


def _span(first: str, last: str) -> str:
    return first if first == last else f"{first}–{last}"


def _rest(rows: Rows, most: int = _MOST) -> str:
    return f" {len(rows) - most} more countries are in the table." if len(rows) > most else ""


def _simple(rows: Rows) -> Figure:
    marks = tuple(Mark(name_of(row[0]), float(row[1])) for row in rows[:_ON_PAPER])
    return Figure("bar", _TITLE, f"Shared works by partner country.{_rest(rows, _ON_PAPER)}", marks, "works")


FIGURE = Design(
    title=_TITLE,
    method="A work counts once for each other country that one of its addresses was decided for. Country codes of a database are not believed.",
    blind_spots="An address that names only “Korea” is ambiguous and counts for nobody. Partners without an address are missing.",
    columns=("country", "works", "first year", "last year"),
    rows=_rows,
    svg=_svg,
    simple=_simple,
    order=2,
)
