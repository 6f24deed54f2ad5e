"""Reads the Consolidated Screening List of trade.gov from its CSV or its JSON."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from vedette.base import NameQuality, PartyKind, Place
from vedette.watchlists.dates import birth_dates, day_or_none, iso_date
from vedette.watchlists.draft import Draft
from vedette.watchlists.ofac_remarks import read_passages
from vedette.watchlists.reading import ListError, Piece, Reading, json_of, records_of

_FIRST = "_id,source,entity_number,type,programs,name,"
_REQUIRED = ("_id", "source", "type", "programs", "name", "addresses", "alt_names")
_KINDS = {
    **{"individual": PartyKind.PERSON, "entity": PartyKind.ORGANIZATION},
    **{"vessel": PartyKind.VESSEL, "aircraft": PartyKind.AIRCRAFT, "": PartyKind.UNKNOWN},
}
# Nationalities, citizenships and places of birth stand in both forms and are never read (see Party).
_PLACE = ("address", "city", "state", "postal_code")
_COUNTRY = re.compile(r",\s*([A-Z]{2})$")
_PROSE = ("title", "federal_register_notice", "license_requirement", "license_policy", "remarks")
_ORIGIN = re.compile(r"^(?:nationality|citizen|pob|place of birth|gender)\b", re.IGNORECASE)


def recognise(name: str, head: bytes) -> str:
    """Whether this is the CSV or the JSON."""
    start = head.lstrip(b"\xef\xbb\xbf \r\n\t")
    json = start[:1] == b"{" and b'"results"' in start and b'"alt_names"' in start and b'"source"' in start
    return "primary" if start.startswith(_FIRST.encode()) or json else ""


def parse(pieces: Mapping[str, Piece]) -> Reading:
    """Listings by the compilation's own id; the first programme is the member list that an entry comes from."""
    piece = pieces["primary"]
    rows = _json(piece) if piece.data.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"{" else _csv(piece)
    ignored: Counter[str] = Counter()
    drafts: dict[str, Draft] = {}
    for place, row in rows:
        draft = _draft(row, place, ignored)
        if draft.entity_id in drafts:
            raise ListError(f"entry {draft.entity_id} stands twice", place=place, remedy="Download the file again")
        drafts[draft.entity_id] = draft
    return Reading(listings=tuple(draft.listing() for draft in drafts.values()), ignored=dict(ignored))


def _csv(piece: Piece) -> Iterator[tuple[Place, dict[str, Any]]]:
    for line, row in records_of(piece, "_id", _REQUIRED):
        several = {
            key: _split(row.get(key, "")) for key in ("programs", "addresses", "alt_names", "dates_of_birth", "ids")
        }
        yield Place(piece.name, line), {**row, **several}


def _split(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]


def _json(piece: Piece) -> Iterator[tuple[Place, dict[str, Any]]]:
    whole = json_of(piece)
    results = whole.get("results")
    if not isinstance(results, list):
        raise ListError("has no list of results", place=Place(piece.name), remedy="Download the file again")
    for number, row in enumerate(results):
        place = Place(piece.name, None, f"results[{number}]")
        if not isinstance(row, dict):
            raise ListError("a result is no object", place=place, remedy="Download the file again")
        yield place, {("_id" if key == "id" else key): value for key, value in row.items() if value is not None}


def _text(row: Mapping[str, Any], key: str) -> str:
    value = row.get(key, "")
    return " ".join(str(value).split()) if isinstance(value, (str, int, float)) else ""


def _list(row: Mapping[str, Any], key: str) -> Sequence[Any]:
    value = row.get(key, ())
    return value if isinstance(value, list) else [value] if value else []


def _texts(row: Mapping[str, Any], key: str) -> list[str]:
    return [" ".join(item.split()) for item in _list(row, key) if isinstance(item, str) and item.strip()]


def _draft(row: Mapping[str, Any], place: Place, ignored: Counter[str]) -> Draft:
    number, name, said = _text(row, "_id"), _text(row, "name"), _text(row, "type").lower()
    if not number or not name or not _text(row, "source"):
        raise ListError("an entry lacks its id, source or name", place=place, remedy="Download the file again")
    if said not in _KINDS:
        ignored[f"type {said!r} is new and read as unknown"] += 1
    draft = Draft(number, _KINDS.get(said, PartyKind.UNKNOWN), listed_on=day_or_none(_text(row, "start_date")))
    draft.programmes += (_text(row, "source"), *_texts(row, "programs"))
    draft.name([name], NameQuality.PRIMARY)
    for alias in _texts(row, "alt_names"):
        draft.name([alias])
    for born in _texts(row, "dates_of_birth"):
        draft.births += birth_dates(born) or (iso_date(born[:10]),)
    _addresses(row, draft)
    _numbers(row, draft)
    draft.remarks += (text for key in _PROSE if (text := _text(row, key)) and not _ORIGIN.match(text))
    return draft


def _addresses(row: Mapping[str, Any], draft: Draft) -> None:
    for item in _list(row, "addresses"):
        if isinstance(item, dict):
            draft.address([_text(item, key) for key in _PLACE], _text(item, "country"))
        elif isinstance(item, str):
            found = _COUNTRY.search(item.strip())
            draft.address([item[: found.start()] if found else item], found[1] if found else "")


def _numbers(row: Mapping[str, Any], draft: Draft) -> None:
    passages = []
    for item in _list(row, "ids"):
        words = (
            [_text(item, key) for key in ("type", "number", "country")] if isinstance(item, dict) else item.split(",")
        )
        kind, number, country = (*(str(word).strip() for word in words), "", "")[:3] if words else ("", "", "")
        passages.append(f"{kind} {number}" + (f" ({country})" if country else ""))
    found = read_passages(passages)
    draft.identifiers += found.identifiers
    draft.websites += found.websites
    draft.number("call_sign", _text(row, "call_sign"))
