"""Takes the records out of log files: JSON lines, one JSON value, lists under a key, wrapped records, plain text; gzip allowed.

Nothing is lost: each record is given with its line, or a fault with its line and reason. A file that cannot be followed
(damaged gzip, another encoding, unreadable) raises FileRefused. Reading is in two halves, so that the slow one can run in
other processes: ``pieces`` cuts a file, ``items`` decodes a piece.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import msgspec

from vedette.events.model import Event
from vedette.store.intake import Limits, Source, blemish, shown

LONGEST_RECORD = 16 * 1024 * 1024
LONGEST_VALUE = 256 * 1024 * 1024
_SHOWN = 500
_MEBIBYTE = 1024 * 1024
#: How ``marked`` bytes are written inside the strings of a JSON value, so that one of them does not spoil the value.
_MARKS = (b"\x1c", b"\x00")
_ESCAPED = (("\x1c", "\\u001c"), ("\x00", "\\u0000"))
_decode = msgspec.json.Decoder().decode
_decode_parts = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_decode_list = msgspec.json.Decoder(list[msgspec.Raw]).decode
_encode = msgspec.json.Encoder().encode


class Layout(Protocol):
    """How a product lays its records out in files; see ``discover.Adapter`` for the meaning of each."""

    @property
    def lists(self) -> tuple[str, ...]: ...

    @property
    def wraps(self) -> tuple[str, ...]: ...

    @property
    def text(self) -> bool: ...

    def takes(self, name: str) -> bool: ...


class Item(msgspec.Struct, frozen=True, gc=False):
    """One record as decoded, with the bytes it came from; or a fault. ``around`` is what stood beside a wrapped record.

    ``event`` is there, and ``record`` is not, where the adapter read the bytes at once.
    """

    line: int
    record: Mapping[str, Any] | None
    raw: bytes
    fault: str = ""
    around: dict[str, Any] | None = None
    event: Event | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """Whole lines of one file from the line of that number on. ``whole`` says that they may be one JSON value."""

    line: int
    body: bytes
    whole: bool = False


def log_files(path: Path, adapter: Layout) -> list[Path]:
    """The files to read: the file itself, or those of the folder and its sub-folders that the adapter takes."""
    if not path.is_dir():
        return [path]
    found = (item for item in path.rglob("*") if item.is_file() and not item.is_symlink() and adapter.takes(item.name))
    return sorted(found)


def records(path: Path, adapter: Layout, *, received_us: int = 0) -> Iterator[Item]:
    """Every record of one file, in order. ``received_us`` helps adapters whose texts bear no year."""
    for piece in pieces(path):
        yield from items(piece, adapter, received_us)


# -- cutting a file


def pieces(path: Path) -> Iterator[Piece]:
    """The file cut where lines end; all of it at once where its first line opens a JSON value that goes on."""
    limits = Limits(line=LONGEST_RECORD, first=LONGEST_VALUE)
    blocks = Source(path, limits, hashed=False).blocks()
    for line, body in blocks:
        if line == 1 and _is_opening(_first_line(body)):
            yield from _gathered(body, blocks)
        else:
            yield Piece(line, body)


def _first_line(body: bytes) -> bytes:
    return next((line for line in body.split(b"\n", 100) if line.strip()), b"").strip()


def _is_opening(line: bytes) -> bool:
    """Whether a line begins a JSON value that goes on behind it."""
    if line[:1] not in (b"[", b"{"):
        return False
    try:
        _decode(line)
    except msgspec.DecodeError as fault:
        return "truncated" in str(fault)
    except RecursionError:
        return False
    return False


def _gathered(body: bytes, blocks: Iterator[tuple[int, bytes]]) -> Iterator[Piece]:
    """The blocks joined, as long as a value may be; beyond that each line answers for itself."""
    held, size = [(1, body)], len(body)
    for line, more in blocks:
        held.append((line, more))
        size += len(more)
        if size > LONGEST_VALUE:
            yield from (Piece(*one) for one in held)
            yield from (Piece(*one) for one in blocks)
            return
    yield Piece(1, b"\n".join(one for _, one in held), whole=True)


# -- decoding a piece


def items(piece: Piece, adapter: Layout, received_us: int = 0) -> Iterator[Item]:
    """The records of one piece, in order."""
    doubtful = any(mark in piece.body for mark in _MARKS)
    body = _escaped(piece.body) if doubtful and piece.whole else piece.body
    value = _value(body) if piece.whole else None
    if value is not None:
        found = _spread(piece.line, body, value, adapter)
        return (_checked(item) for item in found) if doubtful else found
    return _doubtful_lines(piece, adapter, received_us) if doubtful else _lines(piece, adapter, received_us)


def _lines(piece: Piece, adapter: Layout, received_us: int) -> Iterator[Item]:
    """Each line is a record; only where it is not plainly one is it looked at more closely."""
    envelopes = (*adapter.lists, *adapter.wraps)
    quick = _quick(adapter)
    for number, line in enumerate(piece.body.split(b"\n"), piece.line):
        event = quick(line)
        if event is not None:
            yield Item(number, None, line, event=event)
            continue
        try:
            record = _decode(line) if line[:1] == b"{" and len(line) <= LONGEST_RECORD else None
        except (msgspec.DecodeError, RecursionError):
            record = None
        if type(record) is dict and not any(key in record for key in envelopes):
            yield Item(number, record, line)
        elif line and not line.isspace():
            yield from _of_line(number, line, adapter, received_us)


def _quick(adapter: Layout) -> Callable[[bytes], Event | None]:
    """The adapter's quick reading of the bytes of a record, or one that always says None."""
    read: Callable[[bytes], Event | None] | None = getattr(adapter, "quick", None)
    if read is None:
        return lambda _line: None

    def quick(line: bytes) -> Event | None:
        if len(line) > LONGEST_RECORD:
            return None
        try:
            return read(line)
        except Exception:  # whatever breaks here breaks again in the careful reading, which says why
            return None

    return quick


def _doubtful_lines(piece: Piece, adapter: Layout, received_us: int) -> Iterator[Item]:
    """Lines of which some are marked."""
    for number, line in enumerate(piece.body.split(b"\n"), piece.line):
        if told := blemish(line.decode(), LONGEST_RECORD):
            yield from _doubtful(number, line, told, adapter)
        else:
            yield from _lines(Piece(number, line), adapter, received_us)


def _escaped(body: bytes) -> bytes:
    text = body.decode()
    for mark, written in _ESCAPED:
        text = text.replace(mark, written)
    return text.encode()


def _value(body: bytes) -> Any:
    """The body's outer shape, or None where it is no JSON value."""
    try:
        return _decode_list(body) if body.lstrip()[:1] == b"[" else _decode_parts(body)
    except (msgspec.DecodeError, RecursionError):
        return None


def _doubtful(number: int, line: bytes, told: str, adapter: Layout) -> Iterator[Item]:
    """A marked line: refused, unless it is a list of records of which only some are marked."""
    body = _escaped(line)
    value = _value(body)
    if value is None or not (type(value) is list or any(key in value for key in adapter.lists)):
        yield Item(number, None, shown(line.decode()).encode(), told.split("|")[1])
        return
    for item in _spread(number, body, value, adapter):
        yield _checked(item)


def _checked(item: Item) -> Item:
    """The item, refused where its text holds a marked byte."""
    text = item.raw.decode()
    for mark, written in _ESCAPED:
        text = text.replace(written, mark)
    if item.fault or not (told := blemish(text, LONGEST_RECORD)):
        return item
    return Item(item.line, None, shown(text).encode(), told.split("|")[1])


def _of_line(number: int, line: bytes, adapter: Layout, received_us: int) -> Iterator[Item]:
    """A line that is not plainly one record: an envelope, a list, a text, or no JSON object at all."""
    if adapter.text and line.lstrip()[:1] != b"{":
        yield Item(number, {"text": line.decode(), "received_us": received_us}, line)
        return
    try:
        value = _decode_list(line) if line.lstrip()[:1] == b"[" else _decode_parts(line)
    except msgspec.ValidationError:
        yield Item(number, None, _cut(line), "is not a JSON object")
    except msgspec.DecodeError as fault:
        yield Item(number, None, _cut(line), f"is not JSON: {fault}")
    except RecursionError:
        yield Item(number, None, _cut(line), "is nested too deeply")
    else:
        yield from _spread(number, line, value, adapter)


def _spread(number: int, body: bytes, value: Any, adapter: Layout) -> Iterator[Item]:
    """The records in one JSON value: a list of them, a list under a key, one under a key, or itself."""
    if type(value) is list:
        yield from _each(number, value, adapter)
        return
    for key in adapter.lists:
        if key in value and bytes(value[key])[:1] == b"[":
            yield from _each(number, _decode_list(value[key]), adapter)
            return
    yield _unwrapped(number, body.strip(), value, adapter)


def _each(number: int, values: list[msgspec.Raw], adapter: Layout) -> Iterator[Item]:
    quick = _quick(adapter)
    for position, value in enumerate(values, 1):
        raw = bytes(value)
        event = quick(raw)
        if event is not None:
            yield Item(number, None, raw, event=event)
        elif raw[:1] != b"{":
            yield Item(number, None, _cut(raw), f"element {position} of the list is not a JSON object")
        elif adapter.wraps:
            yield _unwrapped(number, raw, _decode_parts(raw), adapter)
        else:
            yield _record(number, raw)


def _unwrapped(number: int, raw: bytes, value: dict[str, msgspec.Raw], adapter: Layout) -> Item:
    for key in adapter.wraps:
        if key in value and (inner := bytes(value[key]))[:1] == b"{":
            around = {name: _decode(item) for name, item in value.items() if name != key}
            return _record(number, inner, around or None)
    return _record(number, raw)


def _record(number: int, raw: bytes, around: dict[str, Any] | None = None) -> Item:
    if len(raw) > LONGEST_RECORD:
        return Item(number, None, _cut(raw), f"is longer than {LONGEST_RECORD // _MEBIBYTE} MiB")
    try:
        return Item(number, _decode(raw), raw, around=around)
    except msgspec.DecodeError as fault:
        return Item(number, None, raw, f"is not JSON: {fault}")


def _cut(raw: bytes) -> bytes:
    """What is kept of a refused record: all of it, or the beginning of a monstrous one."""
    return raw if len(raw) <= LONGEST_RECORD else raw[:_SHOWN].decode("utf-8", "ignore").encode()
