"""A figure as SVG that a screen reader can read out: title, description, and no script, style or address of its own."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from vedette.base import stable_id
from vedette.documents.layout import WIDTH, Shape, drawing
from vedette.documents.model import Figure
from vedette.documents.visible import visible

_INK, _FILL, _BAND = "#1b2733", "#3b6ea5", "#c9d9ea"


def write(figure: Figure) -> str:
    """The figure as a standalone SVG; its numbers are given by ``figure.table()``."""
    drawn = drawing(figure)
    identity = stable_id("fig", figure.title, figure.description)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {drawn.height:g}" role="img" '
        f'aria-labelledby="{identity}-t {identity}-d" font-family="sans-serif" font-size="12">'
        f'<title id="{identity}-t">{_text(figure.title)}</title><desc id="{identity}-d">{_text(figure.description)}</desc>'
        f"{''.join(_shape(shape) for shape in drawn.shapes)}</svg>"
    )


def _shape(shape: Shape) -> str:
    values = [f"{value:.2f}" for value in shape.points]
    match shape.kind:
        case "box":
            x, y, width, height = values
            return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{_FILL}"/>'
        case "dot":
            return f'<circle cx="{values[0]}" cy="{values[1]}" r="{values[2]}" fill="{_INK}"/>'
        case "area":
            return f'<polygon points="{" ".join(values)}" fill="{_BAND}"/>'
        case "line":
            return f'<polyline points="{" ".join(values)}" fill="none" stroke="{_INK}"/>'
        case _:
            anchor = quoteattr(shape.anchor)
            return (
                f'<text x="{values[0]}" y="{values[1]}" text-anchor={anchor} fill="{_INK}">{_text(shape.text)}</text>'
            )


def _text(text: str) -> str:
    return escape(visible(text))
