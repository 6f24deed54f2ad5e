"""Reads RIS records by their lines: two letters, two spaces, a hyphen; from TY to ER."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import IO

from vedette.observatory.model import Authorship, Refused, Work
from vedette.observatory.reading import (
    RecordFault,
    abstract_of,
    address_of,
    doi_of,
    plain,
    text_lines,
    text_of,
    title_of,
    year_of,
)

_TAGGED = re.compile(r"^([A-Z][A-Z0-9])  ?-(?: (.*)|)$")
_MOST_LINES = 200_000
_MOST_LETTERS = 32 * 1024 * 1024
_DATE = re.compile(r"^(\d{4})[/-](\d{1,2})?(?:[/-](\d{1,2}))?")
Fields = dict[str, list[str]]


def recognise(name: str, head: bytes) -> bool:
    """Whether the bytes hold a record's beginning."""
    return bool(re.search(rb"(?:^|[\r\n])(?:\xef\xbb\xbf)?\s*TY  ?- [A-Z]", head[:8192]))


def parse(name: str, stream: IO[bytes]) -> Iterator[Work | Refused]:
    """Every record, in order, with the line of its TY."""
    begin, fields, tag, size = 0, Fields(), "", 0
    for number, line in text_lines(name, text_of(name, stream)):
        found = _TAGGED.match(line)
        if found is None:
            if begin and line.strip() and tag and size < _MOST_LETTERS:
                fields[tag][-1] += " " + line.strip()
                size += len(line)
            continue
        tag, value = found.group(1), (found.group(2) or "").strip()
        if tag == "TY":
            if begin:
                yield RecordFault("ER", "the record before does not end", "End it with ER  -").at(begin, _shown(fields))
            begin, fields, size = number, defaultdict(list), 0
        if begin and tag != "ER" and len(fields) < _MOST_LINES:
            fields[tag].append(value if size < _MOST_LETTERS else "")
            size += len(value)
        if tag == "ER" and begin:
            yield _read(begin, fields, size)
            begin, tag = 0, ""
    if begin:
        yield RecordFault("ER", "the record does not end: the file may be cut short", "End it with ER  -").at(
            begin, _shown(fields)
        )


def _shown(fields: Fields) -> str:
    return "\n".join(f"{tag}  - {value[:300]}" for tag, values in fields.items() for value in values[:5])


def _read(line: int, fields: Fields, size: int) -> Work | Refused:
    try:
        if size >= _MOST_LETTERS:
            raise RecordFault("", f"the record is longer than {_MOST_LETTERS:,} characters")
        return _work(line, fields)
    except RecordFault as fault:
        return fault.at(line, _shown(fields))


def _one(fields: Fields, *tags: str) -> str:
    return next((value for tag in tags for value in fields.get(tag, ()) if value), "")


def _work(line: int, fields: Fields) -> Work:
    title = title_of(_one(fields, "TI", "T1", "CT", "BT"))
    doi = doi_of(_one(fields, "DO", "DI")) or doi_of(_one(fields, "UR", "L3", "M3"))
    if not title and not doi:
        raise RecordFault("TI", "the record has neither a title nor a DOI")
    other = title_of(_one(fields, "TT", "OP"))
    names = [name for tag in ("AU", "A1") for name in fields.get(tag, ()) if name]
    addresses = tuple(dict.fromkeys(filter(None, map(address_of, fields.get("AD", ())))))
    return Work(
        source="ris",
        source_id=_one(fields, "AN", "ID") or doi or f"{title[:200]}|{_one(fields, 'PY', 'Y1')}",
        line=line,
        title=title,
        titles=(("", other),) if other else (),
        doi=doi,
        year=year_of(_one(fields, "PY", "Y1", "DA")),
        date=_date(_one(fields, "DA", "PY", "Y1")),
        abstract=abstract_of(_one(fields, "AB", "N2")),
        language=plain(_one(fields, "LA"))[:20].casefold(),
        venue=plain(_one(fields, "JO", "T2", "JF", "JA", "BT")),
        type=plain(_one(fields, "TY")),
        pages="-".join(filter(None, (plain(_one(fields, "SP")), plain(_one(fields, "EP")))))[:40],
        authors=_authors(names, addresses),
        funding=tuple(filter(None, map(plain, fields.get("FU", ())))),
        keywords=tuple(filter(None, map(plain, fields.get("KW", ())))),
    )


def _authors(names: list[str], addresses: tuple[str, ...]) -> tuple[Authorship, ...]:
    """RIS ties no address to an author: with one author they are its, else they stand for the whole record at place 0."""
    if len(names) == 1:
        return (Authorship(position=1, name=plain(names[0])[:200], affiliations=addresses),)
    authors = tuple(Authorship(position=place, name=plain(name)[:200]) for place, name in enumerate(names, 1))
    return (Authorship(position=0, affiliations=addresses), *authors) if addresses else authors


def _date(text: str) -> str:
    found = _DATE.match(text)
    if found is None:
        return str(year_of(text) or "")
    parts = [part for part in found.groups() if part]
    return "-".join([parts[0], *(f"{int(part):02d}" for part in parts[1:])])
