"""Countries of the corpus by works."""

from __future__ import annotations

from vedette.documents import Figure, Mark
from vedette.observatory.drawing.countries import name_of
from vedette.observatory.drawing.draw import Bar, bars
from vedette.observatory.drawing.model import Design, Material, Rows

_TITLE = "Countries of the corpus by works"
_MOST, _ON_PAPER = 20, 12


def _rows(material: Material) -> Rows:
    return tuple(
        (str(row.rank), row.country, str(row.works), "yes" if row.country == material.country else "")
        for row in material.ranks
    )


def _shown(rows: Rows, most: int = _MOST) -> list[tuple[str, ...]]:
    """The first ones, and the country in question wherever it stands."""
    return [*rows[:most], *(row for row in rows[most:] if row[3])]


def _svg(rows: Rows) -> str:
    items = [Bar(f"{row[0]}. {name_of(row[1])}", float(row[2]), strong=bool(row[3])) for row in _shown(rows)]
    return bars(_TITLE, f"Bars of works by country; {len(rows)} countries are in the table.", items)


def _simple(rows: Rows) -> Figure:
    marks = tuple(Mark(f"{row[0]}. {name_of(row[1])}", float(row[2])) for row in _shown(rows, _ON_PAPER))
    return Figure("bar", _TITLE, "Works by country, with the rank.", marks, "works")


FIGURE = Design(
    title=_TITLE,
    method="A work counts once for each country that one of its addresses was decided for; equal counts share a rank.",
    blind_spots="A rank is one of the files that were taken in, not of the world: a corpus searched for one country says nothing of the others.",
    columns=("rank", "country", "works", "in question"),
    rows=_rows,
    svg=_svg,
    simple=_simple,
    order=7,
    tabled=False,
)
