"""Reads Crossref works: an answer of the REST API, a dump file with ``items``, an array, or one work a line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

import msgspec

from vedette.observatory.model import Authorship, Refused, Work
from vedette.observatory.reading import RecordFault, abstract_of, addresses_of, doi_of, json_records, plain, title_of


class _Affiliation(msgspec.Struct):
    name: str | None = None
    place: list[str] | None = None
    department: list[str] | None = None
    acronym: list[str] | None = None


class _Author(msgspec.Struct):
    given: str | None = None
    family: str | None = None
    name: str | None = None
    affiliation: list[_Affiliation] | None = None


class _Date(msgspec.Struct):
    parts: list[list[int | str | None]] | None = msgspec.field(default=None, name="date-parts")


class _Funder(msgspec.Struct):
    name: str | None = None
    award: list[str] | None = None


class _Record(msgspec.Struct, rename={"doi": "DOI", "venue": "container-title", "original": "original-title"}):
    """What is taken of a record."""

    doi: str
    title: list[str | None] | None = None
    original: list[str | None] | None = None
    venue: list[str | None] | None = None
    author: list[_Author] | None = None
    issued: _Date | None = None
    published: _Date | None = None
    abstract: str | None = None
    type: str | None = None
    page: str | None = None
    language: str | None = None
    funder: list[_Funder] | None = None
    subject: list[str] | None = None


_DECODER = msgspec.json.Decoder(_Record)
_MARKS = (b'"DOI"', b'"message"', b'"items"')


def recognise(name: str, head: bytes) -> bool:
    """Whether the bytes begin like works of Crossref."""
    start = head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1]
    named = b'"DOI"' in head and (b'"issued"' in head or b'"container-title"' in head or b'"message-type"' in head)
    return start in (b"{", b"[") and (named or b'"message-type":"work' in head.replace(b" ", b""))


def parse(name: str, stream: IO[bytes]) -> Iterator[Work | Refused]:
    """Every work, in order."""
    for item in _records(name, stream):
        if isinstance(item, Refused):
            yield item
            continue
        line, raw = item
        try:
            yield _work(line, _DECODER.decode(raw))
        except RecordFault as fault:
            yield fault.at(line, bytes(raw))
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as fault:
            yield RecordFault("", f"is no work of Crossref: {str(fault)[:200]}").at(line, bytes(raw))


def _records(name: str, stream: IO[bytes]) -> Iterator[tuple[int, bytes | msgspec.Raw] | Refused]:
    """Records of a dump file (``items``), of an answer (``message`` with ``items`` or one work), or lines."""
    for item in json_records(name, stream, ("message",)):
        if isinstance(item, Refused):
            yield item
            continue
        line, raw = item
        try:
            held = msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
            listed = held.get("items", held.get("message"))
            inner = msgspec.json.decode(listed, type=list[msgspec.Raw]) if "items" in held and listed else None
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            inner = None
        yield from enumerate(inner, 1) if inner is not None else [(line, raw)]


def _work(line: int, record: _Record) -> Work:
    doi = doi_of(record.doi)
    if not doi:
        raise RecordFault("DOI", f"{record.doi[:60]!r} is no DOI")
    date = _date(record.issued) or _date(record.published)
    titles = [title_of(text) for text in record.title or ()]
    return Work(
        source="crossref",
        source_id=doi,
        line=line,
        title=next(filter(None, titles), ""),
        titles=tuple(("", found) for text in record.original or () if (found := title_of(text))),
        doi=doi,
        year=int(date[:4]) if date else 0,
        date=date,
        abstract=abstract_of(record.abstract),
        language=(record.language or "")[:10],
        venue=next(filter(None, map(plain, record.venue or ())), ""),
        type=plain(record.type),
        pages=plain(record.page)[:40],
        authors=tuple(_authorship(place, item) for place, item in enumerate(record.author or (), 1)),
        funding=tuple(" ".join(map(plain, (item.name, *(item.award or ())))) for item in record.funder or ()),
        keywords=tuple(filter(None, map(plain, record.subject or ()))),
    )


def _authorship(position: int, item: _Author) -> Authorship:
    name = item.name or " ".join(filter(None, (item.given, item.family)))
    affiliations = [
        ", ".join(filter(None, (*(part.department or ()), part.name, *(part.place or ()))))
        for part in item.affiliation or ()
    ]
    return Authorship(position=position, name=plain(name)[:200], affiliations=addresses_of(affiliations))


def _date(date: _Date | None) -> str:
    """ISO date of date parts, cut to what is known."""
    parts = date.parts[0] if date and date.parts and date.parts[0] else []
    numbers = [part for part in parts if isinstance(part, int)]
    if not numbers or not 1500 <= numbers[0] <= 2099:
        return ""
    return "-".join([f"{numbers[0]:04d}", *(f"{part:02d}" for part in numbers[1:3] if 1 <= part <= 31)])
