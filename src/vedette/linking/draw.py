"""A picture of linked accounts as SVG: one file, no script, every text escaped."""

from __future__ import annotations

from xml.sax.saxutils import escape

from vedette.linking.picture import Edge, Node, Picture

_LINES = {
    "same": 'stroke="#1f4e79" stroke-width="{width:.1f}"',
    "shares": 'stroke="#7a7a7a" stroke-width="{width:.1f}"',
    "related": 'stroke="#8a8a8a" stroke-width="1.2" stroke-dasharray="6 5"',
    "cut": 'stroke="#b3261e" stroke-width="2" stroke-dasharray="2 5"',
    "confirmed": 'stroke="#2e7d32" stroke-width="3"',
}
_LONGEST = 26


def svg(picture: Picture) -> str:
    """The picture as one SVG file, 1000 by 1080; a title on every node and line says what it stands for."""
    spots = {node.id: node for node in picture.nodes}
    title = f"{picture.actor_id or picture.about}: {len(picture.nodes)} nodes"
    lines = [_line(edge, spots[edge.source], spots[edge.target]) for edge in picture.edges]
    marks = [_mark(node) for node in picture.nodes]
    note = "Filled: in the actor. Hollow: related only. Square: values shared by all around it. Dashed: related, not one hand. A link is evidence for people."
    if picture.left_out:
        note = f"{picture.left_out} accounts more are not drawn. {note}"
    return "\n".join(
        [
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000 1080" width="1000" height="1080" role="img" '
            'font-family="sans-serif" font-size="13">',
            f"<title>{_text(title, 90)}</title>",
            '<rect width="1000" height="1080" fill="#ffffff"/>',
            f'<text x="20" y="28" font-size="18" fill="#1b1b1b">{_text(title, 90)}</text>',
            '<g transform="translate(0 40)">',
            *lines,
            *marks,
            "</g>",
            f'<text x="20" y="1064" font-size="12" fill="#444444">{_text(note, 200)}</text>',
            "</svg>\n",
        ]
    )


def _line(edge: Edge, one: Node, other: Node) -> str:
    style = _LINES[edge.standing].format(width=min(1 + edge.bits / 8, 5))
    reasons = "; ".join(f"{part.kind} {part.bits:g} bits, {part.holders} holders" for part in edge.parts)
    told = f"{edge.standing}, {edge.bits:g} bits. {reasons}"
    line = f'<line x1="{one.x}" y1="{one.y}" x2="{other.x}" y2="{other.y}" {style}>'
    return f"{line}<title>{_text(told, 300)}</title></line>"


def _mark(node: Node) -> str:
    told = f"<title>{_text(node.label, 120)}</title>"
    if node.sort == "value":
        shape = f'<rect x="{node.x - 6}" y="{node.y - 6}" width="12" height="12" fill="#f2c14e" stroke="#5b4300">{told}</rect>'
    else:
        radius = 8 if node.count == 1 else min(12 + node.count / 4, 26)
        fill = "#1f4e79" if node.inside else "#ffffff"
        shape = f'<circle cx="{node.x}" cy="{node.y}" r="{radius:.1f}" fill="{fill}" stroke="#1f4e79" stroke-width="2">{told}</circle>'
    side = f'x="{node.x + 12}"' if node.x < 700 else f'x="{node.x - 12}" text-anchor="end"'
    label = f'<text {side} y="{node.y + 4}" fill="#1b1b1b" stroke="#ffffff" stroke-width="3" paint-order="stroke">'
    return f"{shape}{label}{_text(node.label, 44)}</text>"


def _text(text: str, longest: int = _LONGEST) -> str:
    """Text for SVG: what XML cannot hold is a question mark, what is long is cut."""
    plain = "".join(letter if letter.isprintable() else "?" for letter in text)
    return escape(plain if len(plain) <= longest else f"{plain[: longest - 1]}…")
