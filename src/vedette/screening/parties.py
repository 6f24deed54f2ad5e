"""Parties out of somebody's file: CSV, JSON lines or FollowTheMoney entities, one answer for every line."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from vedette.base import Address, Identifier, Name, Party, PartyKind, Place
from vedette.names import country_code
from vedette.screening.lines import lines
from vedette.screening.model import ScreeningError

_ISO = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_IDS = ("query_id", "id", "account_id")
_NAMES = ("name", "name_native", "alias", "aliases")
_IDENTIFIERS = {
    "email": "email",
    "phone": "phone",
    "registration_number": "registration",
    "tax_number": "tax",
    "lei": "lei",
    "passport": "passport",
    "passport_number": "passport",
    "national_id": "national_id",
    "wallet": "wallet",
    "imo": "imo",
}
_KNOWN = {*_IDS, *_NAMES, *_IDENTIFIERS, "kind", "birth_date", "country", "address", "website"}
_KINDS = {
    "": PartyKind.UNKNOWN,
    "unknown": PartyKind.UNKNOWN,
    "person": PartyKind.PERSON,
    "individual": PartyKind.PERSON,
    "organization": PartyKind.ORGANIZATION,
    "organisation": PartyKind.ORGANIZATION,
    "company": PartyKind.ORGANIZATION,
    "entity": PartyKind.ORGANIZATION,
    "vessel": PartyKind.VESSEL,
    "aircraft": PartyKind.AIRCRAFT,
}
_SCHEMATA = {
    "Person": PartyKind.PERSON,
    "LegalEntity": PartyKind.UNKNOWN,
    "Organization": PartyKind.ORGANIZATION,
    "Company": PartyKind.ORGANIZATION,
    "PublicBody": PartyKind.ORGANIZATION,
    "Vessel": PartyKind.VESSEL,
    "Airplane": PartyKind.AIRCRAFT,
}
# FollowTheMoney's properties by the column that they fill. Nationality, birthplace and gender are never read.
_PROPERTIES = {
    "name": ("name", "alias", "weakAlias", "previousName"),
    "birth_date": ("birthDate",),
    "country": ("country", "jurisdiction", "mainCountry"),
    "address": ("address",),
    "website": ("website",),
    "email": ("email",),
    "phone": ("phone",),
    "registration_number": ("registrationNumber", "ogrnCode", "uscCode"),
    "tax_number": ("taxNumber", "innCode", "vatCode"),
    "lei": ("leiCode",),
    "passport": ("passportNumber",),
    "national_id": ("idNumber",),
    "wallet": ("publicKey",),
    "imo": ("imoNumber",),
}
_MOST_VALUES = 50

Fields = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Asked:
    """One line of the input. Where ``party`` is None, ``problem`` says why nothing could be screened.

    ``notes`` name fields that were given but not understood, and so were not compared.
    """

    query_id: str
    party: Party | None
    problem: str = ""
    notes: tuple[str, ...] = ()


def parties(path: Path) -> Iterator[Asked]:
    """One ``Asked`` for every record of the file, in order. Raises ScreeningError for faults of the file as a whole."""
    if str(path) == "-":
        return _streamed(path)
    return _from_csv(path, lines(path)) if _form(path) == "csv" else _from_json(lines(path))


def _streamed(path: Path) -> Iterator[Asked]:
    """Standard input bears no name: what begins with a brace or bracket is JSON lines, anything else CSV."""
    text, begun = lines(path), []
    for line in text:
        begun.append(line)
        if line.strip():
            break
    whole = chain(begun, text)
    first = begun[-1].strip() if begun else ""
    yield from _from_json(whole) if first[:1] in ("{", "[", "") else _from_csv(path, whole)


def _form(path: Path) -> str:
    endings = [ending.lower() for ending in path.suffixes if ending.lower() != ".gz"]
    last = endings[-1] if endings else ""
    if last in (".csv", ".json", ".jsonl", ".ndjson"):
        return last.removeprefix(".")
    raise ScreeningError(
        "is of no known form", place=Place(str(path)), remedy="Name it .csv, .jsonl or .json (also with .gz after it)"
    )


def rows_of(path: Path, wanted: Sequence[str], least: int = 1) -> Iterator[tuple[int, dict[str, str]]]:
    """The records of a CSV file with their lines. ``least`` of the ``wanted`` columns have to stand in the header."""
    return _rows(path, lines(path), wanted, least)


def _rows(path: Path, text: Iterable[str], wanted: Sequence[str], least: int) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.reader(text, strict=True)
    header: list[str] = []
    try:
        for cells in reader:
            if not header:
                header = _header(cells, wanted, least, path)
            elif cells:
                yield reader.line_num, dict(zip(header, (*cells, *[""] * len(header)), strict=False))
    except csv.Error as fault:
        place = Place(str(path), reader.line_num)
        raise ScreeningError(f"is no CSV: {fault}", place=place, remedy="Quote texts that hold commas") from None
    if not header:
        raise ScreeningError("is empty", place=Place(str(path)), remedy="A header line and one party a line are needed")


def _header(cells: list[str], wanted: Sequence[str], least: int, path: Path) -> list[str]:
    header = [cell.strip().lower() for cell in cells]
    twice = {name for name in header if name and header.count(name) > 1}
    if twice:
        raise ScreeningError(
            f"names the column {min(twice)!r} twice", place=Place(str(path), 1), remedy="Rename one of them"
        )
    if len(set(wanted) & set(header)) < least:
        columns = ", ".join(sorted(wanted))
        remedy = f"The header needs {'one' if least == 1 else 'all'} of: {columns}"
        raise ScreeningError("lacks a needed column", place=Place(str(path), 1), remedy=remedy)
    return header


def _from_csv(path: Path, text: Iterable[str]) -> Iterator[Asked]:
    for number, row in _rows(path, text, (*_NAMES, *_IDENTIFIERS), 1):
        yield _asked({name: (value,) for name, value in row.items() if value.strip()}, number)


def _from_json(text: Iterable[str]) -> Iterator[Asked]:
    for number, line in enumerate(text, start=1):
        if not line.strip():
            continue
        try:
            found = json.loads(line)
        except (ValueError, RecursionError):
            yield Asked(str(number), None, f"line {number} is no JSON")
            continue
        if not isinstance(found, dict):
            yield Asked(str(number), None, f"line {number} is no JSON object")
        elif isinstance(found.get("properties"), dict):
            yield entity(found, number)
        else:
            yield _asked({str(name).lower(): _texts(value) for name, value in found.items()}, number)


def _texts(value: Any) -> tuple[str, ...]:
    """The texts of a JSON value: one, or a list of them; numbers are written out, anything else is passed over."""
    many = value if isinstance(value, list) else [value]
    kept = (item for item in many[:_MOST_VALUES] if isinstance(item, str | int | float) and not isinstance(item, bool))
    return tuple(text for item in kept if (text := str(item).strip()))


def entity(found: Mapping[str, Any], number: int) -> Asked:
    """A FollowTheMoney entity; ownerships, sanctions and other things that are no party get a line without a match."""
    schema, query_id = str(found.get("schema", "")), str(found.get("id") or number)
    if schema not in _SCHEMATA:
        return Asked(query_id, None, f"line {number}: an entity of schema {schema[:40]!r} is no party")
    given = found["properties"]
    fields = {
        column: tuple(text for name in names for text in _texts(given.get(name, [])))
        for column, names in _PROPERTIES.items()
    }
    return _asked({**fields, "id": (query_id,)}, number, _SCHEMATA[schema])


def _asked(fields: Fields, number: int, kind: PartyKind | None = None) -> Asked:
    query_id = next((fields[name][0].strip() for name in _IDS if fields.get(name)), str(number))
    notes: list[str] = []
    countries = tuple(dict.fromkeys(_countries(fields.get("country", ()), notes)))
    country = countries[0] if len(countries) == 1 else ""
    party = Party(
        id=query_id,
        kind=kind or _kind(fields.get("kind", ("",)), notes),
        names=tuple(Name(text) for column in _NAMES for text in fields.get(column, ()) if text.strip()),
        birth_dates=tuple(_births(fields.get("birth_date", ()), notes)),
        countries=countries,
        addresses=tuple(Address(text, country) for text in fields.get("address", ())),
        identifiers=tuple(
            Identifier(of, text, country) for column, of in _IDENTIFIERS.items() for text in fields.get(column, ())
        ),
        websites=tuple(fields.get("website", ())),
    )
    unread = sorted(name for name in fields if name and name not in _KNOWN and fields[name])
    notes += [f"not read: {', '.join(unread)[:200]}"] if unread else []
    if not party.names and not party.identifiers:
        return Asked(query_id, None, f"line {number} holds no name and no identifier", tuple(notes))
    return Asked(query_id, party, "", tuple(notes))


def _kind(words: Sequence[str], notes: list[str]) -> PartyKind:
    word = words[0].strip().lower() if words else ""
    if word not in _KINDS:
        notes.append("kind is none of person, organization, vessel, aircraft: read as unknown")
    return _KINDS.get(word, PartyKind.UNKNOWN)


def _births(texts: Sequence[str], notes: list[str]) -> Iterator[str]:
    for text in texts:
        day = text.strip().split("T")[0]
        if _ISO.fullmatch(day):
            yield day
        else:
            notes.append("birth_date is not written as 1990-12-31, 1990-12 or 1990: not compared")


def _countries(texts: Sequence[str], notes: list[str]) -> Iterator[str]:
    for text in texts:
        code = country_code(text)
        if code:
            yield code
        else:
            notes.append("country is not known: not compared")
