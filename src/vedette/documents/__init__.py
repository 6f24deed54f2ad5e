"""Papers as plain data, and writers that turn one into Markdown, PDF, DOCX, SVG, safe CSV or a zip with hashes.

Pure: no file, network, clock or database; equal documents give equal bytes. Grows by one writer a format.
"""

from vedette.documents import bundle, csv, docx, markdown, pdf, svg
from vedette.documents.model import (
    Block,
    Bullets,
    Document,
    DocumentError,
    Field,
    Fields,
    Figure,
    Heading,
    Mark,
    Paragraph,
    Table,
    number,
    read_document,
)
from vedette.documents.visible import visible

__all__ = ["Block", "Bullets", "Document", "DocumentError", "Field", "Fields", "Figure", "Heading", "Mark"]
__all__ += [
    "Paragraph",
    "Table",
    "bundle",
    "csv",
    "docx",
    "markdown",
    "number",
    "pdf",
    "read_document",
    "svg",
    "visible",
]
