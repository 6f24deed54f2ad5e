"""Rewrites a stranger's folder by a mapping into export files of DESIGN section 4, row for row."""

from __future__ import annotations

import csv
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from vedette.accounts.mapping.model import ColumnMapping, FileMapping, Mapping, MappingError
from vedette.accounts.mapping.shapes import day, moment, number
from vedette.accounts.mapping.sources import FlatRow, files_of, rows
from vedette.accounts.mapping.targets import targets
from vedette.accounts.mapping.write import asks
from vedette.base import Place, stable_id
from vedette.events.agents import family, kinds

_CHANNELS = {"browser": "console", "console": "console", "cli": "api", "sdk": "api", "automation": "api"}
_SSH = ("openssh", "ssh-", "putty", "libssh", "paramiko")

_Read = Callable[[FlatRow], str]


def apply(directory: Path, mapping: Mapping, out: Path) -> tuple[str, ...]:
    """Write canonical files into ``out`` and return what a person should know, one sentence each.

    Every row is written, also one that cannot be read: the intake refuses it with its place. Unused columns are kept.
    Raises MappingError where a question is open, a file is missing or a column of the mapping stands in no row.
    """
    notes: list[str] = []
    written: Counter[str] = Counter()
    out.mkdir(parents=True, exist_ok=True)
    for item in mapping.files:
        if item.table:
            written[item.table] += 1
            notes += _file(directory, item, out / _name(item.table, written[item.table]))
    known = {item.file for item in mapping.files}
    for path in files_of(directory):
        if (name := path.relative_to(directory).as_posix()) not in known:
            notes.append(f"{name} stands in no mapping and was not read")
    if (directory / "logs").is_dir():
        os.symlink((directory / "logs").resolve(), out / "logs", target_is_directory=True)
    return tuple(notes)


def _name(table: str, turn: int) -> str:
    return f"{table}.csv" if turn == 1 else f"{table}-{turn}.csv"


def _file(directory: Path, item: FileMapping, target: Path) -> Iterator[str]:
    source = _source(directory, item)
    _answered(item)
    readers = {column.target: _reader(column, item) for column in item.columns}
    used = {column.source for column in item.columns if column.source}
    seen = _write(source, target, readers, used, item.table)
    missing = sorted(used - seen)
    if missing:
        target.unlink()
        place = Place(item.file, None, missing[0])
        raise MappingError("is a column that no row has", place=place, remedy="Correct the mapping")
    if not item.zone_confirmed:
        yield f"{item.file}: times without a zone were read as {item.zone}; nobody has confirmed that"


def _source(directory: Path, item: FileMapping) -> Path:
    """The file, inside the folder and nowhere else."""
    path = (directory / item.file).resolve()
    if not path.is_relative_to(directory.resolve()):
        raise MappingError("lies outside the folder", place=Place(item.file), remedy="Name files of the folder only")
    if not path.is_file():
        raise MappingError("is not in the folder", place=Place(item.file), remedy="Write table: none, or map again")
    return path


def _answered(item: FileMapping) -> None:
    for column in item.columns:
        if asks(column):
            raise MappingError(
                "is a question that nobody has answered",
                place=Place(item.file, None, column.target),
                remedy="Edit the mapping: the comment above the column says what to write",
            )


def _write(source: Path, target: Path, readers: dict[str, _Read], used: set[str], table: str) -> set[str]:
    """Write the rows. Returns the source columns that were seen."""
    rest = _unused(source, used, {column.column for column in targets()[table]})
    seen: set[str] = set()
    repeats: Counter[str] = Counter()
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*readers, *rest.values()])
        for row in rows(source):
            seen.update(row)
            cells = [read(row) if read is not _row else _made_id(row, repeats) for read in readers.values()]
            writer.writerow([*cells, *(row.get(path, "") for path in rest)])
    return seen


def _unused(source: Path, used: set[str], taken: set[str]) -> dict[str, str]:
    """Columns that the mapping does not use, and a name for each that no column of ours bears."""
    paths: dict[str, None] = {}
    for row in rows(source):
        paths.update(dict.fromkeys(row))
    found: dict[str, str] = {}
    names = set(taken)
    for path in paths:
        if path and path not in used:
            name = path.strip().lower()
            while name in names:
                name = f"their_{name}"
            names.add(name)
            found[path] = name
    return found


def _row(_row: FlatRow) -> str:
    raise AssertionError("made with its count of repeats")


def _made_id(row: FlatRow, repeats: Counter[str]) -> str:
    """An id from the row's content; the same row again gets the next one, and the same file gives the same ids."""
    content = json.dumps(row, sort_keys=True, ensure_ascii=False)
    repeats[content] += 1
    return stable_id("row", content, str(repeats[content]))


def _reader(column: ColumnMapping, item: FileMapping) -> _Read:
    if column.kind == "row":
        return _row
    source, values = column.source, dict(column.values)
    if not source:
        return lambda _row: column.constant
    convert = _converter(column, item.zone)
    if values:
        return lambda row: values.get(row.get(source, ""), row.get(source, ""))
    return lambda row: convert(value) if (value := row.get(source, "")) else column.constant


def _converter(column: ColumnMapping, zone: str) -> Callable[[str], str]:
    form, decimal = column.format, column.decimal
    match column.kind:
        case "time":
            return lambda value: moment(value, form, zone)
        case "day":
            return lambda value: day(value, form)
        case "number":
            return lambda value: number(value, decimal)
        case "channel":
            return channel
        case _:
            return str


def channel(agent: str) -> str:
    """The way in that a user agent speaks of: console, api or ssh; empty where it does not say."""
    text = agent[:200].casefold()
    if any(text.startswith(name) for name in _SSH):
        return "ssh"
    return _CHANNELS.get(kinds().get(family(agent), ""), "")
