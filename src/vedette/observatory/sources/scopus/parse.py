"""Reads the CSV that Scopus exports, with its authors, affiliations and abstracts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from vedette.observatory.model import Authorship, Refused, Work
from vedette.observatory.reading import (
    RecordFault,
    abstract_of,
    address_of,
    addresses_of,
    cell,
    doi_of,
    plain,
    rows,
    split,
    text_of,
    title_of,
    year_of,
)

_NO_AUTHOR = "[no author name available]"
_LANGUAGES = {"english": "en", "korean": "ko", "chinese": "zh", "japanese": "ja", "russian": "ru", "german": "de"}


def recognise(name: str, head: bytes) -> bool:
    """Whether the heading is Scopus's."""
    heading = head.split(b"\n", 1)[0].lower()
    return (
        b"title" in heading
        and (b"eid" in heading or b"authors with affiliations" in heading)
        and b"ut (" not in heading
    )


def parse(name: str, stream: IO[bytes]) -> Iterator[Work | Refused]:
    """Every row, in order, with the line on which it begins."""
    for item in rows(name, text_of(name, stream), ","):
        if isinstance(item, Refused):
            yield item
            continue
        line, row = item
        try:
            yield _work(line, row)
        except RecordFault as fault:
            yield fault.at(line, ",".join(row.values()))


def _work(line: int, row: dict[str, str]) -> Work:
    title = title_of(cell(row, "title"))
    doi = doi_of(cell(row, "doi"))
    if not title and not doi:
        raise RecordFault("Title", "the row has neither a title nor a DOI")
    year = year_of(cell(row, "year"))
    if not year:
        raise RecordFault("Year", f"{cell(row, 'year')[:40]!r} is no year")
    language = cell(row, "language of original document").casefold()
    return Work(
        source="scopus",
        source_id=cell(row, "eid") or doi or f"{title[:200]}|{year}",
        line=line,
        title=title,
        doi=doi,
        year=year,
        date=str(year),
        abstract="" if cell(row, "abstract").startswith("[No abstract") else abstract_of(cell(row, "abstract")),
        language=_LANGUAGES.get(language, language[:20]),
        venue=plain(cell(row, "source title")),
        type=plain(cell(row, "document type")),
        pages="-".join(filter(None, (cell(row, "page start"), cell(row, "page end"))))[:40],
        authors=_authors(row),
        funding=tuple(filter(None, [plain(cell(row, "funding details", "funding text 1", "funding texts"))])),
        keywords=split(cell(row, "author keywords"), ";"),
    )


def _authors(row: dict[str, str]) -> tuple[Authorship, ...]:
    told = cell(row, "authors")
    names = [] if told.casefold() == _NO_AUTHOR else _names(told)
    addresses = addresses_of(cell(row, "affiliations").split(";"))
    entries = [entry.strip() for entry in cell(row, "authors with affiliations").split(";") if entry.strip()]
    if entries and len(entries) == len(names):
        return tuple(
            Authorship(position=place, name=name, affiliations=_parted(_after(entry, name), addresses))
            for place, (entry, name) in enumerate(zip(entries, names, strict=True), 1)
        )
    if len(names) == 1:
        return (Authorship(position=1, name=names[0], affiliations=addresses),)
    authors = tuple(Authorship(position=place, name=name) for place, name in enumerate(names, 1))
    return (Authorship(position=0, affiliations=addresses), *authors) if addresses else authors


def _names(told: str) -> list[str]:
    """Authors are parted by semicolons, in older exports by commas."""
    separator = ";" if ";" in told or told.count(",") < 1 else "., " if "., " in told else ","
    parts = told.split(separator)
    dot = "." if separator == "., " else ""
    return [plain(part.strip() + (dot if place < len(parts) - 1 else ""))[:200] for place, part in enumerate(parts)]


def _after(entry: str, name: str) -> str:
    """What follows the author in ``Surname I., Department, City, Country`` (or ``Surname, I., Department ...``)."""
    letters = [letter for letter in name if letter.isalnum()]
    for place, letter in enumerate(entry):
        if not letters:
            return entry[place:].lstrip("., ")
        if letter.isalnum() and letters.pop(0) != letter:
            return entry.partition(", ")[2]
    return ""


def _parted(text: str, addresses: tuple[str, ...]) -> tuple[str, ...]:
    """An author's addresses: the row's own addresses where they stand in the text, in order; else the whole text."""
    whole = address_of(text)
    inside = [(whole.find(address), address) for address in addresses if address in whole]
    if not inside or sum(len(address) for _, address in inside) < 0.8 * len(whole):
        return (whole,) if whole else ()
    return tuple(address for _, address in sorted(inside))
