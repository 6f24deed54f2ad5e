"""Reads the XML of DBLP record by record; the named characters of its document type come from a table, never from a file."""

from __future__ import annotations

from collections.abc import Iterator
from html.entities import name2codepoint
from typing import IO
from xml.etree.ElementTree import Element

from vedette.observatory.model import Authorship, Refused, Work
from vedette.observatory.reading import RecordFault, doi_of, inner, plain, title_of, xml_records, year_of

_KINDS = frozenset(("article", "inproceedings", "proceedings", "book", "incollection", "phdthesis", "mastersthesis"))
_ENTITIES = {name: chr(code) for name, code in name2codepoint.items()}


def recognise(name: str, head: bytes) -> bool:
    """Whether the bytes begin like DBLP."""
    return b"<dblp" in head or b"dblp.dtd" in head


def parse(name: str, stream: IO[bytes]) -> Iterator[Work | Refused]:
    """Every publication, in order, numbered from 1. Home pages of persons are passed over."""
    for item in xml_records(name, stream, _KINDS, _ENTITIES):
        if isinstance(item, Refused):
            yield item
            continue
        number, element = item
        try:
            yield _work(number, element)
        except RecordFault as fault:
            yield fault.at(number, element.get("key", ""))


def _text(element: Element, *tags: str) -> str:
    return next((text for tag in tags if (text := inner(element.find(tag)).strip())), "")


def _work(number: int, element: Element) -> Work:
    key = element.get("key", "").strip()
    if not key:
        raise RecordFault("key", "the record has no key")
    title = title_of(_text(element, "title"))
    links = [inner(item) for item in element.iterfind("ee")]
    year = year_of(_text(element, "year"))
    authors = list(element.iterfind("author")) or list(element.iterfind("editor"))
    return Work(
        source="dblp",
        source_id=key[:300],
        line=number,
        title=title[:-1] if title.endswith(".") and not title.endswith("..") else title,
        doi=next(filter(None, map(doi_of, links)), ""),
        year=year,
        date=str(year) if year else "",
        venue=plain(_text(element, "journal", "booktitle", "series", "school")),
        type=element.tag,
        pages=plain(_text(element, "pages"))[:40],
        authors=tuple(
            Authorship(position=place, name=plain(inner(item)).rstrip("0123456789 ")[:200])
            for place, item in enumerate(authors, 1)
        ),
    )
