"""The careful way through a file, row by row in Python: JSON lines, and CSV that is not quite regular."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TextIO

import msgspec

from vedette.base import Place
from vedette.store.intake.files import LONGEST_LINE, Facts, normal, opened
from vedette.store.intake.form import FileRefused, Form

LINE, EXTRA, FAULT = "line__", "extra__", "fault__"


def rewrite(facts: Facts, form: Form, target: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Write a regular CSV of every row: line, the form's fields, unknown columns as JSON, and a fault where there is one.

    Returns the columns present and the unknown ones. Raises FileRefused where the file cannot be followed at all.
    """
    fields = [field.name for field in form.fields]
    present: dict[str, None] = dict.fromkeys(facts.header)
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([LINE, *fields, EXTRA, FAULT])
        rows = _csv_rows(facts) if facts.format == "csv" else _json_rows(facts)
        for line, cells, fault in rows:
            present.update(dict.fromkeys(cells))
            extra = {name: value for name, value in cells.items() if name not in fields and value != ""}
            known = [_cell(cells.get(name, "")) for name in fields]
            writer.writerow(
                [line, *known, json.dumps(extra, ensure_ascii=False, separators=(",", ":")) if extra else "", fault]
            )
    if facts.format == "jsonl" and present:
        _require(present, facts, form)
    return tuple(name for name in present if name in fields), tuple(name for name in present if name not in fields)


def _require(present: Mapping[str, None], facts: Facts, form: Form) -> None:
    missing = [field.name for field in form.fields if field.required and field.name not in present]
    if missing:
        raise FileRefused(
            f"lacks the required field {', '.join(missing)} in every line",
            place=Place(str(facts.path), None, missing[0]),
            remedy="Add it, or let `vedette map` propose which of your fields it is",
        )


def _csv_rows(facts: Facts) -> Iterator[tuple[int, dict[str, Any], str]]:
    width = len(facts.header)
    # The module's limit is per process; it only ever grows to what the look-over lets through.
    csv.field_size_limit(LONGEST_LINE)
    with opened(facts.path, facts.gzipped) as file:
        reader = csv.reader(_text(file), delimiter=facts.delimiter)
        try:
            next(reader, None)
            line = reader.line_num + 1
            for row in reader:
                if row:
                    yield line, *_csv_row(row, facts.header, width)
                line = reader.line_num + 1
        except csv.Error as fault:
            raise FileRefused(f"cannot be followed: {fault}", place=Place(str(facts.path), reader.line_num)) from None


def _csv_row(row: list[str], header: tuple[str, ...], width: int) -> tuple[dict[str, Any], str]:
    cells: dict[str, Any] = dict(zip(header, row, strict=False))
    if len(row) == width:
        return cells, ""
    return cells, f"has {len(row)} cells where the header has {width}"


def _text(file: Any) -> TextIO:
    return io.TextIOWrapper(file, encoding="utf-8-sig", newline="")


def _json_rows(facts: Facts) -> Iterator[tuple[int, dict[str, Any], str]]:
    decoder = msgspec.json.Decoder()
    with opened(facts.path, facts.gzipped) as file:
        for number, line in enumerate(file, start=1):
            text = line.strip().removeprefix(b"\xef\xbb\xbf")
            if text:
                yield number, *_json_row(text, decoder)


def _json_row(text: bytes, decoder: Any) -> tuple[dict[str, Any], str]:
    try:
        value = decoder.decode(text)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return {"unreadable": text.decode("utf-8", errors="replace")}, "is not JSON"
    if not isinstance(value, dict):
        return {"unreadable": text.decode("utf-8", errors="replace")}, "is not a JSON object"
    return {normal(name): "" if item is None else item for name, item in value.items()}, ""


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return str(value)
