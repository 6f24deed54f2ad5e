"""Text lines and rows of tables, in whichever encoding and with whichever line ends they come."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Mapping
from typing import IO

from vedette.observatory.model import Refused, refuse
from vedette.observatory.reading.words import RecordFault

_MAX_CELL = 8 * 1024 * 1024
_HEAD_BYTES = 1024 * 1024


def text_of(name: str, stream: IO[bytes], fallback: str = "") -> IO[str]:
    """The stream as text, line ends kept: UTF-8 or UTF-16 by its mark, UTF-8, else ``fallback``. Raises ObservatoryError.

    The stream must be buffered: its beginning is looked at and left in place.
    """
    head = stream.peek(_HEAD_BYTES)[:_HEAD_BYTES] if isinstance(stream, io.BufferedReader) else b""
    encoding = "utf-8-sig"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif fallback and not _is_utf8(head):
        encoding = fallback
    return io.TextIOWrapper(stream, encoding=encoding, errors="strict", newline="")


def _is_utf8(head: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return True


def text_lines(name: str, text: IO[str]) -> Iterator[tuple[int, str]]:
    """Lines without their ends, whichever ends they have. Raises ObservatoryError where the bytes are no text."""
    number = 0
    try:
        while raw := text.readline(_MAX_CELL):
            number += 1
            yield number, raw.rstrip("\r\n")
    except UnicodeError as fault:
        raise _no_text(name, number + 1, fault) from None


def _no_text(name: str, line: int, fault: UnicodeError) -> Exception:
    return refuse(f"is not UTF-8: {str(fault)[:120]}", name, line, "Save it as UTF-8 and import it again")


def rows(name: str, text: IO[str], delimiter: str) -> Iterator[tuple[int, dict[str, str]] | Refused]:
    """Rows of a table as dictionaries under their headings (stripped, case folded), with the line on which each begins."""
    csv.field_size_limit(max(csv.field_size_limit(), _MAX_CELL))
    reader = csv.reader(_physical(text), delimiter=delimiter, strict=False)
    heading = [cell.strip().casefold() for cell in _next(name, reader) or []]
    while True:
        line = reader.line_num + 1
        try:
            cells = _next(name, reader)
        except csv.Error as fault:
            yield RecordFault("", f"the row cannot be read: {fault}", "A quote may be open; close it").at(line)
            continue
        if cells is None:
            return
        if len(cells) > len(heading) and any(cell.strip() for cell in cells[len(heading) :]):
            reason = f"the row has {len(cells):,} cells, the heading {len(heading):,}"
            yield RecordFault("", reason, "Quote cells that hold the separator").at(line, delimiter.join(cells))
        elif any(cell.strip() for cell in cells):
            yield line, dict(zip(heading, cells, strict=False))


def _physical(text: IO[str]) -> Iterator[str]:
    """Lines with one kind of ending; NUL, which the reader cannot take, becomes a space."""
    while raw := text.readline(_MAX_CELL):
        yield raw.rstrip("\r\n").replace("\x00", " ") + "\n"


def _next(name: str, reader: Iterator[list[str]]) -> list[str] | None:
    try:
        return next(reader, None)
    except UnicodeError as fault:
        raise _no_text(name, getattr(reader, "line_num", 0) + 1, fault) from None


def cell(row: Mapping[str, str], *names: str) -> str:
    """The first of these columns that holds something."""
    return next((row[name].strip() for name in names if row.get(name, "").strip()), "")
