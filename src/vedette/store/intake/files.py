"""Finds export files and looks each over before it is read: whole, UTF-8, no monstrous line, a usable header."""

from __future__ import annotations

import codecs
import csv
import gzip
import hashlib
import io
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from vedette.base import Place
from vedette.store.intake.form import FileRefused, Form

LONGEST_LINE = 16 * 1024 * 1024
_MOST_COLUMNS = 2_000
_CHUNK = 1024 * 1024
_SUFFIXES = {
    ".csv": "csv",
    ".tsv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".parquet": "parquet",
}
_GZIP_MAGIC = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the look-over found. ``delimiter`` and ``header`` are for CSV; ``plain`` tells that it has no byte-order mark."""

    path: Path
    format: str
    sha256: str
    gzipped: bool
    plain: bool
    delimiter: str
    header: tuple[str, ...]


def export_files(directory: Path, stem: str) -> tuple[Path, ...]:
    """The files of one table in an export folder: ``stem.csv``, ``stem-2.jsonl.gz``, ``stem/part-1.parquet`` ...

    Raises FileRefused where the folder cannot be listed.
    """
    try:
        entries = sorted(directory.iterdir())
        nested = sorted((directory / stem).iterdir()) if (directory / stem).is_dir() else []
    except OSError as fault:
        raise FileRefused(
            f"the folder cannot be read: {fault.strerror}",
            place=Place(str(directory)),
            remedy="Check that it exists and its permissions",
        ) from None
    own = [path for path in entries if path.is_file() and _belongs(path, stem)]
    return tuple(own + [path for path in nested if path.is_file() and format_of(path)])


def _belongs(path: Path, stem: str) -> bool:
    name = path.name.removesuffix(".gz")
    base = name.rpartition(".")[0]
    return bool(format_of(path)) and (base == stem or base.startswith((f"{stem}-", f"{stem}.", f"{stem}_part")))


def format_of(path: Path) -> str:
    """csv, jsonl or parquet by the name's ending (``.gz`` aside); empty for anything else."""
    return _SUFFIXES.get(Path(path.name.removesuffix(".gz")).suffix.lower(), "")


def look_over(path: Path, form: Form) -> Facts:
    """Examine a file before reading it. Raises FileRefused with the remedy."""
    kind = format_of(path)
    if not kind:
        raise FileRefused("is of no known format", place=Place(str(path)), remedy="Use .csv, .jsonl or .parquet")
    digest, gzipped = fingerprint(path)
    if kind == "parquet":
        return Facts(path, kind, digest, False, True, "", ())
    first = whole(path, gzipped)
    delimiter, header = _header(first, path, form) if kind == "csv" else ("", ())
    plain = not first.startswith(codecs.BOM_UTF8)
    return Facts(path, kind, digest, gzipped, plain, delimiter, header)


def fingerprint(path: Path) -> tuple[str, bool]:
    """SHA-256 of a file's bytes as they lie, and whether they are gzip. Refuses an empty or unreadable file."""
    try:
        with path.open("rb") as file:
            start = file.read(4)
            digest = hashlib.sha256(start)
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
    except OSError as fault:
        raise FileRefused(f"cannot be read: {fault.strerror}", place=Place(str(path))) from None
    if not start:
        raise FileRefused("is empty", place=Place(str(path)), remedy="Export it again")
    return digest.hexdigest(), start.startswith(_GZIP_MAGIC)


def opened(path: Path, gzipped: bool) -> IO[bytes]:
    """The file's content, decompressed."""
    return cast(IO[bytes], gzip.open(path, "rb")) if gzipped else path.open("rb")


def whole(path: Path, gzipped: bool, longest: int = LONGEST_LINE) -> bytes:
    """Read the whole content once and return its beginning. Raises FileRefused at the first fault."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    beginning, carried, offset = b"", 0, 0
    try:
        with opened(path, gzipped) as file:
            for chunk in _chunks(file):
                if len(beginning) < _CHUNK:
                    beginning += chunk[:_CHUNK]
                carried = _line_length(chunk, carried, path, longest)
                if b"\x00" in chunk:
                    raise FileRefused("holds NUL bytes", place=Place(str(path)), remedy="Export it as UTF-8 text")
                decoder.decode(chunk)
                offset += len(chunk)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError as fault:
        raise FileRefused(
            f"is not UTF-8 (near byte {offset + fault.start})", place=Place(str(path)), remedy="Export it as UTF-8"
        ) from None
    except (EOFError, zlib.error, gzip.BadGzipFile) as fault:
        raise FileRefused(
            f"is a damaged or truncated gzip file ({fault})", place=Place(str(path)), remedy="Copy it again"
        ) from None
    except OSError as fault:
        raise FileRefused(f"cannot be read: {fault.strerror or fault}", place=Place(str(path))) from None
    return beginning


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    while chunk := file.read(_CHUNK):
        yield chunk


def _line_length(chunk: bytes, carried: int, path: Path, most: int) -> int:
    """Length of the line that is open at the chunk's end."""
    first, last = chunk.find(b"\n"), chunk.rfind(b"\n")
    longest = carried + (len(chunk) if first < 0 else first)
    if longest > most:
        raise FileRefused(
            f"has a line longer than {most // 1024**2} MiB",
            place=Place(str(path)),
            remedy="Check the export's line ends",
        )
    return carried + len(chunk) if last < 0 else len(chunk) - last - 1


def _header(beginning: bytes, path: Path, form: Form) -> tuple[str, tuple[str, ...]]:
    text = beginning.decode("utf-8-sig", errors="ignore")
    known = {field.name for field in form.fields}
    best: tuple[int, str, tuple[str, ...]] = (-1, ",", ())
    for delimiter in (",", ";", "\t"):
        names = _names(text, delimiter, path)
        score = len(known.intersection(names))
        if score > best[0]:
            best = (score, delimiter, names)
    _, delimiter, names = best
    check_names(names, path, form)
    return delimiter, names


def _names(text: str, delimiter: str, path: Path) -> tuple[str, ...]:
    try:
        row = next(csv.reader(io.StringIO(text), delimiter=delimiter), [])
    except csv.Error as fault:
        raise FileRefused(f"has no readable header: {fault}", place=Place(str(path), 1)) from None
    return tuple(normal(name) for name in row)


def normal(name: str) -> str:
    """A column name as it is compared: trimmed, lower case."""
    return name.strip().lower()


def check_names(names: Sequence[str], path: Path, form: Form) -> None:
    """Refuse a file whose columns are unusable: too many, twice the same, or a required one missing."""
    if len(names) > _MOST_COLUMNS:
        raise FileRefused(f"has {len(names)} columns", place=Place(str(path), 1), remedy="At most 2,000 are read")
    twice = sorted({name for name in names if name and list(names).count(name) > 1})
    if twice:
        raise FileRefused(f"names the column {twice[0]!r} twice", place=Place(str(path), 1), remedy="Rename one")
    missing = [field.name for field in form.fields if field.required and field.name not in names]
    if missing:
        raise FileRefused(
            f"lacks the required column {', '.join(missing)}",
            place=Place(str(path), 1, missing[0]),
            remedy="Add it, or let `vedette map` propose which of your columns it is",
        )
