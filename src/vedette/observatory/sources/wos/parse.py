"""Reads Web of Science exports: plain text with tags, tab-delimited with two-letter headings, or a table with full headings."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import IO

from vedette.observatory.model import Authorship, Refused, Work
from vedette.observatory.reading import (
    RecordFault,
    abstract_of,
    address_of,
    cell,
    doi_of,
    plain,
    rows,
    split,
    text_of,
    title_of,
    year_of,
)
from vedette.observatory.sources.wos.tagged import is_tagged, records

_HEAD = 4096
_GROUP = re.compile(r"\[([^\]]{1,200000})\]\s*([^\[]+)")
_LANGUAGES = {"english": "en", "korean": "ko", "chinese": "zh", "japanese": "ja", "russian": "ru", "german": "de"}


def recognise(name: str, head: bytes) -> bool:
    """Whether the beginning is Web of Science's, in whichever of its forms."""
    if is_tagged(head):
        return True
    try:
        text = head.decode("utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", "ignore")
    except UnicodeDecodeError:
        return False
    heading = text.split("\n", 1)[0].strip().split("\t")
    return {"PT", "AU", "TI"} <= set(heading) or ("UT (Unique WOS ID)" in text.split("\n", 1)[0])


def parse(name: str, stream: IO[bytes]) -> Iterator[Work | Refused]:
    """Every record, in order, with the line on which it begins."""
    for item in _rows(name, stream):
        if isinstance(item, Refused):
            yield item
            continue
        line, row = item
        try:
            yield _work(line, row)
        except RecordFault as fault:
            yield fault.at(line, "\t".join(row.values()))


def _rows(name: str, stream: IO[bytes]) -> Iterator[tuple[int, dict[str, str]] | Refused]:
    head = stream.peek(_HEAD)[:_HEAD] if isinstance(stream, io.BufferedReader) else b""
    if is_tagged(head):
        return records(name, stream)
    delimiter = "\t" if b"\t" in head.replace(b"\x00", b"").split(b"\n", 1)[0] else ","
    return rows(name, text_of(name, stream), delimiter)


def _work(line: int, row: dict[str, str]) -> Work:
    title = title_of(cell(row, "ti", "article title", "title"))
    doi = doi_of(cell(row, "di", "doi"))
    if not title and not doi:
        raise RecordFault("TI", "the row has neither a title nor a DOI")
    year = year_of(cell(row, "py", "publication year")) or year_of(cell(row, "ea", "early access date"))
    if not year:
        raise RecordFault("PY", f"{cell(row, 'py', 'publication year')[:40]!r} is no year")
    language = cell(row, "la", "language").casefold()
    return Work(
        source="wos",
        source_id=cell(row, "ut", "ut (unique wos id)") or doi or f"{title[:200]}|{year}",
        line=line,
        title=title,
        doi=doi,
        year=year,
        date=str(year),
        abstract=abstract_of(cell(row, "ab", "abstract")),
        language=_LANGUAGES.get(language, language[:20]),
        venue=plain(cell(row, "so", "source title")),
        type=plain(cell(row, "dt", "document type")),
        pages="-".join(filter(None, (cell(row, "bp", "start page"), cell(row, "ep", "end page"))))[:40],
        authors=_authors(row),
        funding=tuple(filter(None, [plain(cell(row, "fu", "funding orgs", "funding name preferred"))])),
        keywords=split(cell(row, "de", "author keywords"), ";"),
    )


def _authors(row: dict[str, str]) -> tuple[Authorship, ...]:
    full = cell(row, "af", "author full names")
    short = cell(row, "au", "authors")
    names = [plain(name)[:200] for name in (full or short).split(";") if name.strip()]
    addresses = cell(row, "c1", "addresses")
    groups = _GROUP.findall(addresses)
    if not groups:
        return _loose(names, _once([address_of(text) for text in addresses.split(";")]))
    held: dict[str, list[str]] = {}
    for told, address in groups:
        for name in told.split(";"):
            held.setdefault(name.strip().casefold(), []).append(address_of(address))
    shorts = [name.strip().casefold() for name in short.split(";") if name.strip()]
    authors = []
    for place, name in enumerate(names):
        found = held.pop(name.casefold(), None)
        if found is None and place < len(shorts):
            found = held.pop(shorts[place], None)
        authors.append(Authorship(position=place + 1, name=name, affiliations=_once(found or [])))
    rest = _once([address for found in held.values() for address in found])
    return (Authorship(position=0, affiliations=rest), *authors) if rest else tuple(authors)


def _once(addresses: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(address.rstrip(";. ") for address in addresses if address))


def _loose(names: list[str], addresses: tuple[str, ...]) -> tuple[Authorship, ...]:
    """Old records tie no address to an author."""
    if len(names) == 1:
        return (Authorship(position=1, name=names[0], affiliations=addresses),)
    authors = tuple(Authorship(position=place, name=name) for place, name in enumerate(names, 1))
    return (Authorship(position=0, affiliations=addresses), *authors) if addresses else authors
