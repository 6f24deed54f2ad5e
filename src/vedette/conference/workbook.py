"""Spreadsheets read as values only: formulas are refused, macros and embedded objects refuse the file, bombs are counted before they open."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from vedette.conference.model import Refused, refuse
from vedette.conference.tabular import headings

MOST_ROWS = 200_000
MOST_COLUMNS = 400
_MOST_PARTS = 3_000
_MOST_BYTES = 256 * 1024 * 1024
_MOST_RATIO = 250
_SMALL = 1024 * 1024
_UNWANTED = re.compile(r"vbaproject|/embeddings/|/activex/|/externallinks/|oleobject|/ctrlprops/|/macrosheets/", re.I)
_XML = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.I)
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name, the fields of its heading row, its rows under their line numbers, and cells that were refused."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[int, dict[str, Any]], ...]
    refused: tuple[Refused, ...]


def looks_like(head: bytes) -> bool:
    """Whether the bytes open like an Office Open XML file, or like the older binary form that is refused with a reason."""
    return head[:4] in (_ZIP, _OLE)


def is_workbook(data: bytes) -> bool:
    """Whether the bytes are an Office Open XML workbook."""
    if data[:4] != _ZIP:
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            return any(name.startswith("xl/") for name in packed.namelist()[:_MOST_PARTS])
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, EOFError, zlib.error):
        return False


def sheet_names(data: bytes) -> set[str]:
    """The names of a workbook's sheets in small letters, read without opening any sheet; empty where there are none."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed, packed.open("xl/workbook.xml") as part:
            text = part.read(_SMALL).decode("utf-8", "replace")
    except (KeyError, zipfile.BadZipFile, OSError, ValueError, RuntimeError, EOFError, zlib.error):
        return set()
    return {name.casefold() for name in re.findall(r'<(?:\w+:)?sheet\s[^>]*?name="([^"]*)"', text)}


def sheets(name: str, data: bytes) -> tuple[Sheet, ...]:
    """Every sheet with a heading row. Raises ConferenceError for what is refused whole."""
    _guard(name, data)
    import openpyxl

    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        try:
            return tuple(_sheet(name, sheet) for sheet in book.worksheets)
        finally:
            book.close()
    except Exception as fault:  # the reader of a third party raises anything on damaged parts; ours passes on
        from vedette.base import VedetteError

        if isinstance(fault, VedetteError | MemoryError):
            raise
        kind = type(fault).__name__
        raise refuse(f"is a damaged workbook ({kind})", name, remedy="Open and save it again, or export CSV") from None


def _guard(name: str, data: bytes) -> None:
    if data[:4] == _OLE:
        raise refuse("is an old or encrypted workbook", name, remedy="Save it as .xlsx without a password")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = packed.infolist()
            _guard_parts(name, parts)
            for part in parts:
                _guard_xml(name, packed, part)
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, EOFError, zlib.error) as fault:
        raise refuse(f"is no readable workbook: {type(fault).__name__}", name, remedy="Export it again") from None


def _guard_parts(name: str, parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_BYTES:
        raise refuse("unpacks to more than is believable", name, remedy="Export fewer papers at a time")
    for part in parts:
        if part.file_size > _SMALL and part.file_size > _MOST_RATIO * max(1, part.compress_size):
            raise refuse("is packed like a bomb", name, field=part.filename[:80], remedy="Export it again")
        if _UNWANTED.search(part.filename):
            raise refuse(
                "holds macros, embedded or linked objects",
                name,
                field=part.filename[:80],
                remedy="Save it as a plain .xlsx without macros and objects",
            )


def _guard_xml(name: str, packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    if part.filename.endswith((".xml", ".rels", ".vml")):
        with packed.open(part) as opened:
            if _XML.search(opened.read(4096)):
                raise refuse("declares a document type or entities", name, field=part.filename[:80])


def _sheet(file: str, sheet: Any) -> Sheet:
    sheet.reset_dimensions()
    rows: list[tuple[int, dict[str, Any]]] = []
    refused: list[Refused] = []
    columns: list[str] = []
    for line, cells in enumerate(sheet.iter_rows(max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS), 1):
        if line > MOST_ROWS:
            raise refuse(f"has more than {MOST_ROWS:,} rows", file, field=sheet.title, remedy="Export fewer at a time")
        if not columns:
            columns = headings([cell.value for cell in cells]) if any(cell.value for cell in cells) else []
            continue
        formula = next((place for place, cell in enumerate(cells) if cell.data_type == "f"), None)
        if formula is not None:
            field = columns[formula] if formula < len(columns) else f"column {formula + 1}"
            refused.append(Refused(file, line, field, "is a formula", "Paste values instead of formulas"))
            continue
        row = dict(zip(columns, _values(cells), strict=False))
        if any(value is not None for value in row.values()):
            rows.append((line, row))
    return Sheet(sheet.title, tuple(columns), tuple(rows), tuple(refused))


def _values(cells: Any) -> Iterator[Any]:
    for cell in cells:
        value = cell.value
        yield value if value is None or isinstance(value, str | int | float) else str(value)
