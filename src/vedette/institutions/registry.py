"""The declared registries: found by scanning ``registries/``, read strictly, their parsers imported only when a file is read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Protocol, cast

from vedette.base import ContentError, Place, Record, read_record, unique
from vedette.institutions.model import Organisation, Reading

_ID = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Registry:
    """One registry as ``registry.yml`` declares it.

    ``expected_min`` and ``expected_max`` bound the organisations of a believable file; ``max_shrink`` is the largest share of
    those in force that a new file may lose. ``shipped`` tells that its rows come with the program.
    """

    id: str
    title: str
    caption: str
    publisher: str
    licence: str
    address: str
    cadence: str
    format: str
    expected_min: int
    expected_max: int
    max_shrink: float
    blind_spots: str
    shipped: str = ""


class Parser(Protocol):
    """What ``registries/<id>/parse.py`` offers. Pure: bytes in, organisations out."""

    def recognise(self, name: str, head: bytes) -> bool:
        """Whether a file of these first bytes is of this registry."""
        ...

    def parse(self, name: str, data: bytes) -> Reading:
        """Read the bytes of one file. Raises InstitutionError naming file and line."""
        ...


@lru_cache(maxsize=1)
def registries() -> tuple[Registry, ...]:
    """Every registry in the project, by id. Raises ContentError naming file and line."""
    return read_registries(files("vedette.institutions").joinpath("registries"))


def registry(registry_id: str) -> Registry:
    """The registry with this id."""
    return next(item for item in registries() if item.id == registry_id)


def parser_of(registry_id: str) -> Parser:
    """The registry's ``parse.py``."""
    return cast(Parser, import_module(f"vedette.institutions.registries.{registry_id}.parse"))


@lru_cache(maxsize=1)
def shipped() -> tuple[Organisation, ...]:
    """The organisations that come with the program, in force without being loaded."""
    folder = files("vedette.institutions").joinpath("registries")
    found: list[Organisation] = []
    for item in registries():
        if item.shipped:
            data = folder.joinpath(item.id, item.shipped).read_bytes()
            found += parser_of(item.id).parse(item.shipped, data).organisations
    return tuple(found)


def read_registries(folder: Traversable) -> tuple[Registry, ...]:
    """Read every registry folder under ``folder``."""
    units = (unit for unit in folder.iterdir() if unit.is_dir() and not unit.name.startswith(("_", ".")))
    found = [_read(unit) for unit in sorted(units, key=lambda unit: unit.name)]
    unique(((item.title, Place(f"{item.id}/registry.yml", None, "title")) for item in found), "title")
    return tuple(found)


def _read(unit: Traversable) -> Registry:
    file = f"{unit.name}/registry.yml"
    names = {item.name for item in unit.iterdir()}
    if "registry.yml" not in names:
        raise ContentError("a registry folder without registry.yml", place=Place(unit.name), remedy="Declare it")
    record = read_record(unit.joinpath("registry.yml").read_text(encoding="utf-8"), file)
    read = _declared(record)
    for wanted in ("parse.py", "expected.jsonl", *filter(None, [read.shipped])):
        if wanted not in names:
            raise ContentError(f"{wanted} is missing", place=Place(file, record.line), remedy=f"Add {wanted}")
    if not any(name.startswith("sample.") for name in names):
        raise ContentError("no sample.* file", place=Place(file, record.line), remedy="Write a small sample yourself")
    if read.id != unit.name or not _ID.fullmatch(read.id):
        raise ContentError(
            f"id {read.id!r} is not the folder's name {unit.name!r}", place=Place(file, record.line, "id")
        )
    return read


def _declared(record: Record) -> Registry:
    read = Registry(
        id=record.take_text("id"),
        title=record.take_text("title"),
        caption=record.take_text("caption"),
        publisher=record.take_text("publisher"),
        licence=record.take_text("licence"),
        address=record.take_text("address"),
        cadence=record.take_text("cadence"),
        format=record.take_text("format"),
        expected_min=record.take_int("expected_min"),
        expected_max=record.take_int("expected_max"),
        max_shrink=record.take_number("max_shrink", 0.1),
        blind_spots=record.take_text("blind_spots"),
        shipped=record.take_text("shipped", ""),
    )
    record.finish()
    if not 1 <= read.expected_min <= read.expected_max or not 0 < read.max_shrink < 1:
        raise ContentError("expected_min, expected_max or max_shrink cannot be", place=record.place("expected_min"))
    return read
