"""Streams the bytes of one text file in blocks of whole lines: hashed, unpacked, and checked for faults that refuse it.

A NUL byte, a byte that is not UTF-8 and a line beyond all measure are faults of their row: they are marked in place, so that
quotes that run over lines stay whole, and ``blemish`` tells the reader of a format why the row cannot be taken.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from vedette.base import Place
from vedette.store.intake.form import FileRefused, Limits
from vedette.store.intake.spool import MARK

_CHUNK = 4 * 1024 * 1024
_GZIP = b"\x1f\x8b"
_BOM = b"\xef\xbb\xbf"
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")
_UTF8 = "Save the file as UTF-8 and feed it again"
_SHOWN = 500
# Beyond both, the fault is the file's encoding, not single cells.
_MOST_UNREADABLE, _MOST_UNREADABLE_SHARE = 100, 0.1
_STRAY = re.compile("[\udc80-\udcff]")
_MARKED = re.compile(f"{MARK}([0-9a-f]{{2}})")
_SHORTENED = re.compile(f"{MARK}\\+([0-9]+){MARK}")


class Source:
    """One file, read once from front to back. ``sha256`` covers the file as it lies on disk, known after the last block,
    unless ``hashed`` says that nobody asks for it.
    """

    def __init__(self, path: Path, limits: Limits, *, hashed: bool = True) -> None:
        self.path = path
        self._wants_hash = hashed
        self.limits = limits
        self._hash = hashlib.sha256()
        self._unreadable = 0
        self._first_unreadable: tuple[int, str] = (0, "")

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

        Every block is UTF-8; what cannot be taken as it is stands marked for ``blemish``. Raises FileRefused for an
        unreadable or truncated file and for one in another encoding.
        """
        line = 1
        for body in self._bodies():
            yield line, self._checked(body, line)
            line += body.count(b"\n") + 1
        if self._unreadable > max(_MOST_UNREADABLE, _MOST_UNREADABLE_SHARE * line):
            at, byte = self._first_unreadable
            raise self.refuse(f"is not UTF-8 in {self._unreadable:,} lines: byte 0x{byte}", line=at, remedy=_UTF8)

    def _bodies(self) -> Iterator[bytes]:
        """The file in pieces that end where a line ends; a line that grows beyond the limit is cut while it is read."""
        rest, lost, first = b"", 0, True
        for chunk in self._chunks():
            if lost:
                dropped, newline, chunk = chunk.partition(b"\n")
                lost += len(dropped)
                if not newline:
                    continue
                rest, lost = self._shortened(rest, lost) + newline, 0
            body, newline, rest = (rest + chunk).rpartition(b"\n")
            if newline:
                yield body
                first = False
            if len(rest) > self._longest(first):
                rest, lost = rest[:_SHOWN], len(rest)
        if lost:
            rest = self._shortened(rest, lost)
        if rest:
            yield rest

    def _longest(self, first: bool) -> int:
        return max(self.limits.line, self.limits.first) if first else self.limits.line

    def _shortened(self, line: bytes, size: int) -> bytes:
        """What stands in place of an over-long line: how long it was, and its beginning without quotes."""
        start = line[:_SHOWN].decode("utf-8", "replace").translate({34: "'", 13: " ", 0: " ", ord(MARK): " "})
        return f"{MARK}+{size}{MARK}{start}".encode()

    def blemish(self, text: str) -> str:
        """Why a row that holds such text cannot be taken, as ``field|reason|remedy``; empty where nothing is marked."""
        return blemish(text, self.limits.line)

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
            problem = f"the gzip data ends early, after {total:,} bytes of content"
            raise self.refuse(problem, remedy="Copy or export the file again") from None
        except zlib.error as fault:
            raise self.refuse(f"is not sound gzip data: {fault}", remedy="Copy or export the file again") from None
        except OSError as fault:
            raise self.refuse(
                f"cannot be read: {fault.strerror or fault}", remedy="Check the file and its rights"
            ) from None

    def _unpacked(self, file: IO[bytes]) -> Iterator[bytes]:
        packed = file.read(2) == _GZIP
        file.seek(0)
        return _inflated(self._hashed(file)) if packed else self._hashed(file)

    def _hashed(self, file: IO[bytes]) -> Iterator[bytes]:
        while chunk := file.read(_CHUNK):
            if self._wants_hash:
                self._hash.update(chunk)
            yield chunk

    def _without_mark(self, first: bytes) -> bytes:
        if first.startswith(_WIDE_MARKS) or 0 in first[:2]:
            raise self.refuse("is UTF-16, not UTF-8", line=1, remedy=_UTF8)
        return first.removeprefix(_BOM)

    def _checked(self, body: bytes, line: int) -> bytes:
        if len(body) > self.limits.line:
            lines = enumerate(body.split(b"\n"), line)
            body = b"\n".join(self._fitting(text, first=number == 1) for number, text in lines)
        if not body.isascii():
            body = self._as_text(body, line)
        # The search for a single byte is much the faster one.
        return body.replace(b"\r\n", b"\n").removesuffix(b"\r") if b"\r" in body else body

    def _fitting(self, text: bytes, *, first: bool) -> bytes:
        return text if len(text) <= self._longest(first) else self._shortened(text, len(text))

    def _as_text(self, body: bytes, line: int) -> bytes:
        """The same lines with every byte that is not UTF-8 marked and written as two digits."""
        try:
            body.decode()
        except UnicodeDecodeError:
            pass
        else:
            return body
        text = body.decode("utf-8", "surrogateescape")
        for number, one in enumerate(text.split("\n"), line):
            if found := _STRAY.search(one):
                self._unreadable += 1
                self._first_unreadable = (
                    self._first_unreadable if self._first_unreadable[0] else (number, _digits(found))
                )
        return _STRAY.sub(lambda found: f"{MARK}{_digits(found)}", text).encode()


def _digits(stray: re.Match[str]) -> str:
    return f"{ord(stray[0]) - 0xDC00:02x}"


def blemish(text: str, longest: int) -> str:
    """Why a marked text cannot be taken, as ``field|reason|remedy``; empty where nothing is marked."""
    if found := _SHORTENED.search(text):
        size = f"is a line of {int(found[1]):,} bytes, longer than {longest:,} bytes; only its beginning is kept"
        return f"|{size}|Export one record per line"
    if found := _MARKED.search(text):
        return f"|is not UTF-8: byte 0x{found[1]}|{_UTF8}"
    return "|holds a NUL byte|Remove the byte from the row" if "\x00" in text else ""


def marked(text: str) -> bool:
    """Whether a block of lines may hold a row with a blemish."""
    return MARK in text or "\x00" in text


def shown(text: str) -> str:
    """A marked text as it is kept for people: marked bytes written as ``\\xfc``."""
    return _MARKED.sub(r"\\x\1", _SHORTENED.sub("", text))


def _inflated(packed: Iterator[bytes]) -> Iterator[bytes]:
    """The content of gzip members one after another, in pieces of bounded size. Raises EOFError, zlib.error."""
    member = zlib.decompressobj(wbits=31)
    for data in packed:
        piece = b""
        while data or len(piece) == _CHUNK:
            if member.eof:
                # Zeros behind a member are padding, as tapes and some tools write.
                data = data.lstrip(b"\0")
                if not data:
                    break
                member = zlib.decompressobj(wbits=31)
            if piece := member.decompress(data, _CHUNK):
                yield piece
            data = member.unused_data if member.eof else member.unconsumed_tail
    if not member.eof:
        raise EOFError
