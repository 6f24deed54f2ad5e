"""Records out of JSON: one a line, an array, or the list inside a service's answer."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import IO

import msgspec

from vedette.observatory.model import Refused, refuse
from vedette.observatory.reading.words import RecordFault

#: A longer line is none: authors by the thousand fit.
MAX_RECORD = 32 * 1024 * 1024
#: A JSON array or page of a service is read whole; larger ones come as lines.
MAX_WHOLE = 512 * 1024 * 1024


def json_records(
    name: str, stream: IO[bytes], keys: tuple[str, ...]
) -> Iterator[tuple[int, bytes | msgspec.Raw] | Refused]:
    """Each record's bytes with its line (lines) or number (array, or list under the path ``keys`` of a service's answer)."""
    lines = byte_lines(stream)
    first = next(lines, None)
    if first is None:
        raise refuse("is empty", name, remedy="Export it again")
    number, head = first
    if isinstance(head, bytes) and _opens_a_whole(head, keys):
        yield from _whole(name, head, stream, keys)
        return
    yield from _line(number, head)
    for number, line in lines:
        yield from _line(number, line)


def byte_lines(stream: IO[bytes]) -> Iterator[tuple[int, bytes | None]]:
    """Lines with their numbers, blank ones left out, the byte-order mark removed; None for one that is longer than a record may be."""
    number = 0
    while raw := stream.readline(MAX_RECORD + 1):
        number += 1
        long = len(raw) > MAX_RECORD
        while long and raw and not raw.endswith(b"\n"):
            raw = stream.readline(MAX_RECORD)
        if long:
            yield number, None
        elif (body := raw.removeprefix(codecs.BOM_UTF8) if number == 1 else raw).strip():
            yield number, body


def _line(number: int, line: bytes | None) -> Iterator[tuple[int, bytes | msgspec.Raw] | Refused]:
    if line is None:
        yield RecordFault("", f"the line is longer than {MAX_RECORD:,} bytes").at(number)
    else:
        yield number, line


def _opens_a_whole(head: bytes, keys: tuple[str, ...]) -> bool:
    """Whether the first line begins a JSON array, a service's answer, or an object written over several lines."""
    if not head.lstrip().startswith(b"{"):
        return head.lstrip().startswith(b"[")
    try:
        return keys[0] in msgspec.json.decode(head, type=dict[str, msgspec.Raw])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return len(head.strip()) < 200 and head.rstrip()[-1:] in (b"{", b",", b"[")


def _whole(
    name: str, head: bytes, stream: IO[bytes], keys: tuple[str, ...]
) -> Iterator[tuple[int, bytes | msgspec.Raw] | Refused]:
    data = head + stream.read(MAX_WHOLE + 1)
    if len(data) > MAX_WHOLE:
        raise refuse(f"is one JSON text of more than {MAX_WHOLE // 2**20} MiB", name, remedy="Write one record a line")
    try:
        found = msgspec.json.decode(data, type=msgspec.Raw)
        yield from enumerate(_listed(found, keys), 1)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as fault:
        raise refuse(f"is cut short or no JSON: {str(fault)[:200]}", name, remedy="Download it again") from None


def _listed(raw: msgspec.Raw, keys: tuple[str, ...]) -> list[msgspec.Raw]:
    if bytes(raw).lstrip()[:1] == b"[":
        return msgspec.json.decode(raw, type=list[msgspec.Raw])
    record = msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
    return _listed(record[keys[0]], keys[1:]) if keys and keys[0] in record else [raw]
