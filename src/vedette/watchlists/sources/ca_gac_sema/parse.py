"""Reads Canada's consolidated autonomous sanctions list from its official XML."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from vedette.base import Identifier, Name, NameQuality, Party, PartyKind, Place, stable_id
from vedette.watchlists.dates import birth_dates, day_or_none
from vedette.watchlists.model import Listing
from vedette.watchlists.reading import ListError, Piece, Reading, once, xml_of

_FIELDS = {
    *("Country", "LastName", "GivenName", "EntityOrShip", "Aliases", "Schedule", "Item", "DateOfListing"),
    *("DateOfBirthOrShipBuildDate", "ShipIMONumber", "TitleOrShip"),
}


def recognise(name: str, head: bytes) -> str:
    """Whether this is the Canadian XML."""
    return (
        "primary"
        if re.search(rb"<data-set\b", head) and b"<DateOfListing>" in head and b"<!DOCTYPE" not in head
        else ""
    )


def parse(pieces: Mapping[str, Piece]) -> Reading:
    """Listings. The publisher gives no ids: they come from regulation, schedule, item and name."""
    piece = pieces["primary"]
    ignored: Counter[str] = Counter()
    listings: list[Listing] = []
    taken: set[str] = set()
    for record in xml_of(piece).iter("record"):
        ignored.update(f"unknown element {child.tag}" for child in record if child.tag not in _FIELDS)
        row = {tag: " ".join((record.findtext(tag) or "").split()) for tag in sorted(_FIELDS)}
        listings.append(_listing(row, taken, piece))
    return Reading(listings=tuple(listings), ignored=dict(ignored))


def _listing(row: Mapping[str, str], taken: set[str], piece: Piece) -> Listing:
    regime = row["Country"].split(" / ")[0]
    kind = _kind(row)
    names = once(_names(row))
    if not names:
        raise ListError(f"item {row['Item']} of {regime} has no name", place=Place(piece.name))
    entity_id = _entity_id((regime, row["Schedule"], row["Item"], names[0].text), taken)
    born = birth_dates(row["DateOfBirthOrShipBuildDate"]) if kind is PartyKind.PERSON else ()
    imo = row["ShipIMONumber"]
    party = Party(
        id=entity_id,
        kind=kind,
        names=names,
        birth_dates=born,
        identifiers=(Identifier("imo", imo),) if imo else (),
    )
    return Listing(
        entity_id=entity_id,
        party=party,
        programmes=(regime,),
        listed_on=day_or_none(row["DateOfListing"]),
        remarks="; ".join(
            part for part in (f"Schedule {row['Schedule']}, item {row['Item']}", row["TitleOrShip"]) if part
        ),
    )


def _entity_id(parts: tuple[str, ...], taken: set[str]) -> str:
    found, repeat = stable_id("ent", *parts), 0
    while found in taken:
        repeat += 1
        found = stable_id("ent", *parts, str(repeat))
    taken.add(found)
    return found


def _kind(row: Mapping[str, str]) -> PartyKind:
    if row["ShipIMONumber"]:
        return PartyKind.VESSEL
    return PartyKind.ORGANIZATION if row["EntityOrShip"] else PartyKind.PERSON


def _names(row: Mapping[str, str]) -> Iterator[Name]:
    person = " ".join(part for part in (row["GivenName"], row["LastName"]) if part)
    main = row["EntityOrShip"].split(" / ") if row["EntityOrShip"] else [person]
    yield from (Name(text.strip()) for text in main if text.strip())
    for alias in re.split(r"\s*;\s*|\s+/\s+", row["Aliases"]):
        if alias.strip():
            yield Name(alias.strip(), NameQuality.STRONG)
