"""Streams the bytes of one text file in blocks of whole lines: hashed, unpacked, and checked for faults that refuse it."""

from __future__ import annotations

import gzip
import hashlib
import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from vedette.base import Place
from vedette.store.intake.form import FileRefused, Limits

_CHUNK = 4 * 1024 * 1024
_GZIP = b"\x1f\x8b"
_BOM = b"\xef\xbb\xbf"
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")
_UTF8 = "Save the file as UTF-8 and feed it again"


class Source:
    """One file, read once from front to back. ``sha256`` covers the file as it lies on disk, known after the last block."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self.path = path
        self.limits = limits
        self._hash = hashlib.sha256()

    @property
    def sha256(self) -> str:
        """Hexadecimal hash of what has been read so far: of the whole file once ``blocks`` is exhausted."""
        return self._hash.hexdigest()

    def take_hash(self, state: hashlib._Hash) -> None:
        """Use the hash of a file that something else has read."""
        self._hash = state

    def refuse(self, problem: str, *, line: int | None = None, field: str | None = None, remedy: str) -> FileRefused:
        """The error that refuses this file."""
        return FileRefused(problem, place=Place(str(self.path), line, field), remedy=remedy)

    def blocks(self) -> Iterator[tuple[int, bytes]]:
        """(number of the first line, whole lines joined by newlines, the last without). CR LF becomes LF.

        Raises FileRefused for an unreadable, truncated, empty, over-long-lined, NUL-bearing or non-UTF-8 file.
        """
        line, rest, seen = 1, b"", False
        for chunk in self._chunks():
            body, newline, rest = (rest + chunk).rpartition(b"\n")
            self._check_length(rest, line + body.count(b"\n") + bool(newline))
            if newline:
                checked = self._checked(body, line)
                seen = seen or bool(checked.strip())
                yield line, checked
                line += body.count(b"\n") + 1
        if rest:
            checked = self._checked(rest, line)
            seen = seen or bool(checked.strip())
            yield line, checked
        if not seen:
            raise self.refuse(
                "the file is empty", remedy="Export it again; a table without rows still needs its header"
            )

    def _chunks(self) -> Iterator[bytes]:
        total = 0
        try:
            with self.path.open("rb") as file:
                for chunk in self._unpacked(file):
                    if not total:
                        chunk = self._without_mark(chunk)
                    total += len(chunk)
                    if total > self.limits.expanded:
                        raise self.refuse(
                            "unpacks to more than is allowed", remedy="Split the export into smaller files"
                        )
                    yield chunk
        except EOFError:
            raise self.refuse("the gzip data ends early", remedy="Copy or export the file again") from None
        except (gzip.BadGzipFile, zlib.error) as fault:
            raise self.refuse(f"is not sound gzip data: {fault}", remedy="Copy or export the file again") from None
        except OSError as fault:
            raise self.refuse(
                f"cannot be read: {fault.strerror or fault}", remedy="Check the file and its rights"
            ) from None

    def _unpacked(self, file: IO[bytes]) -> Iterator[bytes]:
        hashed = _Hashed(file, self._hash)
        packed = file.read(2) == _GZIP
        file.seek(0)
        reader = gzip.GzipFile(fileobj=hashed) if packed else hashed
        while chunk := reader.read(_CHUNK):
            yield chunk

    def _without_mark(self, first: bytes) -> bytes:
        if first.startswith(_WIDE_MARKS):
            raise self.refuse("is UTF-16, not UTF-8", line=1, remedy=_UTF8)
        return first.removeprefix(_BOM)

    def _checked(self, body: bytes, line: int) -> bytes:
        if len(body) > self.limits.line:
            self._check_lengths(body, line)
        if (nul := body.find(0)) >= 0:
            at = line + body.count(b"\n", 0, nul)
            raise self.refuse("holds a NUL byte", line=at, remedy="The file is damaged or binary; export it again")
        if not body.isascii():
            self._check_text(body, line)
        return body.replace(b"\r\n", b"\n").removesuffix(b"\r")

    def _check_text(self, body: bytes, line: int) -> None:
        try:
            body.decode()
        except UnicodeDecodeError as fault:
            at = line + body.count(b"\n", 0, fault.start)
            byte = body[fault.start]
            raise self.refuse(f"is not UTF-8: byte 0x{byte:02x}", line=at, remedy=_UTF8) from None

    def _check_lengths(self, body: bytes, line: int) -> None:
        for number, text in enumerate(body.split(b"\n"), line):
            self._check_length(text, number)

    def _check_length(self, text: bytes, line: int) -> None:
        if len(text) > self.limits.line:
            limit = self.limits.line
            raise self.refuse(f"a line is longer than {limit:,} bytes", line=line, remedy="Export one record per line")


class _Hashed(io.RawIOBase):
    """Feeds every byte read to a hash."""

    def __init__(self, file: IO[bytes], state: hashlib._Hash) -> None:
        self._file = file
        self._state = state

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self._state.update(data)
        return data
