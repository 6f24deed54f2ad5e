"""Registry files on disk, read and unpacked within limits: plain, gzip, and the zip in which ROR publishes its dump."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from datetime import date
from pathlib import Path

from vedette.institutions.model import InstitutionError, refuse
from vedette.watchlists.intake import MAX_BYTES, dated_in, read_piece
from vedette.watchlists.reading import ListError

_ZIP = b"PK\x03\x04"
_MOST_MEMBERS = 1_000
_SCHEMA_2 = re.compile(r"schema_v2|(?:^|/)v2[.\d]*-")
_CHUNK = 1 << 20


def read_file(path: Path) -> tuple[str, bytes, date | None]:
    """Name, unpacked bytes and the day in the name. Raises InstitutionError for what is unreadable, empty or too large."""
    try:
        piece = read_piece(path)
    except ListError as fault:
        raise InstitutionError(fault.problem, place=fault.place, remedy=fault.remedy) from None
    if not piece.data.startswith(_ZIP):
        return piece.name, piece.data, piece.dated
    member, data = _unzipped(piece.name, piece.data)
    return f"{piece.name}/{Path(member).name}", data, dated_in(member) or piece.dated


def _unzipped(name: str, data: bytes) -> tuple[str, bytes]:
    """The one member to read: a JSON file, of schema 2 where there are both. Nothing is written to disk."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if len(members) > _MOST_MEMBERS:
                raise refuse(f"holds {len(members):,} files", name, remedy="The dump holds a handful; check its origin")
            chosen = sorted(
                (
                    item
                    for item in members
                    if item.filename.casefold().endswith((".json", ".jsonl")) and not _meta(item)
                ),
                key=lambda item: (not _SCHEMA_2.search(item.filename), -item.file_size),
            )
            if not chosen:
                raise refuse("holds no JSON file", name, remedy="Download the dump from ROR's data page")
            return chosen[0].filename, _inflated(archive, chosen[0], name)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError) as fault:
        raise refuse(f"is a damaged zip file: {fault}", name, remedy="Download it again") from None


def _meta(item: zipfile.ZipInfo) -> bool:
    return item.is_dir() or "__MACOSX" in item.filename or Path(item.filename).name.startswith(".")


def _inflated(archive: zipfile.ZipFile, item: zipfile.ZipInfo, name: str) -> bytes:
    """Unpack one member by chunks, never beyond the limit, whatever its header says of its size."""
    whole = bytearray()
    with archive.open(item) as member:
        while chunk := member.read(_CHUNK):
            whole += chunk
            if len(whole) > MAX_BYTES:
                raise refuse(
                    f"unpacks to more than {MAX_BYTES // 2**20} MiB", name, remedy="No registry does; check its origin"
                )
    if not whole.strip():
        raise refuse("holds an empty file", name, remedy="The download failed; the version in force stays in force")
    return bytes(whole)
