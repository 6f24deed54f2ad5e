"""Finds export files and tells what they are: format by name, identity by content."""

from __future__ import annotations

import hashlib
from pathlib import Path

from vedette.base import Place
from vedette.store.intake.form import FileRefused

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


def export_files(directory: Path, stem: str) -> tuple[Path, ...]:
    """The files of one table in an export folder: ``stem.csv``, ``stem-2.jsonl.gz``, ``stem/part-1.parquet``,
    ``stem.parquet/part-1.parquet`` ...

    Hidden files and those that begin with an underscore are passed over. A folder under a file's name without parts is given
    itself, so that reading refuses it by name. Raises FileRefused where a folder cannot be listed.
    """
    own = [part for path in _listed(directory) if _belongs(path, stem) for part in _parts(path) or (path,)]
    return tuple(path for path in (*own, *_parts(directory / stem)) if path.is_file() or path.is_dir())


def _parts(path: Path) -> list[Path]:
    """The parts of a table that lies in a folder, as distributed engines write it; the path itself where it is no folder."""
    if not path.is_dir():
        return [path] if format_of(path) else []
    return [part for part in _listed(path) if format_of(part)]


def _listed(directory: Path) -> list[Path]:
    try:
        return sorted(path for path in directory.iterdir() if not path.name.startswith((".", "_")))
    except OSError as fault:
        raise FileRefused(
            f"the folder cannot be read: {fault.strerror}",
            place=Place(str(directory)),
            remedy="Check that it exists and its permissions",
        ) from None


def _belongs(path: Path, stem: str) -> bool:
    base = _plain(path).rpartition(".")[0].casefold()
    return bool(format_of(path)) and (base == stem or base.startswith((f"{stem}-", f"{stem}.", f"{stem}_part")))


def _plain(path: Path) -> str:
    return path.name[:-3] if path.name.casefold().endswith(".gz") else path.name


def format_of(path: Path) -> str:
    """csv, jsonl or parquet by the name's ending (``.gz`` aside); empty for anything else."""
    return _SUFFIXES.get(Path(_plain(path)).suffix.casefold(), "")


def fingerprint(path: Path) -> tuple[str, bool]:
    """SHA-256 of a file's bytes as they lie, and whether they are gzip. Refuses an empty or unreadable file."""
    if path.exists() and not path.is_file():
        raise FileRefused("is no regular file", place=Place(str(path)), remedy="Export the table as a file")
    try:
        with path.open("rb") as file:
            start = file.read(4)
            digest = hashlib.sha256(start)
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
    except OSError as fault:
        raise FileRefused(
            f"cannot be read: {fault.strerror}", place=Place(str(path)), remedy="Check the file and its permissions"
        ) from None
    if not start:
        raise FileRefused("is empty", place=Place(str(path)), remedy="Export it again")
    return digest.hexdigest(), start.startswith(_GZIP_MAGIC)
