"""The document as an Office Open XML file whose bytes depend on the document alone."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from typing import Any

from vedette.base import parse_time
from vedette.documents.bundle import zipped
from vedette.documents.model import Block, Bullets, Document, Fields, Figure, Heading, Paragraph, Table
from vedette.documents.visible import visible

_EAST_ASIAN = {"ko": "Malgun Gothic", "ja": "Yu Gothic", "zh": "Microsoft YaHei"}
"""Fonts that common word processors bring; others are substituted there."""


def write(document: Document, *, banner: str = "") -> bytes:
    """The document in DOCX; figures become their numbers. ``banner`` stands on every page, such as a draft's mark."""
    from docx import Document as open_template

    made = open_template()
    _properties(made, document)
    _page(made, document, banner)
    made.add_heading(visible(document.title), 0)
    for block in document.blocks:
        _add(made, block)
    out = io.BytesIO()
    made.save(out)
    return _fixed(out.getvalue())


def _properties(made: Any, document: Document) -> None:
    moment: datetime = parse_time(document.made_at)
    core = made.core_properties
    core.title, core.author, core.last_modified_by, core.comments = visible(document.title), "Vedette", "Vedette", ""
    core.created = core.modified = moment.replace(tzinfo=None)
    core.language, core.revision = document.language, 1


def _page(made: Any, document: Document, banner: str) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt

    normal = made.styles["Normal"]
    normal.font.name, normal.font.size = "Liberation Sans", Pt(10)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), _EAST_ASIAN.get(document.language, "Noto Sans CJK SC"))
    section = made.sections[0]
    section.header.paragraphs[0].text = visible(banner)
    foot = section.footer.paragraphs[0]
    foot.text = f"SHA-256 {document.sha256}   "
    for run in foot.runs:
        run.font.size = Pt(7)
    _page_number(foot)


def _page_number(paragraph: Any) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    run = paragraph.add_run()
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        part = OxmlElement("w:instrText" if text else "w:fldChar")
        if text:
            part.text = text
        else:
            part.set(qn("w:fldCharType"), kind)
        run._r.append(part)


def _add(made: Any, block: Block) -> None:
    match block:
        case Heading():
            made.add_heading(visible(block.text), block.level)
        case Paragraph():
            made.add_paragraph(visible(block.text), style="Intense Quote" if block.note else None)
        case Bullets():
            for item in block.items:
                made.add_paragraph(visible(item), style="List Bullet")
        case Table():
            _table(made, block)
        case Figure():
            made.add_paragraph(visible(block.description))
            _table(made, block.table())
        case Fields():
            _table(made, block.table())


def _table(made: Any, table: Table) -> None:
    if table.caption:
        made.add_paragraph(visible(table.caption), style="Caption")
    drawn = made.add_table(rows=1, cols=len(table.columns), style="Light Grid Accent 1")
    _row(drawn.rows[0], table.columns)
    _repeat(drawn.rows[0])
    for row in table.rows:
        _row(drawn.add_row(), row)
    made.add_paragraph()


def _row(drawn: Any, texts: tuple[str, ...]) -> None:
    for cell, text in zip(drawn.cells, texts, strict=True):
        cell.text = visible(text)


def _repeat(drawn: Any) -> None:
    from docx.oxml import OxmlElement

    drawn._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _fixed(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return zipped({entry.filename: packed.read(entry) for entry in packed.infolist()}, packed_tight=True)
