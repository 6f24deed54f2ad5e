"""Titles to be classified, from lines, JSON lines or CSV: whatever a file holds, every record gets its answer in order."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from vedette.institutions.lines import Line, lines
from vedette.observatory.model import refuse

_NAMES = {
    "title": ("title", "display_name", "titles", "제목", "题名", "标题"),
    "abstract": ("abstract", "ab", "초록", "摘要"),
}
_MOST_FIELD = 200_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One title with its abstract; ``problem`` says why a record cannot be read."""

    title: str
    abstract: str = ""
    problem: str = ""


def titles(path: Path) -> Iterator[Entry]:
    """Every title of a file or of standard input ("-"), gzip allowed. Form by suffix: .jsonl, .json, .csv, .tsv, else one a line.

    Raises ObservatoryError where a table has no column of titles, InstitutionError where the file cannot be read.
    """
    suffix = "".join(path.suffixes).removesuffix(".gz")[-6:].lower()
    read = lines(path)
    if suffix.endswith((".jsonl", ".json")):
        return _records(read)
    if suffix.endswith((".csv", ".tsv")):
        return _table(read, str(path), "\t" if suffix.endswith(".tsv") else ",")
    return (Entry(line.text, problem=line.problem) for line in read)


def _records(read: Iterable[Line]) -> Iterator[Entry]:
    for line in read:
        if line.problem or not line.text.strip():
            yield Entry(line.text, problem=line.problem)
            continue
        yield _record(line.text)


def _record(text: str) -> Entry:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as fault:
        return Entry(text[:200], problem=f"this line is no JSON: {type(fault).__name__}")
    if isinstance(value, str):
        return Entry(value)
    if not isinstance(value, dict):
        return Entry(text[:200], problem="this line is neither a title nor a record with one")
    title = _text(value.get("title") or value.get("display_name"))
    if title is None:
        return Entry("", problem="this record has no title")
    return Entry(title, _text(value.get("abstract")) or "")


def _text(value: object) -> str | None:
    if isinstance(value, list):
        value = " ".join(item for item in value if isinstance(item, str))
    return value if isinstance(value, str) and value else None


def _table(read: Iterable[Line], file: str, separator: str) -> Iterator[Entry]:
    csv.field_size_limit(_MOST_FIELD)
    faults: list[str] = []
    rows = csv.reader(_texts(read, faults), delimiter=separator)
    head = [name.strip().lstrip("\ufeff").casefold() for name in next(rows, [])]
    places = {key: next((head.index(name) for name in names if name in head), None) for key, names in _NAMES.items()}
    title, abstract = places["title"], places["abstract"]
    if title is None:
        raise refuse("has no column of titles", file, 1, "Name one column title")
    faults.clear()
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as fault:
            yield Entry("", problem=f"this row cannot be read: {fault}")
            continue
        yield Entry(_cell(row, title), _cell(row, abstract), "; ".join(faults))
        faults.clear()


def _texts(read: Iterable[Line], faults: list[str]) -> Iterator[str]:
    """The lines for the reader of tables; what is wrong with them is put into ``faults``."""
    for line in read:
        if line.problem:
            faults.append(line.problem)
        yield f"{line.text}\n"


def _cell(row: list[str], place: int | None) -> str:
    return row[place] if place is not None and place < len(row) else ""
