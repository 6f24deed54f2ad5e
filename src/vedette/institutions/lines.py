"""The lines of a file of affiliations: whatever bytes it holds, every line gets its answer."""

from __future__ import annotations

import gzip
import io
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from vedette.institutions.model import refuse

#: A longer line is no affiliation; it is answered with a problem.
MAX_LINE = 64 * 1024
_MOST_BYTES = 4 * 2**30
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Line:
    """One line. ``problem`` says why it cannot be read; ``text`` is then what is left of it, to tell it by."""

    text: str
    problem: str = ""


def lines(path: Path) -> Iterator[Line]:
    """Every line of a file or of standard input ("-"), gzip allowed. Raises InstitutionError where the file cannot be read."""
    try:
        with _opened(path) as file:
            first, total = True, 0
            while raw := file.readline(MAX_LINE + 1):
                long = len(raw) > MAX_LINE
                rest = raw
                while long and not rest.endswith(b"\n"):
                    rest = file.readline(MAX_LINE)
                    total += len(rest)
                    if not rest:
                        break
                    if total > _MOST_BYTES:
                        raise refuse("is larger than any file of affiliations", str(path), remedy="Split it")
                total += len(raw)
                yield _line(raw.removeprefix(b"\xef\xbb\xbf") if first else raw, long)
                first = False
    except (OSError, EOFError, zlib.error) as fault:
        reason = getattr(fault, "strerror", None) or str(fault) or type(fault).__name__
        raise refuse(
            f"cannot be read: {reason}", str(path), remedy="It may be missing or cut short; make it again"
        ) from None


def _line(raw: bytes, long: bool) -> Line:
    if long:
        return Line(raw[:200].decode("utf-8", "replace"), f"the line is longer than {MAX_LINE:,} bytes")
    body = raw.rstrip(b"\r\n")
    try:
        return Line(body.decode("utf-8"))
    except UnicodeDecodeError as fault:
        return Line(body.decode("utf-8", "replace"), f"the line is not UTF-8 (byte 0x{body[fault.start]:02x})")


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
