"""Writes a mapping as YAML that a person can read and edit; comments carry confidence, shapes and questions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from vedette.accounts.mapping.model import ASK, ColumnMapping, FileMapping, Mapping
from vedette.store import write_durably

_HEAD = """\
# Which of your files and columns are which of Vedette's (DESIGN section 4). Proposed by `vedette map`; edit freely.
# Then: vedette run DIR --mapping THIS_FILE
# QUESTION marks what only you know: answer it by editing the line below it. Comments are for you and change nothing.
# In shapes, x stands for a letter and 9 for a digit.
"""


def write_mapping(mapping: Mapping, path: Path) -> None:
    """Write the whole file or nothing."""
    write_durably(path, text_of(mapping).encode())


def text_of(mapping: Mapping) -> str:
    """The YAML text of a mapping."""
    lines = [*_HEAD.splitlines(), "version: 1", "files:"]
    for item in mapping.files:
        lines += _file(item)
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A YAML scalar that is read back as exactly this text: a JSON string, save that YAML knows no surrogate pairs."""
    signs = (json.dumps(sign)[1:-1] if sign <= "\uffff" else f"\\U{ord(sign):08x}" for sign in text)
    return f'"{"".join(signs)}"'


def _comment(text: str) -> str:
    """A text for a comment: one line, nothing that could end it."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


def _file(item: FileMapping) -> Iterator[str]:
    if not item.table:
        yield f"  # Left alone: {_comment(item.why)}."
        yield f"  - file: {_quoted(item.file)}"
        yield "    table: none"
        yield f"    why: {_quoted(item.why or 'left alone')}"
        return
    yield f"  # Confidence {item.confidence:.2f}."
    yield f"  - file: {_quoted(item.file)}"
    yield f"    table: {_quoted(item.table)}"
    if item.zone:
        if not item.zone_confirmed:
            yield "    # QUESTION: the times bear no zone. In which were they written? Name it and write zone_confirmed: true."
        yield f"    zone: {_quoted(item.zone)}"
        yield f"    zone_confirmed: {str(item.zone_confirmed).lower()}"
    if item.unmapped:
        yield f"    # Not used, kept with the row: {_comment(', '.join(item.unmapped))}"
    yield "    columns:"
    for column in item.columns:
        yield from _column(column)


def _column(column: ColumnMapping) -> Iterator[str]:
    shape = f", looks like {_comment(column.sample)}" if column.sample else ""
    yield f"      # Confidence {column.confidence:.2f}{shape}"
    for question in column.questions:
        yield f"      # QUESTION: {_comment(question)}"
    yield f"      - to: {_quoted(column.target)}"
    if column.source:
        yield f"        from: {_quoted(column.source)}"
    if column.constant:
        yield f"        constant: {_quoted(column.constant)}"
    if column.kind != "text":
        yield f"        as: {column.kind}"
    if column.format:
        yield f"        format: {_quoted(column.format)}"
    if column.decimal:
        yield f"        decimal: {_quoted(column.decimal)}"
    if column.values:
        yield "        values:"
        for theirs, ours in column.values:
            yield f"          - {{theirs: {_quoted(theirs)}, ours: {_quoted(ours)}}}"


def asks(column: ColumnMapping) -> bool:
    """Whether a column cannot be read before a person has answered."""
    return ASK in (column.format, column.decimal)
