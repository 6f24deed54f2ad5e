"""Reads comma-, semicolon- or tab-separated tables of submissions: one row a paper, or one row an author."""

from __future__ import annotations

import csv
import io

from vedette.conference import tabular
from vedette.conference.fields import decode
from vedette.conference.model import Reading, refuse

_LONGEST_CELL = 1_000_000
_NO_TEXT = (b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0", b"\x1f\x8b")


def recognise(name: str, head: bytes) -> bool:
    """A text file named .csv or .tsv."""
    return name.casefold().endswith((".csv", ".tsv", ".txt")) and not head.startswith(_NO_TEXT)


def parse(name: str, data: bytes) -> Reading:
    """The submissions of the table. Raises ConferenceError without a column of submission ids."""
    written = decode(data, name)
    first = written.partition("\n")[0]
    mark = max(",;\t", key=first.count)
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(io.StringIO(written, newline=""), delimiter=mark, strict=True)
    try:
        columns = tabular.headings(next(reader, []))
        tabular.require(columns, "submission_id", name)
        made, refused = tabular.submissions(name, ((reader.line_num, _row(columns, cells)) for cells in reader))
    except csv.Error as fault:
        raise refuse(
            f"is no table: {fault}", name, line=reader.line_num, remedy="Quote cells that hold quotes or line ends"
        ) from None
    return Reading(submissions=made, refused=refused)


def _row(columns: list[str], cells: list[str]) -> dict[str, str]:
    return dict(zip(columns, cells, strict=False))
