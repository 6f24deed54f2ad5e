"""The lines of somebody's file: plain or gzip, UTF-8 only, bounded in length, refused with the place where they fail."""

from __future__ import annotations

import gzip
import io
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from vedette.base import Place
from vedette.screening.model import ScreeningError

#: A longer line is no party: it is refused before anything tries to hold it twice.
MAX_LINE = 1024 * 1024
_GZIP = b"\x1f\x8b"


def lines(path: Path) -> Iterator[str]:
    """The lines of a file, without a byte-order mark; "-" is standard input. Raises ScreeningError with file and line."""
    number = 0
    try:
        with _opened(path) as file:
            while line := file.readline(MAX_LINE + 1):
                number += 1
                yield _text(line, str(path), number)
    except (OSError, EOFError, zlib.error) as fault:
        reason = getattr(fault, "strerror", None) or str(fault) or type(fault).__name__
        raise ScreeningError(
            f"cannot be read: {reason}",
            place=Place(str(path), number or None),
            remedy="The file may be missing or cut short; make it again",
        ) from None


def _text(line: bytes, name: str, number: int) -> str:
    if len(line) > MAX_LINE:
        raise ScreeningError(
            f"has a line of more than {MAX_LINE:,} bytes",
            place=Place(name, number),
            remedy="Write one party a line",
        )
    if b"\0" in line:
        raise ScreeningError("holds NUL bytes", place=Place(name, number), remedy="Save the file as UTF-8 text")
    try:
        return line.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as fault:
        raise ScreeningError(
            f"is not UTF-8 (byte 0x{line[fault.start]:02x})",
            place=Place(name, number),
            remedy="Save the file as UTF-8",
        ) from None


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    if str(path) == "-":
        yield sys.stdin.buffer
        return
    with path.open("rb") as raw:
        if raw.peek(2)[:2] == _GZIP:
            with gzip.open(raw) as unpacked:
                yield io.BufferedReader(unpacked)
        else:
            yield raw
