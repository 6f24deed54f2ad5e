"""Reads a stranger's files, whatever their form, as flat rows of text: CSV, JSON lines, JSON arrays and Parquet."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, cast

from vedette.accounts.mapping.model import MappingError
from vedette.base import Place

_FORMATS = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".json": "json",
    ".jsonl": "lines",
    ".ndjson": "lines",
    ".parquet": "parquet",
}
_LONGEST_LINE = 16 * 1024 * 1024
_LARGEST_JSON = 512 * 1024 * 1024
_DEEPEST = 8
_MOST_COLUMNS = 2_000
_DELIMITERS = (",", ";", "\t", "|")
_MARKS = ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))

FlatRow = dict[str, str]


def format_of(path: Path) -> str:
    """csv, lines, json or parquet, by the name's ending; empty for anything else."""
    return _FORMATS.get(Path(path.name.removesuffix(".gz")).suffix.lower(), "")


def files_of(directory: Path) -> tuple[Path, ...]:
    """The data files of a folder and of its sub-folders, without ``logs``. Raises MappingError where it cannot be listed."""
    if not directory.is_dir():
        raise MappingError("is no folder", place=Place(str(directory)), remedy="Name the folder of your exports")
    try:
        found = sorted(path for path in directory.rglob("*") if path.is_file() and format_of(path))
    except OSError as fault:
        raise MappingError(f"cannot be listed: {fault.strerror}", place=Place(str(directory))) from None
    kept = (path for path in found if path.relative_to(directory).parts[0] != "logs")
    return tuple(path for path in kept if not (path.suffix == ".txt" and len(_first_line(path)) < 2))


def _first_line(path: Path) -> list[str]:
    """The cells of a text file's first line: a note to the reader is no table."""
    with path.open("rb") as file:
        line = file.readline(_LONGEST_LINE).decode("utf-8", errors="replace").strip()
    return line.split(delimiter_of(line)) if line else []


def rows(path: Path) -> Iterator[FlatRow]:
    """Every row as text cells under dotted names. Raises MappingError where the file cannot be followed."""
    read = {"csv": _csv, "lines": _lines, "json": _json, "parquet": _parquet}[format_of(path)]
    try:
        yield from read(path)
    except (UnicodeError, csv.Error) as fault:
        raise MappingError(f"cannot be read: {fault}", place=Place(str(path)), remedy="Export it as UTF-8") from None
    except (EOFError, zlib.error, gzip.BadGzipFile) as fault:
        raise MappingError(f"is a damaged gzip file: {fault}", place=Place(str(path)), remedy="Copy it again") from None
    except OSError as fault:
        raise MappingError(f"cannot be read: {fault.strerror or fault}", place=Place(str(path))) from None


def _opened(path: Path) -> IO[bytes]:
    with path.open("rb") as file:
        zipped = file.read(2) == b"\x1f\x8b"
    return cast(IO[bytes], gzip.open(path, "rb")) if zipped else path.open("rb")


def _encoding(path: Path) -> str:
    with _opened(path) as file:
        start = file.read(2)
    return next((name for mark, name in _MARKS if start == mark), "utf-8-sig")


def delimiter_of(header: str) -> str:
    """The sign that parts the most cells of a header line."""
    counts = {sign: len(next(csv.reader([header], delimiter=sign), [])) for sign in _DELIMITERS}
    return max(_DELIMITERS, key=lambda sign: counts[sign])


def _csv(path: Path) -> Iterator[FlatRow]:
    csv.field_size_limit(_LONGEST_LINE)
    encoding = _encoding(path)
    with _opened(path) as raw, io.TextIOWrapper(raw, encoding=encoding, newline="") as text:
        header = text.readline(_LONGEST_LINE)
        delimiter = delimiter_of(header.rstrip("\r\n"))
        names = [name.strip() for name in next(csv.reader([header], delimiter=delimiter), [])]
        if len(names) > _MOST_COLUMNS or len(set(names)) != len(names):
            raise MappingError("has columns that cannot be told apart", place=Place(str(path), 1), remedy="Rename them")
        for row in csv.reader(_limited(text, path), delimiter=delimiter):
            if row:
                yield dict(zip(names, (cell.strip() for cell in row), strict=False))


def _limited(text: IO[str], path: Path) -> Iterator[str]:
    """Lines of bearable length."""
    number = 1
    while line := text.readline(_LONGEST_LINE):
        number += 1
        if len(line) >= _LONGEST_LINE:
            raise MappingError("has a line longer than 16 MiB", place=Place(str(path), number))
        yield line


def _lines(path: Path) -> Iterator[FlatRow]:
    encoding = _encoding(path)
    with _opened(path) as raw, io.TextIOWrapper(raw, encoding=encoding) as text:
        for number, line in enumerate(_limited(text, path), start=1):
            if line.strip():
                yield _flat(_object(line, Place(str(path), number)))


def _object(line: str, place: Place) -> Mapping[str, Any]:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        raise MappingError("is not JSON", place=place) from None
    if not isinstance(value, dict):
        raise MappingError("is not a JSON object", place=place)
    return value


def _json(path: Path) -> Iterator[FlatRow]:
    with _opened(path) as file:
        data = file.read(_LARGEST_JSON + 1)
    if len(data) > _LARGEST_JSON:
        raise MappingError("is larger than 512 MiB", place=Place(str(path)), remedy="Export JSON lines instead")
    try:
        value = json.loads(data.decode(_encoding(path)))
    except (ValueError, RecursionError):
        yield from _lines(path)
        return
    for number, item in enumerate(_records(value), start=1):
        if not isinstance(item, dict):
            raise MappingError(f"record {number} is not an object", place=Place(str(path)))
        yield _flat(item)


def _records(value: Any) -> Iterable[Any]:
    """The list of records: the value itself, or the longest list of objects that the top object holds."""
    if isinstance(value, list):
        return value
    lists = [item for item in value.values() if isinstance(item, list) and item and isinstance(item[0], dict)]
    return max(lists, key=len, default=[value])


def _parquet(path: Path) -> Iterator[FlatRow]:
    from vedette.store.engines.duckdb import connect, literal

    with TemporaryDirectory() as scratch:
        connection = connect(Path(scratch))
        try:
            cursor = connection.execute(f"SELECT * FROM read_parquet({literal(str(path))}, hive_partitioning = false)")
            names = [column[0] for column in cursor.description]
            found = cursor.fetchall()
        except Exception as fault:  # DuckDB raises many kinds for a file that is no Parquet: say so with its reason
            raise MappingError(f"cannot be read as Parquet: {fault}", place=Place(str(path))) from None
        finally:
            connection.close()
    for row in found:
        yield _flat(dict(zip(names, row, strict=True)))


def _flat(record: Mapping[str, Any], prefix: str = "", depth: int = 0) -> FlatRow:
    found: FlatRow = {}
    for key, value in record.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping) and depth < _DEEPEST:
            found.update(_flat(value, f"{name}.", depth + 1))
        else:
            found[name] = _cell(value)
    return found


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value).strip()
