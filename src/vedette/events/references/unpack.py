"""Opening what range lists come in: gzip and tar archives, in memory, with limits. Nothing is written to disk."""

from __future__ import annotations

import io
import tarfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from vedette.base import Place
from vedette.events.references.model import RangeListError

_MOST_MEMBERS = 10_000
_MOST_BYTES = 512 * 1024 * 1024
_CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Content:
    """One plain file: its name without folder and without .gz, and its bytes."""

    name: str
    data: bytes


def contents(name: str, data: bytes) -> Iterator[Content]:
    """The plain files inside a file: itself, or the members of a tar archive. Links and devices are skipped."""
    short = PurePosixPath(name).name
    lower = short.lower()
    if lower.endswith((".tar", ".tgz", ".tar.gz")):
        yield from _members(short, data if lower.endswith(".tar") else gunzip(short, data))
    elif lower.endswith(".gz"):
        yield Content(short[:-3], gunzip(short, data))
    else:
        yield Content(short, data)


def _members(name: str, data: bytes) -> Iterator[Content]:
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
            for number, member in enumerate(archive):
                if number >= _MOST_MEMBERS:
                    raise RangeListError(f"has over {_MOST_MEMBERS} members", place=Place(name))
                yield from _member(name, archive, member)
    except tarfile.TarError as fault:
        raise RangeListError(f"is no tar archive: {fault}", place=Place(name), remedy="Fetch the file again") from None


def _member(name: str, archive: tarfile.TarFile, member: tarfile.TarInfo) -> Iterator[Content]:
    file = archive.extractfile(member) if member.isreg() else None
    if file is None:
        return
    if member.size > _MOST_BYTES:
        raise RangeListError(f"member {member.name[:100]!r} is over {_MOST_BYTES} bytes", place=Place(name))
    inner = file.read()
    lower = member.name.lower()
    if not lower.endswith((".tar", ".tgz", ".tar.gz")):
        yield from contents(member.name, inner)


def gunzip(name: str, data: bytes) -> bytes:
    """Decompress gzip data of one or more members, up to the limit. Raises RangeListError where it is cut off."""
    out = bytearray()
    rest = data
    while rest:
        machine = zlib.decompressobj(wbits=31)
        rest = _inflated(name, machine, rest, out)
    return bytes(out)


def _inflated(name: str, machine: zlib._Decompress, data: bytes, out: bytearray) -> bytes:
    try:
        out += machine.decompress(data, _CHUNK)
        while not machine.eof and machine.unconsumed_tail:
            if len(out) > _MOST_BYTES:
                raise RangeListError(f"expands beyond {_MOST_BYTES} bytes", place=Place(name))
            out += machine.decompress(machine.unconsumed_tail, _CHUNK)
    except zlib.error as fault:
        raise RangeListError(f"is no gzip: {fault}", place=Place(name), remedy="Fetch the file again") from None
    if not machine.eof:
        raise RangeListError("is cut off in the middle", place=Place(name), remedy="Fetch the file again")
    return machine.unused_data
