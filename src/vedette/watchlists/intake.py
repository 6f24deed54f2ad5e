"""Files and folders on disk, read into unpacked pieces within limits. The only place of this room that opens a user's file."""

from __future__ import annotations

import os
import re
import stat
import zlib
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from vedette.base import Place
from vedette.watchlists.reading import ListError, Piece

#: The largest file, and the largest content of a packed file, that is taken into memory.
MAX_BYTES = 512 * 1024 * 1024
_CHUNK = 1024 * 1024
_GZIP = b"\x1f\x8b"
_DAY = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")


def files_in(paths: Sequence[Path]) -> Iterator[tuple[Path, bool]]:
    """Every file named or found in a named folder, sorted, with whether it was named itself.

    Hidden files are passed over and links to folders are not followed. An unreadable folder raises ListError.
    """
    for path in paths:
        if path.is_dir():
            yield from ((inner, False) for inner in _inside(path))
        else:
            yield path, True


def _inside(folder: Path) -> list[Path]:
    found: list[Path] = []
    for root, folders, names in os.walk(folder, onerror=_unreadable):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += (Path(root, name) for name in names if not name.startswith("."))
    return sorted(found)


def _unreadable(fault: OSError) -> None:
    reason = fault.strerror or type(fault).__name__
    raise ListError(f"cannot be read: {reason}", place=Place(str(fault.filename)), remedy="Check the folder's rights")


def read_piece(path: Path) -> Piece:
    """One file's unpacked bytes. Raises ListError for whatever is unreadable, empty, cut short or too large."""
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            raise ListError("is no regular file", place=Place(str(path)), remedy="Save the list to a file first")
        if about.st_size > MAX_BYTES:
            raise _too_large(path)
        data = path.read_bytes()
    except OSError as fault:
        reason = fault.strerror or type(fault).__name__
        raise ListError(f"cannot be read: {reason}", place=Place(str(path)), remedy="Check path and rights") from None
    if data.startswith(_GZIP):
        data = _unpacked(data, path)
    if not data.strip(b"\r\n\t \x1a\xef\xbb\xbf"):
        raise ListError(
            "is empty", place=Place(str(path)), remedy="The download failed; the version in force stays in force"
        )
    return Piece(path.name, data, dated_in(path.name))


def dated_in(name: str) -> date | None:
    """The last calendar day written in a file name, such as sdn_2024-05-03.csv.gz."""
    for year, month, day in reversed(_DAY.findall(name)):
        try:
            return date(int(year), int(month), int(day))
        except ValueError:
            continue
    return None


def _unpacked(data: bytes, path: Path) -> bytes:
    """Unpack every member of a gzip file, never beyond the limit."""
    whole = bytearray()
    try:
        while data:
            member = zlib.decompressobj(wbits=31)
            whole += member.decompress(data, MAX_BYTES + 1 - len(whole))
            if len(whole) > MAX_BYTES:
                raise _too_large(path)
            if not member.eof:
                raise ListError("is a gzip file cut short", place=Place(str(path)), remedy="Download it again")
            data = member.unused_data.lstrip(b"\0")
    except zlib.error as fault:
        raise ListError(
            f"is a damaged gzip file: {fault}", place=Place(str(path)), remedy="Download it again"
        ) from None
    return bytes(whole)


def _too_large(path: Path) -> ListError:
    limit = MAX_BYTES // 2**20
    return ListError(
        f"is larger than {limit} MiB unpacked",
        place=Place(str(path)),
        remedy="No list of this kind is; check its origin",
    )
