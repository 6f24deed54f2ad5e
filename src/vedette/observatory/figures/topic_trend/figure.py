"""Subjects of control lists in titles, year by year."""

from __future__ import annotations

from collections import Counter

from vedette.documents import Figure, Mark
from vedette.observatory.drawing.draw import ribbons
from vedette.observatory.drawing.model import Design, Material, Rows
from vedette.observatory.drawing.spans import UNKNOWN, filled
from vedette.policy.controls import dictionary

_TITLE = "Subjects of control lists by year"
_MOST = 12


def _rows(material: Material) -> Rows:
    pairs = Counter((max(work.year, 0), topic) for work in material.works for topic in work.topics)
    total: Counter[str] = Counter()
    for (_, topic), count in pairs.items():
        total[topic] += count
    years = filled(work.year for work in material.works)
    last = [0] if any(year == 0 for year, _ in pairs) else []
    labels = {topic.id: topic.label[0] for topic in dictionary().topics}
    return tuple(
        (str(year or UNKNOWN), labels.get(topic, topic), str(pairs[year, topic]))
        for topic, _ in sorted(total.items(), key=lambda item: (-item[1], item[0]))
        for year in years + last
    )


def _wide(rows: Rows) -> tuple[list[str], dict[str, list[float]]]:
    series: dict[str, list[float]] = {}
    for year, topic, works in rows:
        if year != UNKNOWN:
            series.setdefault(topic, []).append(float(works))
    return list(dict.fromkeys(row[0] for row in rows if row[0] != UNKNOWN)), series


def _svg(rows: Rows) -> str:
    labels, series = _wide(rows)
    kept = dict(list(series.items())[:_MOST])
    left = f" {len(series) - _MOST} more subjects are in the table." if len(series) > _MOST else ""
    return ribbons(_TITLE, f"Small columns of works by year for each subject.{left}", labels, kept)


def _simple(rows: Rows) -> Figure:
    _, series = _wide(rows)
    marks = tuple(Mark(topic, sum(values)) for topic, values in list(series.items())[:_MOST])
    return Figure("bar", _TITLE, "Works by subject over all years.", marks, "works")


FIGURE = Design(
    title=_TITLE,
    method="A work counts for every subject of which a phrase stands in its title or abstract in the sense that is meant.",
    blind_spots="A subject says what is studied, not by whom or for whom. Titles in other languages than English, Korean and Chinese are not read.",
    columns=("year", "subject", "works"),
    rows=_rows,
    svg=_svg,
    simple=_simple,
    order=6,
    tabled=False,
)
