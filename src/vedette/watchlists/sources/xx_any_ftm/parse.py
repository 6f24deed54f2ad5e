"""Reads FollowTheMoney entities, one JSON object a line, of any publisher."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from vedette.base import Address, Identifier, Name, NameQuality, Party, PartyKind, Place
from vedette.names import country_code
from vedette.watchlists.dates import iso_date
from vedette.watchlists.model import Listing
from vedette.watchlists.reading import ListError, Piece, Reading, json_lines_of, once

_PARTIES = {
    "Person": PartyKind.PERSON,
    "Organization": PartyKind.ORGANIZATION,
    "PublicBody": PartyKind.ORGANIZATION,
    "Company": PartyKind.ORGANIZATION,
    "LegalEntity": PartyKind.UNKNOWN,
    "Vessel": PartyKind.VESSEL,
    "Airplane": PartyKind.AIRCRAFT,
}
_NAMES = {
    "name": NameQuality.PRIMARY,
    "alias": NameQuality.STRONG,
    "previousName": NameQuality.STRONG,
    "abbreviation": NameQuality.WEAK,
    "weakAlias": NameQuality.WEAK,
}
_IDENTIFIERS = {
    "passportNumber": "passport",
    "idNumber": "national_id",
    "socialSecurityNumber": "national_id",
    "taxNumber": "tax",
    "innCode": "tax",
    "vatCode": "tax",
    "registrationNumber": "registration",
    "ogrnCode": "registration",
    "okpoCode": "registration",
    "uscCode": "registration",
    "uniqueEntityId": "uei",
    "leiCode": "lei",
    "dunsCode": "duns",
    "swiftBic": "swift",
    "imoNumber": "imo",
    "mmsi": "mmsi",
    "callSign": "call_sign",
    "registrationMark": "tail_number",
    "serialNumber": "msn",
    "email": "email",
    "phone": "phone",
}
# Nationality, citizenship, birthplace, gender, ethnicity and religion stand in the format and are never read (see Party).
_COUNTRIES = ("country", "jurisdiction", "mainCountry", "flag")
_PROSE = ("position", "summary", "notes", "legalForm")


def recognise(name: str, head: bytes) -> str:
    """Whether the first line is a FollowTheMoney entity."""
    first = head.lstrip(b"\xef\xbb\xbf \r\n\t").split(b"\n", 1)[0]
    return "primary" if first.startswith(b"{") and b'"schema"' in first and b'"properties"' in first else ""


@dataclass(slots=True)
class _Lines:
    """The entities of a file: parties, and what hangs on them by reference."""

    parties: dict[str, dict[str, Any]] = field(default_factory=dict)
    programmes: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    numbers: defaultdict[str, list[Identifier]] = field(default_factory=lambda: defaultdict(list))
    places: dict[str, Address] = field(default_factory=dict)
    datasets: Counter[tuple[str, ...]] = field(default_factory=Counter)
    ignored: Counter[str] = field(default_factory=Counter)


def parse(pieces: Mapping[str, Piece]) -> Reading:
    """Listings of the parties. Every other line is counted as ignored by its schema, even where a party takes from it."""
    piece = pieces["primary"]
    lines = _Lines()
    for number, entity in json_lines_of(piece):
        _take(entity, lines, Place(piece.name, number))
    listings = tuple(_listing(entity, lines) for entity in lines.parties.values())
    list_id, notes = _list_id(lines.datasets, piece)
    return Reading(listings=listings, ignored=dict(lines.ignored), list_id=list_id, notes=notes)


def _take(entity: Mapping[str, Any], lines: _Lines, place: Place) -> None:
    entity_id, schema, properties = entity.get("id"), entity.get("schema"), entity.get("properties")
    if (
        not isinstance(entity_id, str)
        or not entity_id
        or not isinstance(schema, str)
        or not isinstance(properties, dict)
    ):
        raise ListError("is no FollowTheMoney entity (id, schema, properties)", place=place, remedy="Export it again")
    if not all(isinstance(values, list) for values in properties.values()):
        raise ListError("holds a property that is no list of values", place=place, remedy="Export it again")
    if schema in _PARTIES:
        if entity_id in lines.parties:
            raise ListError(
                f"entity {entity_id} stands twice", place=place, remedy="Merge the fragments before loading"
            )
        lines.parties[entity_id] = dict(entity)
        lines.datasets[_datasets(entity)] += 1
        return
    lines.ignored[schema] += 1
    _attach(schema, entity_id, properties, lines)


def _datasets(entity: Mapping[str, Any]) -> tuple[str, ...]:
    named = entity.get("datasets")
    return tuple(name for name in named if isinstance(name, str)) if isinstance(named, list) else ()


def _attach(schema: str, entity_id: str, properties: Mapping[str, Any], lines: _Lines) -> None:
    if schema == "Sanction":
        for target in _texts(properties, "entity"):
            lines.programmes[target] += (*_texts(properties, "programId"), *_texts(properties, "program"))
    elif schema == "CryptoWallet":
        for target in _texts(properties, "holder"):
            lines.numbers[target] += (Identifier("wallet", key) for key in _texts(properties, "publicKey"))
    elif schema in ("Passport", "Identification"):
        kind = "passport" if schema == "Passport" else "national_id"
        for target in _texts(properties, "holder"):
            lines.numbers[target] += (Identifier(kind, text) for text in _texts(properties, "number"))
    elif schema == "Address":
        full = next(_texts(properties, "full"), "")
        if full:
            lines.places[entity_id] = Address(full, next(_codes(properties, ("country",)), ""))


def _texts(properties: Mapping[str, Any], key: str) -> Iterator[str]:
    return (value.strip() for value in properties.get(key, ()) if isinstance(value, str) and value.strip())


def _codes(properties: Mapping[str, Any], keys: Sequence[str]) -> Iterator[str]:
    return (code for key in keys for text in _texts(properties, key) if (code := country_code(text)))


def _listing(entity: Mapping[str, Any], lines: _Lines) -> Listing:
    properties, entity_id = entity["properties"], entity["id"]
    own = (*_texts(properties, "programId"), *_texts(properties, "program"))
    return Listing(
        entity_id=entity_id,
        party=_party(entity, lines),
        programmes=tuple(sorted(once((*own, *lines.programmes.get(entity_id, ()))))),
        remarks="; ".join(text for key in _PROSE for text in _texts(properties, key)),
        topics=tuple(sorted(_texts(properties, "topics"))),
    )


def _party(entity: Mapping[str, Any], lines: _Lines) -> Party:
    properties, entity_id = entity["properties"], entity["id"]
    schema = entity["schema"]
    written = (Address(text) for text in _texts(properties, "address"))
    linked = (lines.places[key] for key in _texts(properties, "addressEntity") if key in lines.places)
    numbers = (
        Identifier(kind, part.strip())
        for key, kind in _IDENTIFIERS.items()
        for text in _texts(properties, key)
        for part in text.split(";")
        if part.strip()
    )
    return Party(
        id=entity_id,
        kind=_PARTIES[schema],
        names=once(_names(entity)),
        birth_dates=once(filter(None, map(iso_date, _texts(properties, "birthDate")))),
        countries=once(_codes(properties, _COUNTRIES)),
        addresses=once((*written, *linked)),
        identifiers=once((*numbers, *lines.numbers.get(entity_id, ()))),
        websites=once(_texts(properties, "website")),
    )


def _names(entity: Mapping[str, Any]) -> Iterator[Name]:
    """The caption first, as the publisher's own choice; then each name once, at its best quality."""
    properties, seen = entity["properties"], set()
    caption = entity.get("caption")
    captions = [caption] if isinstance(caption, str) and caption in properties.get("name", ()) else []
    for quality, texts in (
        (NameQuality.PRIMARY, captions),
        *((q, _texts(properties, key)) for key, q in _NAMES.items()),
    ):
        for text in texts:
            if text not in seen:
                seen.add(text)
                yield Name(text, quality)


def _list_id(datasets: Counter[tuple[str, ...]], piece: Piece) -> tuple[str, tuple[str, ...]]:
    """The one dataset that every party names; else a name made of the file's, with a note."""
    common = set.intersection(*(set(names) for names in datasets)) if datasets else set()
    if len(common) == 1 and len(datasets) == 1:
        return next(iter(common)), ()
    stem = re.sub(r"[-_.]?\d{4}-\d{2}-\d{2}", "", piece.name.split(".", 1)[0] or piece.name)
    made = "ftm_" + re.sub(r"[^a-z0-9]+", "_", stem.lower()).strip("_")
    return made, (
        f"the parties name several datasets; the list is called {made} after its file (--as gives another name)",
    )
