"""United States lists of restricted parties that have no data file of their own, in the JSON form of a public transcription.

One shape serves them all: ``{"list_id", "extracted", "count", "entities": [{name, aliases, country, address, status,
effective_date, federal_register, notes}]}``. The publishers give no entry numbers, so ids are derived from name and country.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from vedette.base import Address, Identifier, Name, NameQuality, Party, PartyKind, Place, stable_id
from vedette.names import country_code
from vedette.watchlists.dates import day_or_none, iso_date
from vedette.watchlists.model import Listing
from vedette.watchlists.reading import ListError, Piece, Reading, json_of, once
from vedette.watchlists.written import short_form

_TEXTS = ("country", "address", "status", "effective_date", "federal_register", "notes")
_FIELDS = {"name", "aliases", *_TEXTS}
_BIRTH = re.compile(r"\bDate of birth: ([A-Za-z]+,? ?\d{0,2},? ?\d{4})")
_CREDIT_CODE = re.compile(r"\bUSCC: ([0-9A-Z]{15,18})\b")


def is_list(list_id: str, head: bytes) -> bool:
    """Whether a file says of itself that it is this list."""
    return (
        re.search(rb'^\s*\{\s*"list_id"\s*:\s*"' + re.escape(list_id.encode()) + rb'"', head.lstrip(b"\xef\xbb\xbf"))
        is not None
    )


def read_restricted(piece: Piece, *, kind: PartyKind = PartyKind.UNKNOWN, programme: str = "") -> Reading:
    """Read one list. ``kind`` is what the law behind the list says its entries are; ``programme`` tags each of them."""
    whole = json_of(piece)
    entities = whole.get("entities") if isinstance(whole, dict) else None
    if not isinstance(entities, list) or not isinstance(whole.get("list_id"), str):
        raise ListError(
            "has no list_id or no list of entities", place=Place(piece.name), remedy="Download the file again"
        )
    if whole.get("count") != len(entities):
        problem = f"says that it has {whole.get('count')} entries but holds {len(entities)}"
        raise ListError(problem, place=Place(piece.name), remedy="The file may be cut short; download it again")
    ignored: Counter[str] = Counter()
    taken: set[str] = set()
    listings = []
    for number, entity in enumerate(entities, start=1):
        row = _row(entity, number, piece)
        ignored.update(f"unknown field {key!r}" for key in entity if key not in _FIELDS)
        listings.append(_listing(row, _entity_id(whole["list_id"], row, taken), kind, programme))
    return Reading(
        listings=tuple(listings), published=day_or_none(str(whole.get("extracted", ""))), ignored=dict(ignored)
    )


def _row(entity: Any, number: int, piece: Piece) -> Mapping[str, Any]:
    """The record with blank texts instead of null. A record of another shape refuses the file."""
    place = Place(piece.name, None, f"entities[{number - 1}]")
    if not isinstance(entity, dict) or not isinstance(entity.get("name"), str) or not entity["name"].strip():
        raise ListError("a record has no name", place=place, remedy="Download the file again")
    aliases = entity.get("aliases") or []
    texts = {key: entity.get(key) or "" for key in _TEXTS}
    if not isinstance(aliases, list) or not all(isinstance(text, str) for text in (*aliases, *texts.values())):
        raise ListError("a record holds something other than texts", place=place, remedy="Download the file again")
    return {"name": entity["name"].strip(), "aliases": tuple(aliases), **texts}


def _entity_id(list_id: str, row: Mapping[str, Any], taken: set[str]) -> str:
    """Stable as long as name and country stay; the second bearer is told apart by notice, address and day."""
    base = (list_id, row["name"], row["country"])
    found = stable_id("ent", *base)
    repeat = 0
    while found in taken:
        more = (row["federal_register"], row["address"], row["effective_date"], str(repeat))
        found = stable_id("ent", *base, *more)
        repeat += 1
    taken.add(found)
    return found


def _listing(row: Mapping[str, Any], entity_id: str, kind: PartyKind, programme: str) -> Listing:
    country = country_code(row["country"]) or "" if row["country"] else ""
    address = Address(row["address"], country) if row["address"] else None
    party = Party(
        id=entity_id,
        kind=kind,
        names=once(_names(row)),
        birth_dates=once(found for text in _BIRTH.findall(row["notes"]) if (found := iso_date(text))),
        countries=(country,) if country else (),
        addresses=(address,) if address else (),
        identifiers=once(Identifier("registration", code, "CN") for code in _CREDIT_CODE.findall(row["notes"])),
    )
    remarks = "; ".join(text for text in (row["status"], row["federal_register"], row["notes"]) if text)
    return Listing(
        entity_id=entity_id,
        party=party,
        programmes=(programme,) if programme else (),
        listed_on=day_or_none(row["effective_date"]),
        remarks=remarks,
    )


def _names(row: Mapping[str, Any]) -> Iterator[Name]:
    yield Name(row["name"])
    for text in (row["name"], *row["aliases"]):
        text = text.strip()
        if text and text != row["name"]:
            yield Name(text, NameQuality.STRONG)
        yield from short_form(text)
