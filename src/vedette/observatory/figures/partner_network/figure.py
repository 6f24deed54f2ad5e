"""Countries that stand on the same works."""

from __future__ import annotations

from vedette.documents import Figure, Mark
from vedette.observatory.drawing.countries import name_of
from vedette.observatory.drawing.draw import ring
from vedette.observatory.drawing.model import Design, Material, Rows

_TITLE = "Network of partner countries"
_MOST, _ON_PAPER = 16, 12


def _rows(material: Material) -> Rows:
    centre = material.country
    edges = [
        (centre, _other(edge.a, edge.b, centre), edge.works) for edge in material.edges if centre in (edge.a, edge.b)
    ]
    rest = [(edge.a, edge.b, edge.works) for edge in material.edges if centre not in (edge.a, edge.b)]
    ordered = sorted(edges, key=lambda edge: (-edge[2], edge[1])) + sorted(rest, key=lambda edge: (-edge[2], *edge[:2]))
    return tuple((a, b, str(works)) for a, b, works in ordered)


def _other(a: str, b: str, centre: str) -> str:
    return b if a == centre else a


def _svg(rows: Rows) -> str:
    if not rows:
        return ring(_TITLE, "", "", {}, [])
    centre = rows[0][0]
    works = {row[1]: float(row[2]) for row in rows if row[0] == centre}
    kept = dict(list(works.items())[:_MOST])
    shown = {centre, *kept}
    edges = [(name_of(row[0]), name_of(row[1]), float(row[2])) for row in rows if {row[0], row[1]} <= shown]
    nodes = {name_of(code): count for code, count in kept.items()}
    left = f" {len(works) - _MOST} more partners are in the table." if len(works) > _MOST else ""
    told = f"{name_of(centre)} in the middle, partners around it; lines are works in common.{left}"
    return ring(_TITLE, told, name_of(centre), nodes, edges)


def _simple(rows: Rows) -> Figure:
    marks = tuple(Mark(f"{name_of(row[0])} – {name_of(row[1])}", float(row[2])) for row in rows[:_ON_PAPER])
    return Figure("bar", _TITLE, "The pairs of countries with the most works in common.", marks, "works")


FIGURE = Design(
    title=_TITLE,
    method="Two countries are joined by every work of the country in question on which both have a decided address.",
    blind_spots="Works of many countries join all their pairs, so that large collaborations look like close ties.",
    columns=("country", "partner", "works"),
    rows=_rows,
    svg=_svg,
    simple=_simple,
    order=3,
    tabled=False,
)
