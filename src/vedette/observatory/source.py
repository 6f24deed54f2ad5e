"""The declared publication sources: found by scanning ``sources/``, read strictly, their parsers imported when a file is read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import IO, Protocol, cast

from vedette.base import ContentError, Place, Record, read_record, unique
from vedette.observatory.model import Refused, Work

_ID = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One source as ``source.yml`` declares it. ``addresses`` tells whether its records carry affiliation strings."""

    id: str
    title: str
    caption: str
    publisher: str
    licence: str
    address: str
    format: str
    addresses: bool
    blind_spots: str


class Parser(Protocol):
    """What ``sources/<id>/parse.py`` offers. Pure: bytes in, records out, one at a time."""

    def recognise(self, name: str, head: bytes) -> bool:
        """Whether a file of these first bytes is of this source."""
        ...

    def parse(self, name: str, stream: IO[bytes]) -> Iterator[Work | Refused]:
        """Every record of an unpacked, buffered stream, in order. Raises ObservatoryError where the file is refused whole."""
        ...


@lru_cache(maxsize=1)
def sources() -> tuple[Source, ...]:
    """Every source in the project, by id. Raises ContentError naming file and line."""
    return read_sources(files("vedette.observatory").joinpath("sources"))


def parser_of(source_id: str) -> Parser:
    """The source's ``parse.py``."""
    return cast(Parser, import_module(f"vedette.observatory.sources.{source_id}.parse"))


def recognise(name: str, head: bytes) -> tuple[str, ...]:
    """The ids of the sources that claim a file of this name and beginning."""
    return tuple(item.id for item in sources() if parser_of(item.id).recognise(name, head))


def read_sources(folder: Traversable) -> tuple[Source, ...]:
    """Read every source folder under ``folder``."""
    units = (unit for unit in folder.iterdir() if unit.is_dir() and not unit.name.startswith(("_", ".")))
    found = [_read(unit) for unit in sorted(units, key=lambda unit: unit.name)]
    unique(((item.title, Place(f"{item.id}/source.yml", None, "title")) for item in found), "title")
    return tuple(found)


def _read(unit: Traversable) -> Source:
    file = f"{unit.name}/source.yml"
    names = {item.name for item in unit.iterdir()}
    if "source.yml" not in names:
        raise ContentError("a source folder without source.yml", place=Place(unit.name), remedy="Declare it")
    record = read_record(unit.joinpath("source.yml").read_text(encoding="utf-8"), file)
    read = _declared(record)
    for wanted in ("parse.py", "expected.jsonl"):
        if wanted not in names:
            raise ContentError(f"{wanted} is missing", place=Place(file, record.line), remedy=f"Add {wanted}")
    if not any(name.startswith("sample.") for name in names):
        raise ContentError("no sample.* file", place=Place(file, record.line), remedy="Write a small sample yourself")
    if read.id != unit.name or not _ID.fullmatch(read.id):
        problem = f"id {read.id!r} is not the folder's name {unit.name!r}"
        raise ContentError(problem, place=Place(file, record.line, "id"))
    return read


def _declared(record: Record) -> Source:
    read = Source(
        id=record.take_text("id"),
        title=record.take_text("title"),
        caption=record.take_text("caption"),
        publisher=record.take_text("publisher"),
        licence=record.take_text("licence"),
        address=record.take_text("address"),
        format=record.take_text("format"),
        addresses=record.take_bool("addresses"),
        blind_spots=record.take_text("blind_spots"),
    )
    record.finish()
    return read
