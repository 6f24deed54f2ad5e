"""CSV that no spreadsheet takes for formulas."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

from vedette.documents.model import Table
from vedette.documents.visible import visible

_FORMULA = tuple("=+-@|%＝＋－＠")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")


def safe(text: str) -> str:
    """The cell with an apostrophe in front where a spreadsheet would compute it; plain numbers stay numbers."""
    shown = visible(text)
    risky = shown.lstrip().startswith(_FORMULA) or text[:1] in ("\t", "\r", "\n")
    return "'" + shown if risky and not _NUMBER.fullmatch(shown.strip()) else shown


def write(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """RFC 4180, UTF-8 with a byte-order mark so that Korean and Chinese open rightly in spreadsheets."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([safe(cell) for cell in columns])
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig", "replace")


def of_table(table: Table) -> bytes:
    """One table of a document."""
    return write(table.columns, table.rows)
