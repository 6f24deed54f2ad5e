"""The document as PDF: paged, numbered, with the content's hash at every foot, and bytes that depend on the content alone."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any
from xml.sax.saxutils import escape

from vedette.documents.layout import WIDTH, Shape, drawing
from vedette.documents.model import Block, Bullets, Document, Fields, Figure, Heading, Paragraph, Table
from vedette.documents.typeface import Typefaces, reportlab
from vedette.documents.visible import visible

_INK, _FILL, _BAND, _PALE, _MUTED = "#1b2733", "#3b6ea5", "#c9d9ea", "#eef2f6", "#5b6875"
_MARGIN = 56.0
_PADDING = 12.0  # what a frame keeps free, left and right together
_UNBROKEN = re.compile("[぀-鿿豈-﫿]{12}|\\S{60}")
_CELL_MOST = 6_000
_TALLEST = 600.0
_FOLLOWS = 90.0
_SIZES = {"title": 17.0, "h1": 13.5, "h2": 11.5, "h3": 10.0, "body": 9.5, "cell": 8.0, "head": 8.0, "note": 9.5}


def write(document: Document, *, faces: Sequence[bytes] = (), banner: str = "") -> bytes:
    """The document in PDF. ``faces`` are TrueType files for scripts that Latin and CJK fonts do not cover.

    ``banner`` stands on every page, such as a draft's mark. Characters that no font shows are written as code points and
    named in a closing note.
    """
    paper = reportlab("lib.pagesizes").A4
    setter = _Setter(Typefaces(faces, language=document.language), paper[0] - 2 * _MARGIN - _PADDING)
    story = [setter.text(document.title, "title"), *setter.blocks(document.blocks), *setter.closing()]
    out = io.BytesIO()
    template = reportlab("platypus").SimpleDocTemplate(
        out,
        pagesize=paper,
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=_MARGIN + 8,
        bottomMargin=_MARGIN,
        title=visible(document.title),
        author="Vedette",
        lang=document.language,
        invariant=1,
    )
    template.build(story, canvasmaker=_canvas(document.sha256, visible(banner), setter.faces))
    return out.getvalue()


class _Setter:
    """Turns blocks into reportlab's flowables."""

    def __init__(self, faces: Typefaces, width: float) -> None:
        self.faces = faces
        self._width = width

    def blocks(self, blocks: Sequence[Block]) -> Iterator[Any]:
        for block in blocks:
            yield from self._block(block)

    def closing(self) -> list[Any]:
        """What the fonts could not show, if anything."""
        if not self.faces.escaped:
            return []
        codes = ", ".join(f"U+{ord(character):04X}" for character in sorted(self.faces.escaped)[:40])
        text = f"Characters that no font at hand shows are written as code points: {codes}. DOCX and JSON hold them."
        return [self.text(text, "note")]

    def _block(self, block: Block) -> Iterator[Any]:
        match block:
            case Heading():
                # Rather than keeping with what follows, which moves a long table whole and leaves a page blank.
                yield reportlab("platypus").CondPageBreak(_FOLLOWS)
                yield self.text(block.text, f"h{block.level}")
            case Paragraph():
                yield self.text(block.text, "note" if block.note else "body")
            case Bullets():
                for item in block.items:
                    yield self.text(item, "body", bullet="•")
            case Table():
                yield from self._table(block)
            case Figure():
                yield from self._figure(block)
            case Fields():
                yield from self._table(block.table())

    def text(self, text: str, style: str, *, bullet: str | None = None) -> Any:
        """One paragraph in a style."""
        shown = visible(text)[:100_000]
        bold = style in ("title", "h1", "h2", "h3", "head")
        marked = "".join(
            f'<font name="{font}">{escape(piece)}</font>' for font, piece in self.faces.runs(shown, bold=bold)
        )
        return reportlab("platypus").Paragraph(
            marked or " ", _style(style, unbroken=bool(_UNBROKEN.search(shown)), bulleted=bool(bullet)), bullet
        )

    def _table(self, table: Table) -> Iterator[Any]:
        colour = reportlab("lib.colors").HexColor
        setting = reportlab("platypus")

        if table.caption:
            yield self.text(table.caption, "h3")
        weights = table.weights or (1.0,) * len(table.columns)
        widths = [self._width * weight / sum(weights) for weight in weights]
        cells = [[self.text(name, "head") for name in table.columns]]
        cells += [[self.text(text[:_CELL_MOST], "cell") for text in row] for row in table.rows]
        look = [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("BACKGROUND", (0, 0), (-1, 0), colour(_BAND)),
            ("LINEBELOW", (0, 0), (-1, -1), 0.4, colour(_BAND)),
            ("ROWBACKGROUNDS", (0, 1), (-1, -1), [colour("#ffffff"), colour(_PALE)]),
            ("TOPPADDING", (0, 0), (-1, -1), 2.5),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 3.5),
        ]
        yield setting.Table(cells, colWidths=widths, repeatRows=1, style=look, splitInRow=1, hAlign="LEFT")
        yield setting.Spacer(1, 8)

    def _figure(self, figure: Figure) -> Iterator[Any]:
        yield self.text(figure.title, "h3")
        yield _drawn(figure, self.faces, self._width)
        yield self.text(figure.description, "body")
        yield from self._table(replace(figure.table(), caption=""))


def _style(name: str, *, unbroken: bool, bulleted: bool) -> Any:
    colour = reportlab("lib.colors").HexColor

    size = _SIZES[name]
    noted = name == "note"
    return reportlab("lib.styles").ParagraphStyle(
        name,
        fontName="Helvetica-Bold" if name in ("title", "h1", "h2", "h3", "head") else "Helvetica",
        fontSize=size,
        leading=size * 1.38,
        textColor=colour(_INK),
        spaceBefore={"h1": 12, "h2": 9, "h3": 7, "note": 5}.get(name, 0),
        spaceAfter={"cell": 0, "head": 0, "note": 9}.get(name, 5),
        leftIndent=12 if bulleted or noted else 0,
        rightIndent=6 if noted else 0,
        bulletIndent=2,
        backColor=colour(_PALE) if noted else None,
        borderPadding=4 if noted else 0,
        wordWrap="CJK" if unbroken else None,
    )


def _drawn(figure: Figure, faces: Typefaces, width: float) -> Any:
    flowable: Any = reportlab("platypus").Flowable

    class Drawn(flowable):  # type: ignore[misc]  # reportlab is untyped
        """The shapes of a figure on the page."""

        def __init__(self) -> None:
            super().__init__()
            self._drawing = drawing(figure)
            self._scale = min(width / WIDTH, _TALLEST / self._drawing.height)
            self.width, self.height = width, self._drawing.height * self._scale

        def wrap(self, *_space: float) -> tuple[float, float]:
            return self.width, self.height

        def draw(self) -> None:
            self.canv.translate(0, self.height)
            self.canv.scale(self._scale, -self._scale)
            for shape in self._drawing.shapes:
                _shape(self.canv, shape, faces)

    return Drawn()


def _shape(canvas: Any, shape: Shape, faces: Typefaces) -> None:
    colour = reportlab("lib.colors").HexColor

    points = shape.points
    canvas.setStrokeColor(colour(_INK))
    canvas.setFillColor(colour({"box": _FILL, "area": _BAND}.get(shape.kind, _INK)))
    if shape.kind == "box":
        canvas.rect(*points, stroke=0, fill=1)
    elif shape.kind == "dot":
        canvas.circle(*points, stroke=0, fill=1)
    elif shape.kind == "text":
        canvas.saveState()
        canvas.translate(*points)
        canvas.scale(1, -1)
        _write(canvas, faces, shape.text, size=12, anchor=shape.anchor)
        canvas.restoreState()
    else:
        path = canvas.beginPath()
        path.moveTo(*points[:2])
        for index in range(2, len(points), 2):
            path.lineTo(*points[index : index + 2])
        canvas.drawPath(path, stroke=int(shape.kind == "line"), fill=int(shape.kind == "area"))


def _write(canvas: Any, faces: Typefaces, text: str, *, size: float, anchor: str = "start") -> None:
    """Text at the origin in as many fonts as it needs."""
    width_of = reportlab("pdfbase.pdfmetrics").stringWidth

    runs = list(faces.runs(visible(text)))
    whole = sum(width_of(piece, font, size) for font, piece in runs)
    x = {"start": 0.0, "middle": -whole / 2, "end": -whole}[anchor]
    for font, piece in runs:
        canvas.setFont(font, size)
        canvas.drawString(x, 0, piece)
        x += width_of(piece, font, size)


def _canvas(sha256: str, banner: str, faces: Typefaces) -> Any:
    colour = reportlab("lib.colors").HexColor
    canvas: Any = reportlab("pdfgen.canvas").Canvas

    class Numbered(canvas):  # type: ignore[misc]  # reportlab is untyped
        """Keeps pages until all are known, then writes header and footer on each."""

        def __init__(self, *given: Any, **named: Any) -> None:
            super().__init__(*given, **named)
            self._pages: list[dict[str, Any]] = []

        def showPage(self) -> None:
            self._pages.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for number, page in enumerate(self._pages, 1):
                self.__dict__.update(page)
                self._frame(number, len(self._pages))
                super().showPage()
            super().save()

        def _frame(self, number: int, of: int) -> None:
            width, height = self._pagesize
            self.setFillColor(colour(_MUTED))
            self._line(_MARGIN + _PADDING / 2, 30, f"SHA-256 {sha256}", "start", 6.5)
            self._line(width - _MARGIN - _PADDING / 2, 30, f"{number} / {of}", "end", 8)
            self._line(_MARGIN + _PADDING / 2, height - 36, banner, "start", 8)

        def _line(self, x: float, y: float, text: str, anchor: str, size: float) -> None:
            self.saveState()
            self.translate(x, y)
            _write(self, faces, text, size=size, anchor=anchor)
            self.restoreState()

    return Numbered
