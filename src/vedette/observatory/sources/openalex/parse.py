"""Reads OpenAlex works: one JSON object a line as in the snapshot, an array, or a page of the API."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

import msgspec

from vedette.observatory.model import Authorship, Refused, Work
from vedette.observatory.reading import (
    RecordFault,
    abstract_of,
    addresses_of,
    codes_of,
    doi_of,
    json_records,
    plain,
    title_of,
)

_ID = "https://openalex.org/"
_MOST_WORDS = 30_000


class _Institution(msgspec.Struct):
    country_code: str | None = None


class _Affiliation(msgspec.Struct):
    raw_affiliation_string: str | None = None


class _Author(msgspec.Struct):
    display_name: str | None = None


class _Authorship(msgspec.Struct):
    author: _Author | None = None
    raw_author_name: str | None = None
    institutions: list[_Institution] | None = None
    countries: list[str | None] | None = None
    raw_affiliation_strings: list[str | None] | None = None
    raw_affiliation_string: str | None = None
    affiliations: list[_Affiliation] | None = None


class _Venue(msgspec.Struct):
    display_name: str | None = None


class _Location(msgspec.Struct):
    source: _Venue | None = None


class _Biblio(msgspec.Struct):
    first_page: str | None = None
    last_page: str | None = None


class _Grant(msgspec.Struct):
    funder_display_name: str | None = None
    award_id: str | None = None


class _Keyword(msgspec.Struct):
    display_name: str | None = None
    keyword: str | None = None


class _Record(msgspec.Struct):
    """What is taken of a record; the rest is passed over without being built."""

    id: str
    doi: str | None = None
    title: str | None = None
    display_name: str | None = None
    publication_year: int | None = None
    publication_date: str | None = None
    language: str | None = None
    type: str | None = None
    primary_location: _Location | None = None
    host_venue: _Venue | None = None
    authorships: list[_Authorship] | None = None
    grants: list[_Grant] | None = None
    keywords: list[_Keyword | str] | None = None
    biblio: _Biblio | None = None
    abstract_inverted_index: dict[str, list[int]] | None = None


_DECODER = msgspec.json.Decoder(_Record, strict=False)


def recognise(name: str, head: bytes) -> bool:
    """Whether the bytes begin like works with ids of OpenAlex."""
    start = head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1]
    named = b"https://openalex.org/W" in head or (b'"authorships"' in head and b'"publication_year"' in head)
    return start in (b"{", b"[") and named


def parse(name: str, stream: IO[bytes]) -> Iterator[Work | Refused]:
    """Every work, in order."""
    for item in json_records(name, stream, ("results",)):
        if isinstance(item, Refused):
            yield item
            continue
        line, raw = item
        try:
            yield _work(line, _DECODER.decode(raw))
        except RecordFault as fault:
            yield fault.at(line, bytes(raw))
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as fault:
            yield RecordFault("", f"is no work of OpenAlex: {str(fault)[:200]}").at(line, bytes(raw))


def _work(line: int, record: _Record) -> Work:
    key = record.id.removeprefix(_ID)
    if key[:1] != "W" or not key[1:].isdecimal():
        raise RecordFault("id", f"the id {record.id[:60]!r} is none of OpenAlex")
    biblio = record.biblio or _Biblio()
    venue = record.primary_location.source if record.primary_location else record.host_venue
    return Work(
        source="openalex",
        source_id=key,
        line=line,
        title=title_of(record.title or record.display_name),
        doi=doi_of(record.doi),
        year=record.publication_year or 0,
        date=(record.publication_date or "")[:10],
        abstract=_abstract(record.abstract_inverted_index),
        language=(record.language or "")[:10],
        venue=plain(venue.display_name if venue else ""),
        type=plain(record.type),
        pages="-".join(filter(None, (biblio.first_page, biblio.last_page)))[:40],
        authors=tuple(_authorship(place, item) for place, item in enumerate(record.authorships or (), 1)),
        funding=tuple(
            " ".join(filter(None, (plain(item.funder_display_name), plain(item.award_id))))
            for item in record.grants or ()
        ),
        keywords=tuple(filter(None, map(_keyword, record.keywords or ()))),
    )


def _keyword(item: _Keyword | str) -> str:
    return plain(item if isinstance(item, str) else item.display_name or item.keyword or "")


def _authorship(position: int, item: _Authorship) -> Authorship:
    texts = [*(item.raw_affiliation_strings or ()), *(part.raw_affiliation_string for part in item.affiliations or ())]
    claimed = [*(item.countries or ()), *(part.country_code for part in item.institutions or ())]
    name = item.raw_author_name or (item.author.display_name if item.author else "")
    return Authorship(
        position=position,
        name=plain(name)[:200],
        affiliations=addresses_of(texts or [item.raw_affiliation_string]),
        countries=codes_of(claimed),
    )


def _abstract(index: dict[str, list[int]] | None) -> str:
    """The words of an inverted index in their order; places beyond what an abstract holds are left out."""
    if not index:
        return ""
    placed = [(place, word) for word, places in index.items() for place in places if 0 <= place < _MOST_WORDS]
    placed.sort()
    return abstract_of(" ".join(word for _, word in placed))
