"""Reads one consolidated act of the European Union from a CSV transcription of its annexes."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from vedette.base import Address, Identifier, Name, NameQuality, Party, PartyKind, Place, stable_id
from vedette.names import country_code
from vedette.watchlists.dates import birth_dates, day_or_none
from vedette.watchlists.model import Listing
from vedette.watchlists.reading import ListError, Piece, Reading, once, rows_of
from vedette.watchlists.written import short_form

_FIRST = ("celex", "recordId", "programKey", "annex", "measure", "startDate", "reason", "schema", "name")
_KINDS = {
    "Person": PartyKind.PERSON,
    "LegalEntity": PartyKind.ORGANIZATION,
    "Organization": PartyKind.ORGANIZATION,
    "Company": PartyKind.ORGANIZATION,
    "Vessel": PartyKind.VESSEL,
}
_OTHER_NAMES = {"alias": NameQuality.STRONG, "previousName": NameQuality.STRONG, "weakAlias": NameQuality.WEAK}
_IDENTIFIERS = {
    "passportNumber": "passport",
    "idNumber": "national_id",
    "taxNumber": "tax",
    "innCode": "tax",
    "registrationNumber": "registration",
    "ogrnCode": "registration",
    "okpoCode": "registration",
    "leiCode": "lei",
    "swiftBic": "swift",
    "imoNumber": "imo",
    "mmsi": "mmsi",
    "email": "email",
    "phone": "phone",
}
# Nationality, birthplace, gender, appearance, ethnicity and parents' names stand in the form and are never read (see Party).
_COUNTRIES = ("country", "jurisdiction", "flag")
_KNOWN_AS = re.compile(r"^(?:[afn]\.?k\.?a\.?|formerly(?: known as)?|also known as)\s*:?\s*", re.IGNORECASE)

_BREAKS = re.compile(r"[\r\n]+")

_Row = Mapping[str, str]


def recognise(name: str, head: bytes) -> str:
    """Whether the header is that of a consolidated act."""
    return "primary" if head.lstrip(b"\xef\xbb\xbf").startswith(",".join(_FIRST).encode() + b",") else ""


def parse(pieces: Mapping[str, Piece]) -> Reading:
    """Listings by annex and record; the same record under several measures is one listing."""
    piece = pieces["primary"]
    ignored: Counter[str] = Counter()
    groups: dict[str, list[_Row]] = {}
    for row in _rows(piece):
        if row["schema"] in _KINDS:
            groups.setdefault(_entity_id(row), []).append(row)
        else:
            ignored[row["schema"]] += 1
    listings = tuple(_listing(entity_id, rows) for entity_id, rows in groups.items())
    acts = {rows[0]["celex"] for rows in groups.values()}
    list_id = f"eu_oj_{acts.pop().lower()}" if len(acts) == 1 else ""
    return Reading(listings=listings, ignored=dict(ignored), list_id=list_id)


def _rows(piece: Piece) -> Iterator[_Row]:
    rows = rows_of(piece)
    _, header = next(rows, (0, []))
    if tuple(header[: len(_FIRST)]) != _FIRST or len(set(header)) != len(header):
        raise ListError("has another header", place=Place(piece.name, 1), remedy="See the source's declared format")
    act = ""
    for line, cells in rows:
        row = dict(zip(header, cells, strict=False))
        place = Place(piece.name, line)
        if len(cells) != len(header) or not row["name"].strip():
            raise ListError(f"a row has {len(cells)} cells, not {len(header)}, or no name", place=place)
        act = act or row["celex"]
        if row["celex"] != act or not re.fullmatch(r"[0-9A-Z]{8,14}", act):
            raise ListError(f"belongs to act {row['celex']!r}, not to the file's", place=place)
        yield row


def _entity_id(row: _Row) -> str:
    if row["recordId"]:
        return f"{row['celex']}:{row['annex']}:{row['recordId']}:{row['schema']}"
    return stable_id("ent", row["celex"], row["annex"], row["schema"], row["name"], row.get("imoNumber", ""))


def _cells(rows: Sequence[_Row], column: str) -> Iterator[str]:
    """The values of a column over the rows of one entry; a cell is itself a line separated by semicolons."""
    for row in rows:
        for values in csv.reader([_BREAKS.sub(" ", row.get(column, ""))], delimiter=";", skipinitialspace=True):
            yield from (value.strip() for value in values if value.strip())


def _listing(entity_id: str, rows: Sequence[_Row]) -> Listing:
    first = rows[0]
    codes = (code for column in _COUNTRIES for text in _cells(rows, column) if (code := country_code(text)))
    addresses = once(_address(text) for text in _cells(rows, "address"))
    party = Party(
        id=entity_id,
        kind=_KINDS[first["schema"]],
        names=once(_names(rows)),
        birth_dates=once(_births(rows)) if first["schema"] == "Person" else (),
        countries=once((*codes, *(address.country for address in addresses if address.country))),
        addresses=addresses,
        identifiers=once(
            Identifier(kind, text) for column, kind in _IDENTIFIERS.items() for text in _cells(rows, column)
        ),
        websites=once(_cells(rows, "website")),
    )
    prose = (*_cells(rows, "position"), *once(row["reason"] for row in rows), *_cells(rows, "notes"))
    return Listing(
        entity_id=entity_id,
        party=party,
        programmes=once(tag for row in rows for tag in (row["programKey"], row["measure"]) if tag),
        listed_on=day_or_none(first["startDate"]),
        remarks="; ".join(text for text in prose if text),
    )


def _names(rows: Sequence[_Row]) -> Iterator[Name]:
    for row in rows:
        yield Name(row["name"].strip())
        yield from short_form(row["name"])
        if row["schema"] == "Vessel":
            yield from _vessel_names(row["name"])
    for column, quality in _OTHER_NAMES.items():
        yield from (Name(_KNOWN_AS.sub("", text), quality) for text in _cells(rows, column) if _KNOWN_AS.sub("", text))


def _vessel_names(text: str) -> Iterator[Name]:
    """A ship's former names follow in brackets."""
    outer = re.sub(r"\([^()]*\)", " ", text).strip()
    for name in (outer, *re.findall(r"\(([^()]+)\)", text)):
        if name.strip() and name.strip() != text.strip():
            yield Name(" ".join(name.split()), NameQuality.STRONG)


def _births(rows: Sequence[_Row]) -> Iterator[str]:
    for text in _cells(rows, "birthDate"):
        for part in re.split(r"\s+or\s+", text):
            yield from birth_dates(part)


def _address(text: str) -> Address:
    return Address(text, country_code(text.rsplit(",", 1)[-1].strip(" .")) or "")
