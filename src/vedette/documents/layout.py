"""Where the shapes of a figure stand, for every writer that draws: points from the top left corner, 640 wide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from vedette.documents.model import Figure, Mark, number

WIDTH = 640.0
_LEFT, _RIGHT, _ROW, _TOP = 190.0, 80.0, 26.0, 12.0
_PLOT = 220.0
_LABEL_MOST = 32
#: A level this many times above the course would flatten it.
_FARTHEST = 3.0
_APART = 16.0
_SHORT_SECONDS = 2 * 86_400


@dataclass(frozen=True, slots=True)
class Shape:
    """A ``box`` (x, y, width, height), ``line`` or ``area`` (points), ``dot`` (x, y, radius) or ``text`` (x, y)."""

    kind: str
    points: tuple[float, ...]
    text: str = ""
    anchor: str = "start"


@dataclass(frozen=True, slots=True)
class Drawing:
    """A figure's shapes, back to front, and its height."""

    height: float
    shapes: tuple[Shape, ...]


def drawing(figure: Figure) -> Drawing:
    """The shapes of a figure. A figure without numbers says so."""
    if not figure.marks:
        return Drawing(40, (Shape("text", (WIDTH / 2, 24), "No numbers are held.", "middle"),))
    return {"bar": _bars, "line": _line, "timeline": _timeline}[figure.kind](figure)


def _bars(figure: Figure) -> Drawing:
    reach = [value for mark in figure.marks for value in (mark.value, mark.low, mark.high) if value is not None]
    top, least = max(0.0, *reach), min(0.0, *reach)
    scale = (WIDTH - _LEFT - _RIGHT) / ((top - least) or 1.0)
    zero = _LEFT - least * scale
    shapes: list[Shape] = []
    for row, mark in enumerate(figure.marks):
        y = _TOP + row * _ROW
        length = mark.value * scale
        shapes.append(Shape("text", (_LEFT - 8, y + 14), _short(mark.label), "end"))
        shapes.append(Shape("box", (min(zero, zero + length), y, abs(length), _ROW - 8)))
        end = zero + max(length, (mark.high or 0.0) * scale, 0.0)
        if mark.low is not None and mark.high is not None:
            middle = y + (_ROW - 8) / 2
            shapes.append(Shape("line", (zero + mark.low * scale, middle, zero + mark.high * scale, middle)))
        shapes.append(Shape("text", (end + 6, y + 14), number(mark.value)))
    bottom = _TOP + len(figure.marks) * _ROW
    shapes.append(Shape("line", (zero, _TOP - 4, zero, bottom)))
    return Drawing(bottom + 8, tuple(shapes))


def _line(figure: Figure) -> Drawing:
    marks = figure.marks
    top = max(mark.value if mark.high is None else mark.high for mark in marks)
    least = min(0.0, *(mark.value if mark.low is None else mark.low for mark in marks), 0.0)
    levels = [level for level in figure.levels if least <= level.value <= top * _FARTHEST]
    top = max(top, *(level.value for level in levels)) if levels else top
    span = (top - least) or 1.0
    step = (WIDTH - 140) / max(1, len(marks) - 1)

    def at(index: int, value: float) -> tuple[float, float]:
        return 70 + index * step, _TOP + (_PLOT - 40) * (1 - (value - least) / span)

    shapes: list[Shape] = []
    if all(mark.low is not None and mark.high is not None for mark in marks):
        there = [at(index, mark.high or 0.0) for index, mark in enumerate(marks)]
        back = [at(index, mark.low or 0.0) for index, mark in enumerate(marks)][::-1]
        shapes.append(Shape("area", tuple(value for point in [*there, *back] for value in point)))
    course = [at(index, mark.value) for index, mark in enumerate(marks)]
    shapes.append(Shape("line", tuple(value for point in course for value in point)))
    shapes += [Shape("dot", (*point, 2.5)) for point in course]
    shapes += [Shape("text", (62, at(0, value)[1] + 4), number(value), "end") for value in dict.fromkeys((least, top))]
    ends = [(0, marks[0])] if len(marks) == 1 else [(0, marks[0]), (len(marks) - 1, marks[-1])]
    shapes += [Shape("text", (at(i, 0)[0], _PLOT - 8), _short(mark.label), "middle") for i, mark in ends]
    shapes.append(Shape("line", (70, _PLOT - 26, WIDTH - 70, _PLOT - 26)))
    shapes += _levels([(at(0, level.value)[1], level.label) for level in levels])
    if figure.unit:
        shapes.append(Shape("text", (WIDTH / 2, _PLOT - 8), figure.unit, "middle"))
    return Drawing(_PLOT, tuple(shapes))


def _levels(found: list[tuple[float, str]]) -> list[Shape]:
    """Lines across, the highest first, each with its words; those too near the axis or another are left to the words beside."""
    shapes: list[Shape] = []
    above = 0.0
    for y, label in sorted(found):
        if y - above < _APART or y > _PLOT - 26 - _APART:
            continue
        shapes.append(Shape("line", (70, y, WIDTH - 70, y)))
        shapes.append(Shape("text", (74, y + 14), _short(label, 2 * _LABEL_MOST)))
        above = y
    return shapes


def _timeline(figure: Figure) -> Drawing:
    marks = sorted(figure.marks, key=lambda mark: mark.value)
    first, last = marks[0].value, max(_end(mark) for mark in marks)
    scale = (WIDTH - _LEFT - _RIGHT) / ((last - first) or 1.0)
    shapes: list[Shape] = []
    for row, mark in enumerate(marks):
        y = _TOP + row * _ROW
        start, end = _LEFT + (mark.value - first) * scale, _LEFT + (_end(mark) - first) * scale
        shapes.append(Shape("text", (_LEFT - 8, y + 14), _short(mark.label), "end"))
        shapes.append(Shape("box", (start, y + 5, max(end - start, 3.0), 8)))
    bottom = _TOP + len(marks) * _ROW
    shapes.append(Shape("line", (_LEFT, bottom, WIDTH - _RIGHT, bottom)))
    short = last - first < _SHORT_SECONDS
    shapes.append(Shape("text", (_LEFT, bottom + 16), _day(first, short=short)))
    if last > first:
        shapes.append(Shape("text", (WIDTH - _RIGHT, bottom + 16), _day(last, short=short), "end"))
    return Drawing(bottom + 26, tuple(shapes))


def _end(mark: Mark) -> float:
    return mark.value if mark.high is None else max(mark.value, mark.high)


def _day(seconds: float, *, short: bool = False) -> str:
    moment = datetime.fromtimestamp(seconds, UTC)
    return moment.strftime("%Y-%m-%d %H:%M") if short else moment.date().isoformat()


def _short(text: str, most: int = _LABEL_MOST) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
