"""Works a year: alone, with a partner country, or with addresses that could not be decided."""

from __future__ import annotations

from vedette.documents import Figure, Mark
from vedette.observatory.drawing.draw import columns
from vedette.observatory.drawing.model import Design, Material, Rows
from vedette.observatory.drawing.spans import UNKNOWN, drawn, filled, without

_KINDS = ("one country only", "with a partner country", "undecided addresses")
_COLOURS = ("#0072b2", "#e69f00", "#b8c0c8")
_TITLE = "Works by year"


def _rows(material: Material) -> Rows:
    held = {row.year: row for row in material.years}
    last = [0] if 0 in held else []
    found = []
    for year in filled(held) + last:
        row = held.get(year)
        counts = (row.domestic_only, row.with_partner, row.undetermined) if row else (0, 0, 0)
        found.append((str(year or UNKNOWN), *map(str, counts)))
    return tuple(found)


def _svg(rows: Rows) -> str:
    labels, series = drawn(rows, _KINDS)
    return columns(
        _TITLE,
        f"Stacked columns of works by year and kind of cooperation.{without(rows)}",
        labels,
        series,
        palette=_COLOURS,
    )


def _simple(rows: Rows) -> Figure:
    marks = tuple(Mark(row[0], float(sum(map(int, row[1:])))) for row in rows if row[0] != UNKNOWN)
    return Figure("line", _TITLE, f"All works of a year together.{without(rows)}", marks, "works")


FIGURE = Design(
    title=_TITLE,
    method="A work counts in its year if at least one address was decided for the country. Duplicates of several sources count once.",
    blind_spots="Years near the end are incomplete in every database. Works whose every address is missing are not here at all.",
    columns=("year", *_KINDS),
    rows=_rows,
    svg=_svg,
    simple=_simple,
    order=1,
)
