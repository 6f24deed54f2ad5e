"""The declared forms of submissions: found by scanning ``sources/``, read strictly, their parsers imported when a file is read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Protocol, cast

from vedette.base import ContentError, Place, read_record, unique
from vedette.conference.model import Reading

_ID = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One form of submissions as ``source.yml`` declares it. A lower ``rank`` is asked first whether a file is its own."""

    id: str
    title: str
    caption: str
    licence: str
    format: str
    rank: int
    blind_spots: str


class Parser(Protocol):
    """What ``sources/<id>/parse.py`` offers: bytes in, submissions out; no network, no database."""

    def recognise(self, name: str, head: bytes) -> bool:
        """Whether a file of this name and these bytes is of this form."""
        ...

    def parse(self, name: str, data: bytes) -> Reading:
        """Read one file. Raises ConferenceError, naming the place, where the whole file is refused."""
        ...


@lru_cache(maxsize=1)
def sources() -> tuple[Source, ...]:
    """Every form in the project, in the order in which they are asked. Raises ContentError naming file and line."""
    return read_sources(files("vedette.conference").joinpath("sources"))


def parser_of(source_id: str) -> Parser:
    """The form's ``parse.py``."""
    return cast(Parser, import_module(f"vedette.conference.sources.{source_id}.parse"))


def recognised(name: str, data: bytes) -> str | None:
    """The form that claims the file, or None."""
    return next((item.id for item in sources() if parser_of(item.id).recognise(name, data)), None)


def read_sources(folder: Traversable) -> tuple[Source, ...]:
    """Read every folder under ``folder``."""
    found = sorted(_units(folder), key=lambda item: (item.rank, item.id))
    unique(((item.title, Place(f"{item.id}/source.yml", None, "title")) for item in found), "title")
    return tuple(found)


def _units(folder: Traversable) -> Iterator[Source]:
    for unit in folder.iterdir():
        if unit.is_dir() and not unit.name.startswith(("_", ".")):
            yield _read(unit)


def _read(unit: Traversable) -> Source:
    file = f"{unit.name}/source.yml"
    names = {item.name for item in unit.iterdir()}
    for wanted in ("source.yml", "parse.py", "expected.jsonl"):
        if wanted not in names:
            raise ContentError(f"{wanted} is missing", place=Place(unit.name), remedy=f"Add {wanted}")
    if not any(name.startswith("sample.") for name in names):
        raise ContentError("no sample.* file", place=Place(unit.name), remedy="Write a small sample yourself")
    record = read_record(unit.joinpath("source.yml").read_text(encoding="utf-8"), file)
    found = Source(
        id=record.take_text("id"),
        title=record.take_text("title"),
        caption=record.take_text("caption"),
        licence=record.take_text("licence"),
        format=record.take_text("format"),
        rank=record.take_int("rank"),
        blind_spots=record.take_text("blind_spots"),
    )
    record.finish()
    if found.id != unit.name or not _ID.fullmatch(found.id):
        raise ContentError(
            f"id {found.id!r} is not the folder's name {unit.name!r}", place=Place(file, record.line, "id")
        )
    return found
