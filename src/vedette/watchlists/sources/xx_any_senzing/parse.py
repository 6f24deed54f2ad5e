"""Reads records in Senzing's JSON form, as an array or one object a line, of any publisher."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from vedette.base import NameQuality, PartyKind, Place
from vedette.names import country_code
from vedette.watchlists.dates import birth_dates
from vedette.watchlists.draft import Draft
from vedette.watchlists.reading import ListError, Piece, Reading, json_lines_of, json_of

_KINDS = {
    **{"PERSON": PartyKind.PERSON, "ORGANIZATION": PartyKind.ORGANIZATION, "COMPANY": PartyKind.ORGANIZATION},
    **{"VESSEL": PartyKind.VESSEL, "AIRCRAFT": PartyKind.AIRCRAFT},
}
_PERSON = ("NAME_PREFIX", "NAME_FIRST", "NAME_MIDDLE", "NAME_LAST", "NAME_SUFFIX")
_PLACE = ("ADDR_LINE1", "ADDR_LINE2", "ADDR_LINE3", "ADDR_CITY", "ADDR_STATE", "ADDR_POSTAL_CODE")
_NUMBERS = {
    "PASSPORT_NUMBER": ("passport", "PASSPORT_COUNTRY"),
    "NATIONAL_ID_NUMBER": ("national_id", "NATIONAL_ID_COUNTRY"),
    "SSN_NUMBER": ("national_id", ""),
    "TAX_ID_NUMBER": ("tax", "TAX_ID_COUNTRY"),
    "DRIVERS_LICENSE_NUMBER": ("drivers_licence", ""),
    "LEI_NUMBER": ("lei", ""),
    "DUNS_NUMBER": ("duns", ""),
    "OTHER_ID_NUMBER": ("document", "OTHER_ID_COUNTRY"),
    "PHONE_NUMBER": ("phone", ""),
    "EMAIL_ADDRESS": ("email", ""),
    "IMO_NUMBER": ("imo", ""),
}
_COUNTRIES = ("REGISTRATION_COUNTRY", "COUNTRY_OF_ASSOCIATION")
_SIDE = {"DATA_SOURCE", "RECORD_ID", "RECORD_TYPE", "NAME_TYPE", "NAME_FULL", "NAME_ORG", "ADDR_FULL", "ADDR_TYPE"}
_SIDE |= {"ADDR_COUNTRY", "DATE_OF_BIRTH", "WEBSITE_ADDRESS", "PHONE_TYPE", "DRIVERS_LICENSE_STATE", "OTHER_ID_TYPE"}
_READ = _SIDE | {*_PERSON, *_PLACE, *_COUNTRIES, *_NUMBERS, *(key for _, key in _NUMBERS.values() if key)}
# Never read: where a person comes from (see Party).
_NEVER_READ = {"NATIONALITY", "CITIZENSHIP", "PLACE_OF_BIRTH", "GENDER", "ETHNICITY"}
_DEPTH = 4


def recognise(name: str, head: bytes) -> str:
    """Whether the first record has Senzing's keys."""
    start = head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1]
    return "primary" if start in (b"{", b"[") and b'"RECORD_ID"' in head and b'"DATA_SOURCE"' in head else ""


def parse(pieces: Mapping[str, Piece]) -> Reading:
    """Listings by record id; the list is called after the one data source that all records name."""
    piece = pieces["primary"]
    ignored: Counter[str] = Counter()
    drafts: dict[str, Draft] = {}
    origins: Counter[str] = Counter()
    for number, record in _records(piece):
        place = Place(piece.name, number if piece.data.lstrip()[:1] == b"{" else None, f"record {number}")
        draft = _draft(record, place, ignored)
        if draft.entity_id in drafts:
            raise ListError(f"record {draft.entity_id} stands twice", place=place, remedy="Merge the records first")
        drafts[draft.entity_id] = draft
        origins[str(record.get("DATA_SOURCE", ""))] += 1
    listings = tuple(draft.listing() for draft in drafts.values())
    list_id, notes = _list_id(origins)
    return Reading(listings=listings, ignored=dict(ignored), list_id=list_id, notes=notes)


def _records(piece: Piece) -> Iterator[tuple[int, dict[str, Any]]]:
    if piece.data.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] != b"[":
        yield from json_lines_of(piece)
        return
    whole = json_of(piece)
    for number, record in enumerate(whole, start=1):
        if not isinstance(record, dict):
            raise ListError("a record is no object", place=Place(piece.name, None, f"record {number}"))
        yield number, record


def _draft(record: Mapping[str, Any], place: Place, ignored: Counter[str]) -> Draft:
    number = record.get("RECORD_ID")
    if not isinstance(number, (str, int)) or not str(number).strip():
        raise ListError("a record lacks its RECORD_ID", place=place, remedy="Export it again")
    draft = Draft(str(number).strip())
    for part in _parts(record, _DEPTH):
        ignored.update(f"unknown field {key!r}" for key in part if key not in _READ and key not in _NEVER_READ)
        _take(part, draft)
    if not draft.names:
        raise ListError(f"record {draft.entity_id} has no name", place=place, remedy="Export it again")
    return draft


def _parts(record: Mapping[str, Any], depth: int) -> Iterator[dict[str, str]]:
    """The record's own texts, then those of each object inside its lists (NAMES, ADDRESSES, FEATURES ...)."""
    yield {
        key: " ".join(str(value).split())
        for key, value in record.items()
        if isinstance(value, (str, int, float)) and not isinstance(value, bool)
    }
    for value in record.values():
        for item in value if isinstance(value, list) and depth else ():
            if isinstance(item, dict):
                yield from _parts(item, depth - 1)


def _take(part: Mapping[str, str], draft: Draft) -> None:
    kind = _KINDS.get(part.get("RECORD_TYPE", "").upper())
    draft.kind = kind or draft.kind
    quality = NameQuality.PRIMARY if part.get("NAME_TYPE", "").upper() == "PRIMARY" else NameQuality.STRONG
    for words in ([part.get("NAME_FULL", "")], [part.get("NAME_ORG", "")], [part.get(key, "") for key in _PERSON]):
        draft.name(words, quality)
    draft.births += birth_dates(part.get("DATE_OF_BIRTH", ""))
    where = [part["ADDR_FULL"]] if part.get("ADDR_FULL") else [part.get(key, "") for key in _PLACE]
    draft.address(where, part.get("ADDR_COUNTRY", ""))
    draft.countries += (country_code(part[key]) or "" for key in _COUNTRIES if part.get(key))
    for key, (word, country) in _NUMBERS.items():
        draft.number(word, part.get(key, ""), part.get(country, ""))
    draft.websites.append(part.get("WEBSITE_ADDRESS", ""))


def _list_id(origins: Counter[str]) -> tuple[str, tuple[str, ...]]:
    made = re.sub(r"[^a-z0-9]+", "_", next(iter(origins), "").lower()).strip("_")
    if len(origins) == 1 and made:
        return f"senzing_{made}"[:64], ()
    return "senzing_mixed", ("the records name several data sources, or none; --as gives the list a name",)
