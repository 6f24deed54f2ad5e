"""Pictures of numbers as SVG: bars, stacked columns, rows of small columns, a ring of nodes; on paper of their own, light or dark."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, cos, log10, pi, sin, sqrt
from xml.sax.saxutils import escape

from vedette.base import stable_id
from vedette.documents import number, visible

WIDTH = 760.0
_PAPER, _INK, _MUTED, _LINE = "#ffffff", "#1b2733", "#5b6875", "#d5dce3"
PALETTE = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#8a8f98", "#d55e00", "#56b4e9")
_SIZE = 12.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar with its label, and a note behind its number; ``strong`` bars stand out."""

    label: str
    value: float
    note: str = ""
    strong: bool = False


def _sheet(title: str, told: str, height: float, shapes: Iterable[str]) -> str:
    identity = stable_id("fig", title, told)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {height:g}" role="img" '
        f'aria-labelledby="{identity}-t {identity}-d" font-family="sans-serif" font-size="{_SIZE:g}">'
        f'<title id="{identity}-t">{_safe(title)}</title><desc id="{identity}-d">{_safe(told)}</desc>'
        f'<rect width="{WIDTH:g}" height="{height:g}" fill="{_PAPER}"/>'
        f"{_text(16, 24, title, size=15, weight='bold')}{''.join(shapes)}</svg>"
    )


def _safe(text: str) -> str:
    return escape(visible(text))


def _text(
    x: float,
    y: float,
    text: str,
    *,
    anchor: str = "start",
    size: float = _SIZE,
    colour: str = _INK,
    weight: str = "normal",
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size:g}" font-weight="{weight}" '
        f'fill="{colour}">{_safe(text)}</text>'
    )


def _box(x: float, y: float, width: float, height: float, colour: str, told: str = "") -> str:
    hint = f"<title>{_safe(told)}</title>" if told else ""
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" height="{max(height, 0):.1f}" fill="{colour}">'
        f"{hint}</rect>"
    )


def _rule(x: float, y: float, to_x: float, to_y: float, *, colour: str = _LINE, width: float = 1.0) -> str:
    return f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{to_x:.1f}" y2="{to_y:.1f}" stroke="{colour}" stroke-width="{width:.2f}"/>'


def empty(title: str) -> str:
    """A picture that says that there is nothing to show."""
    return _sheet(title, "No numbers are held.", 80, [_text(16, 56, "No numbers are held.", colour=_MUTED)])


def wide(text: str) -> float:
    """About how wide a text stands at the usual size; Han, kana and Hangul take a whole square."""
    return sum(_SIZE if "\u2e80" <= sign <= "\ud7a3" else _SIZE * 0.56 for sign in text)


def cut(text: str, most: float) -> str:
    """A text short enough for so many units."""
    shown = visible(text)
    if wide(shown) <= most:
        return shown
    while shown and wide(shown) > most - _SIZE:
        shown = shown[:-1]
    return shown.rstrip() + "…"


def bars(title: str, told: str, items: Sequence[Bar], *, unit: str = "works") -> str:
    """Bars from left to right, one a row, each with its number."""
    if not items:
        return empty(title)
    left = min(270.0, max(80.0, max(wide(item.label) for item in items) + 26))
    room = max(wide(f"{number(item.value)}  {item.note}") for item in items) + 14
    scale = (WIDTH - left - room - 12) / (max(item.value for item in items) or 1)
    shapes = [_text(left, 46, unit, colour=_MUTED, size=11)]
    for row, item in enumerate(items):
        y = 56 + row * 23
        length = item.value * scale
        shapes.append(_text(left - 8, y + 12, cut(item.label, left - 26), anchor="end", weight=_weight(item.strong)))
        shapes.append(_box(left, y, length, 16, PALETTE[5] if item.strong else PALETTE[0], item.label))
        shapes.append(_text(left + length + 6, y + 12, number(item.value), weight=_weight(item.strong)))
        if item.note:
            x = left + length + 12 + wide(number(item.value))
            shapes.append(_text(x, y + 12, item.note, colour=_MUTED, size=11))
    return _sheet(title, told, 62 + len(items) * 23 + 8, shapes)


def _weight(strong: bool) -> str:
    return "bold" if strong else "normal"


def columns(
    title: str,
    told: str,
    labels: Sequence[str],
    series: Mapping[str, Sequence[float]],
    *,
    palette: Sequence[str] = PALETTE,
) -> str:
    """Stacked columns, one a label, with a legend. Labels that would touch are left out, the last never."""
    if not labels:
        return empty(title)
    left, right, top, base = 52.0, 16.0, 66.0, 300.0
    sums = [sum(values[place] for values in series.values()) for place in range(len(labels))]
    most = _round(max(sums))
    step = (WIDTH - left - right) / len(labels)
    shapes = [*_legend(list(series), palette), *_grid(most, left, WIDTH - right, top, base)]
    for place, label in enumerate(labels):
        y, x = base, left + place * step
        for colour, (name, values) in zip(palette, series.items(), strict=False):
            height = (base - top) * values[place] / most
            y -= height
            if values[place]:
                width = min(step * 0.8, 60.0)
                shapes.append(
                    _box(x + (step - width) / 2, y, width, height, colour, f"{label}: {name} {number(values[place])}")
                )
    shapes += [
        _text(left + (place + 0.5) * step, base + 16, labels[place], anchor="middle", size=11)
        for place in spread(len(labels), step, max(wide(label) for label in labels))
    ]
    return _sheet(title, told, base + 30, shapes)


def spread(count: int, step: float, width: float) -> list[int]:
    """Places of labels that do not touch: evenly, the last one always, the first too where it fits."""
    every = max(1, ceil((width + 8) / step))
    return sorted(range(count - 1, -1, -every))


def _round(most: float) -> float:
    """The next number that an axis ends well with."""
    if most <= 4:
        return max(ceil(most), 1)
    size = 10.0 ** int(log10(most))
    return next(size * step for step in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if size * step >= most)


def _grid(most: float, left: float, right: float, top: float, base: float) -> list[str]:
    parts = next((parts for parts in (4, 3, 2) if most % parts == 0), 1)
    shapes = []
    for part in range(parts + 1):
        y = base - (base - top) * part / parts
        shapes.append(_rule(left, y, right, y))
        shapes.append(_text(left - 6, y + 4, number(most * part / parts), anchor="end", size=11, colour=_MUTED))
    return shapes


def _legend(names: Sequence[str], palette: Sequence[str]) -> list[str]:
    shapes, x, y = [], 16.0, 44.0
    for colour, name in zip(palette, names, strict=False):
        shapes.append(_box(x, y - 9, 11, 11, colour))
        shapes.append(_text(x + 16, y, name, size=11))
        x += 34 + wide(name)
    return shapes


def ribbons(title: str, told: str, labels: Sequence[str], series: Mapping[str, Sequence[float]]) -> str:
    """One row of small columns for each series, all on one scale, with its sum at the right."""
    if not labels or not series:
        return empty(title)
    left, right, top, row_height = 290.0, 56.0, 58.0, 40.0
    step = (WIDTH - left - right) / len(labels)
    most = max(max(values) for values in series.values()) or 1
    shapes = [_text(WIDTH - 12, 46, "all years", anchor="end", size=11, colour=_MUTED)]
    for row, (name, values) in enumerate(series.items()):
        base = top + (row + 1) * row_height - 6
        shapes.append(_rule(left, base, WIDTH - right, base))
        shapes.append(_text(left - 10, base - 4, cut(name, left - 26), anchor="end"))
        shapes.append(_text(WIDTH - 12, base - 4, number(sum(values)), anchor="end"))
        for place, value in enumerate(values):
            height = (row_height - 12) * value / most
            told_here = f"{name}, {labels[place]}: {number(value)}"
            shapes.append(
                _box(left + place * step + step * 0.1, base - height, step * 0.8, height, PALETTE[0], told_here)
            )
    base = top + len(series) * row_height
    shapes += [
        _text(left + (place + 0.5) * step, base + 12, labels[place], anchor="middle", size=11)
        for place in spread(len(labels), step, max(wide(label) for label in labels))
    ]
    return _sheet(title, told, base + 26, shapes)


def ring(
    title: str, told: str, centre: str, nodes: Mapping[str, float], edges: Sequence[tuple[str, str, float]]
) -> str:
    """A node in the middle and its partners on a circle; area and width grow with the number. Labels stand outside the circle."""
    if not nodes:
        return empty(title)
    middle, high, radius = WIDTH / 2, 290.0, 190.0
    angle = {name: 2 * pi * place / len(nodes) - pi / 2 for place, name in enumerate(nodes)}
    at = {name: (middle + radius * cos(turn), high + radius * sin(turn)) for name, turn in angle.items()}
    at[centre] = (middle, high)
    most = max(nodes.values()) or 1
    shapes = []
    for a, b, works in sorted(edges, key=lambda edge: (centre in edge[:2], edge[2])):
        own = centre in (a, b)
        shapes.append(_rule(*at[a], *at[b], colour="#9db8d2" if own else _LINE, width=0.8 + 8 * sqrt(works / most)))
    for name, works in nodes.items():
        size = 4 + 14 * sqrt(works / most)
        shapes.append(_dot(*at[name], size, PALETTE[0]))
        shapes.append(_outside(name, works, angle[name], (middle, high), radius + size + 8))
    shapes += [
        _dot(middle, high, min(wide(centre) / 2 + 8, 70), PALETTE[5]),
        _text(middle, high + 4, centre, anchor="middle", colour=_PAPER),
    ]
    return _sheet(title, told, 560, shapes)


def _dot(x: float, y: float, radius: float, colour: str) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{colour}" stroke="{_PAPER}"/>'


def _outside(name: str, works: float, turn: float, centre: tuple[float, float], away: float) -> str:
    x, y = centre[0] + away * cos(turn), centre[1] + away * sin(turn)
    anchor = "middle" if abs(cos(turn)) < 0.25 else ("start" if cos(turn) > 0 else "end")
    drop = 4 + 6 * sin(turn)
    return _text(x, y + drop, f"{cut(name, 150)} {number(works)}", anchor=anchor)
