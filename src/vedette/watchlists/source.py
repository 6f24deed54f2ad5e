"""The declared sources: found by scanning ``sources/``, read strictly, their parsers imported only when a file is read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib import import_module
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import cast
from urllib.parse import urlsplit

from vedette.base import ContentError, Place, Record, read_record, unique
from vedette.watchlists.reading import Parser

# Imported now: imported later, the package of this name would take the place of the function in the room's face.
_CONTENT = import_module("vedette.watchlists.sources")
_ID = re.compile(r"[a-z]{2}_[a-z0-9]+(?:_[a-z0-9]+)+")
_CITATION = re.compile(r"[A-Z]{2,5}-\d{1,2}")
_ROLE = re.compile(r"[a-z]+")
_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class Duty(StrEnum):
    """What a true match asks of the reader, in one word; ``obligation`` says it in full, and the entry may say less or more."""

    BLOCK = "block"  # freeze what is held, give nothing
    LICENCE = "licence"  # named dealings only with an authority's licence
    INFORM = "inform"  # no ban: look closer, disclose, weigh
    PROHIBIT_COLLABORATION = "prohibit_collaboration"  # no named transaction or joint work with the party
    NONE = "none"  # the form or the list binds nobody by itself


@dataclass(frozen=True, slots=True)
class Download:
    """One official address of one file of a list, and the role that the file plays in it."""

    role: str
    url: str

    @property
    def host(self) -> str:
        """The address's host in lower case."""
        return urlsplit(self.url).hostname or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One publisher's list as ``source.yml`` declares it.

    ``expected_min`` and ``expected_max`` bound the entries of a believable file; ``max_shrink`` is the largest share of the
    entries in force that a new file may lose. ``obligation`` says in one sentence what a match asks of the reader.
    ``duty`` is its closed word. ``download`` holds the official addresses that ``lists fetch`` uses, ``redirect_hosts`` the
    other hosts that those addresses may lead to, ``no_download`` why there is none.
    ``dprk_programmes`` are the programme tags, or words inside them, directed at the DPRK. ``revision`` is raised when the
    parser reads the same bytes differently, so that stored versions are read again.
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
    obligation: str
    duty: Duty
    citation: tuple[str, ...]
    dprk_programmes: tuple[str, ...]
    revision: int
    download: tuple[Download, ...] = ()
    redirect_hosts: tuple[str, ...] = ()
    no_download: str = ""

    def is_dprk(self, programmes: Iterable[str]) -> bool:
        """Whether one of the programme tags, whole or by a word inside it, is declared as directed at the DPRK."""
        declared = frozenset(self.dprk_programmes)
        return any(tag in declared or not declared.isdisjoint(re.split(r"[^A-Za-z0-9]+", tag)) for tag in programmes)


@lru_cache(maxsize=1)
def sources() -> tuple[Source, ...]:
    """Every source in the project, by id. Raises ContentError naming file and line."""
    return read_sources(files(_CONTENT))


def source(source_id: str) -> Source:
    """The source with this id."""
    return next(item for item in sources() if item.id == source_id)


def parser_of(source_id: str) -> Parser:
    """The source's ``parse.py``."""
    return cast(Parser, import_module(f"vedette.watchlists.sources.{source_id}.parse"))


def read_sources(folder: Traversable) -> tuple[Source, ...]:
    """Read every source folder under ``folder``."""
    found = [read_source(unit) for unit in _units(folder)]
    unique(((item.id, Place(f"{item.id}/source.yml")) for item in found), "source")
    unique(((item.title, Place(f"{item.id}/source.yml", None, "title")) for item in found), "title")
    return tuple(found)


def _units(folder: Traversable) -> list[Traversable]:
    inside = (unit for unit in folder.iterdir() if unit.is_dir() and not unit.name.startswith(("_", ".")))
    return sorted(inside, key=lambda unit: unit.name)


def read_source(unit: Traversable) -> Source:
    """Read one source folder: its declaration, and that parser, sample and expected listings are there."""
    file = f"{unit.name}/source.yml"
    names = {item.name for item in unit.iterdir()}
    if "source.yml" not in names:
        raise ContentError("a source folder without source.yml", place=Place(unit.name), remedy="Declare the source")
    record = read_record(unit.joinpath("source.yml").read_text(encoding="utf-8"), file)
    read = _source(record, unit.name)
    for wanted in ("parse.py", "expected.jsonl"):
        if wanted not in names:
            raise ContentError(f"{wanted} is missing", place=Place(file, record.line), remedy=f"Add {wanted}")
    if not any(name.startswith("sample.") for name in names):
        raise ContentError("no sample.* file", place=Place(file, record.line), remedy="Write a small sample yourself")
    return read


def _source(record: Record, folder: str) -> Source:
    here = record.place("id")
    read = Source(
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
        obligation=record.take_text("obligation"),
        duty=Duty(record.take_choice("duty", tuple(Duty))),
        citation=record.take_texts("citation"),
        dprk_programmes=record.take_texts("dprk_programmes", optional=True),
        revision=record.take_int("revision", 1),
        download=tuple(_download(item) for item in record.take_records("download", optional=True)),
        redirect_hosts=record.take_texts("redirect_hosts", optional=True),
        no_download=record.take_text("no_download", ""),
    )
    record.finish()
    _check(read, folder, here)
    return read


def _download(record: Record) -> Download:
    read = Download(role=record.take_text("role"), url=record.take_text("url"))
    here = record.place()
    record.finish()
    parts = urlsplit(read.url)
    if parts.scheme != "https" or not _HOST.fullmatch(read.host) or parts.username or parts.fragment:
        raise ContentError("url must be the publisher's own https:// address", place=here)
    return read


def _check(read: Source, folder: str, here: Place) -> None:
    faults = (
        (read.id != folder, f"id {read.id!r} is not the folder's name {folder!r}"),
        (not _ID.fullmatch(read.id), f"id {read.id!r} is not of the form <cc>_<publisher>_<list>"),
        (not 1 <= read.expected_min <= read.expected_max, "expected_min and expected_max must be 1 <= min <= max"),
        (not 0 < read.max_shrink < 1, "max_shrink must lie between 0 and 1"),
        (not read.address.startswith("https://"), "address must be the publisher's own https:// page"),
        (read.revision < 1, "revision counts from 1"),
        (not all(map(_CITATION.fullmatch, read.citation)), "citation must hold ids of requirements such as OFAC-01"),
        *_download_faults(read),
    )
    for wrong, problem in faults:
        if wrong:
            raise ContentError(problem, place=here)


def _download_faults(read: Source) -> tuple[tuple[bool, str], ...]:
    roles = [item.role for item in read.download]
    return (
        (bool(read.download) == bool(read.no_download), "declare either download or no_download (why there is none)"),
        (len(set(roles)) != len(roles) or not all(map(_ROLE.fullmatch, roles)), "download names each role once"),
        (bool(roles) and "primary" not in roles, "download lacks the primary file"),
        (not all(map(_HOST.fullmatch, read.redirect_hosts)), "redirect_hosts must hold host names"),
        (bool(read.redirect_hosts) and not read.download, "redirect_hosts needs download"),
    )
