"""Civilian and military potential of titles, year by year."""

from __future__ import annotations

from vedette.documents import Figure, Mark
from vedette.observatory.drawing.draw import columns
from vedette.observatory.drawing.model import Design, Material, Rows
from vedette.observatory.drawing.spans import by_year, drawn, without

_KINDS = ("civilian", "dual", "military-significant", "undetermined")
_COLOURS = ("#009e73", "#e69f00", "#d55e00", "#b8c0c8")
_TITLE = "Potential by year"


def _rows(material: Material) -> Rows:
    return by_year(((work.year, work.potential) for work in material.works), _KINDS)


def _svg(rows: Rows) -> str:
    labels, series = drawn(rows, _KINDS)
    told = f"Stacked columns of works by year and by what title and abstract say.{without(rows)}"
    return columns(_TITLE, told, labels, series, palette=_COLOURS)


def _simple(rows: Rows) -> Figure:
    marks = tuple(Mark(kind, float(sum(int(row[place]) for row in rows))) for place, kind in enumerate(_KINDS, 1))
    return Figure("bar", _TITLE, "Works of all years by what title and abstract say.", marks, "works")


FIGURE = Design(
    title=_TITLE,
    method="Phrases of a cited dictionary decide, each in its sense; a method alone is undetermined. Evidence for a reader, no verdict.",
    blind_spots="A title may hide its purpose, and a dual topic is no intention. Undetermined is not civilian.",
    columns=("year", *_KINDS),
    rows=_rows,
    svg=_svg,
    simple=_simple,
    order=5,
)
