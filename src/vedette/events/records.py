"""Takes the records out of log files: JSON lines, one JSON value, lists under a key, wrapped records; gzip allowed.

Nothing is lost: each record is given with its line, or a fault with its line and reason. A file that cannot be followed
(damaged gzip, wrong encoding, unreadable) raises FileRefused.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

import msgspec

from vedette.base import Place
from vedette.events.discover import Adapter
from vedette.store.intake import FileRefused

LONGEST_LINE = 256 * 1024 * 1024
_GZIP_MAGIC = b"\x1f\x8b"
_WIDE = (b"\xff\xfe", b"\xfe\xff")
_BOM = b"\xef\xbb\xbf"
_CHUNK = 1024 * 1024
_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Item:
    """One record as decoded, with the bytes it came from; or a fault. ``around`` is what stood beside a wrapped record."""

    line: int
    record: dict[str, Any] | None
    raw: bytes
    fault: str = ""
    around: dict[str, Any] | None = None


def log_files(path: Path, adapter: Adapter) -> list[Path]:
    """The files to read: the file itself, or those of the folder and its sub-folders that the adapter takes."""
    if not path.is_dir():
        return [path]
    found = (item for item in path.rglob("*") if item.is_file() and not item.is_symlink() and adapter.takes(item.name))
    return sorted(found)


def records(path: Path, adapter: Adapter) -> Iterator[Item]:
    """Every record of one file, in order."""
    try:
        with _opened(path) as file:
            yield from _records(file, adapter)
    except (EOFError, zlib.error, gzip.BadGzipFile) as fault:
        raise FileRefused(
            f"is a damaged or truncated gzip file ({fault})", place=Place(str(path)), remedy="Copy it again"
        ) from None
    except OSError as fault:
        raise FileRefused(f"cannot be read: {fault.strerror or fault}", place=Place(str(path))) from None
    except UnicodeError as fault:
        raise FileRefused(f"is not UTF-8 ({fault})", place=Place(str(path)), remedy="Export it as UTF-8") from None


def _opened(path: Path) -> IO[bytes]:
    with path.open("rb") as file:
        packed = file.read(2) == _GZIP_MAGIC
    return cast(IO[bytes], gzip.open(path, "rb")) if packed else path.open("rb")


def _records(file: IO[bytes], adapter: Adapter) -> Iterator[Item]:
    lines = _lines(file)
    for number, line in lines:
        if line is None:
            yield Item(number, None, b"", f"is longer than {LONGEST_LINE // 1024**2} MiB")
            continue
        if number == 1 and _is_opening(line):
            yield from _whole(line, lines, adapter)
            return
        yield from _of_line(number, line, adapter)


def _lines(file: IO[bytes]) -> Iterator[tuple[int, bytes | None]]:
    """(number, bytes) of each line that is not blank; None in place of a line beyond all measure."""
    number = 0
    while line := file.readline(LONGEST_LINE):
        number += 1
        if number == 1:
            if line.startswith(_WIDE):
                raise UnicodeError("it begins like UTF-16")
            line = line.removeprefix(_BOM)
        if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
            while (rest := file.readline(_CHUNK)) and not rest.endswith(b"\n"):
                pass
            yield number, None
        elif line := line.strip():
            yield number, line


def _is_opening(line: bytes) -> bool:
    """Whether the first line begins a JSON value that goes on: a file written over many lines."""
    if line[:1] not in b"[{":
        return False
    try:
        _decode(line)
    except msgspec.DecodeError as fault:
        return "truncated" in str(fault)
    except RecursionError:
        return False
    return False


def _whole(first: bytes, rest: Iterator[tuple[int, bytes | None]], adapter: Adapter) -> Iterator[Item]:
    """A file that is one JSON value over many lines; where it is none, each of its lines is a record for itself."""
    held = [(1, first)]
    size = len(first)
    for number, line in rest:
        size += len(line or b"")
        if line is None or size > LONGEST_LINE:
            yield Item(number, None, b"", f"the JSON value is longer than {LONGEST_LINE // 1024**2} MiB")
            return
        held.append((number, line))
    text = b"\n".join(line for _, line in held)
    try:
        value = _decode(text)
    except (msgspec.DecodeError, RecursionError):
        for number, line in held:
            yield from _of_line(number, line, adapter)
        return
    yield from _spread(1, value, text, adapter)


def _of_line(number: int, line: bytes, adapter: Adapter) -> Iterator[Item]:
    try:
        value = _decode(line)
    except msgspec.DecodeError as fault:
        yield Item(number, None, line, f"is not JSON: {fault}")
        return
    except RecursionError:
        yield Item(number, None, line, "is nested too deeply")
        return
    yield from _spread(number, value, line, adapter)


def _spread(number: int, value: Any, raw: bytes, adapter: Adapter) -> Iterator[Item]:
    """The records in one JSON value: a list of them, a list under a key, one under a key, or itself."""
    if type(value) is dict:
        for key in adapter.lists:
            if type(value.get(key)) is list:
                yield from _each(number, value[key], adapter)
                return
        yield _unwrapped(number, value, raw, adapter)
    elif type(value) is list:
        yield from _each(number, value, adapter)
    else:
        yield Item(number, None, raw, "is not a JSON object")


def _each(number: int, values: list[Any], adapter: Adapter) -> Iterator[Item]:
    for position, value in enumerate(values, 1):
        if type(value) is dict:
            yield _unwrapped(number, value, None, adapter)
        else:
            yield Item(number, None, _encode(value), f"element {position} of the list is not a JSON object")


def _unwrapped(number: int, value: dict[str, Any], raw: bytes | None, adapter: Adapter) -> Item:
    for key in adapter.wraps:
        inner = value.get(key)
        if type(inner) is dict:
            around = {name: item for name, item in value.items() if name != key}
            return Item(number, inner, _encode(inner), around=around or None)
    return Item(number, value, _encode(value) if raw is None else raw)
