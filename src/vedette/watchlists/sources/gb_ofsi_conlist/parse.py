"""Reads the consolidated list of asset-freeze targets that OFSI published until January 2026, from its CSV of 2022."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date

from vedette.base import NameQuality, PartyKind, Place
from vedette.watchlists.dates import day_first, day_or_none
from vedette.watchlists.draft import Draft
from vedette.watchlists.numbered import numbered
from vedette.watchlists.reading import ListError, Piece, Reading, records_of

_KINDS = {"individual": PartyKind.PERSON, "entity": PartyKind.ORGANIZATION, "ship": PartyKind.VESSEL}
_NAMES = ("Name 1", "Name 2", "Name 3", "Name 4", "Name 5", "Name 6")
_ADDRESS = (*(f"Address {number}" for number in range(1, 7)), "Post/Zip Code")
_NUMBERS = {"Passport Number": "passport", "National Identification Number": "national_id"}
_REQUIRED = (*_NAMES, "DOB", "Group Type", "Alias Type", "Regime", "Group ID")


def recognise(name: str, head: bytes) -> str:
    """Whether the header is that of the consolidated list."""
    return "primary" if b"Name 6,Name 1,Name 2,Name 3," in head and b",Group ID" in head else ""


def parse(pieces: Mapping[str, Piece]) -> Reading:
    """Listings by group id: a group's rows are its names and addresses."""
    piece = pieces["primary"]
    ignored: Counter[str] = Counter()
    drafts: dict[str, Draft] = {}
    for line, row in records_of(piece, "Name 6", _REQUIRED):
        if not row["Group ID"].isdecimal():
            raise ListError("a row lacks its Group ID", place=Place(piece.name, line), remedy="Download it again")
        _take(row, drafts.setdefault(row["Group ID"], Draft(row["Group ID"])), ignored)
    nameless = next((draft.entity_id for draft in drafts.values() if not draft.names), None)
    if nameless:
        raise ListError(f"group {nameless} has no name", place=Place(piece.name), remedy="Download it again")
    listings = tuple(draft.listing() for draft in drafts.values())
    return Reading(listings=listings, published=_updated(piece), ignored=dict(ignored))


def _updated(piece: Piece) -> date | None:
    head = piece.data[:200].decode("utf-8", "replace").split("\n", 1)[0]
    return day_or_none(day_first(head.partition("Last Updated,")[2].strip(' \r",')))


def _take(row: Mapping[str, str], draft: Draft, ignored: Counter[str]) -> None:
    said = row["Group Type"].lower()
    draft.kind = _KINDS.get(said, PartyKind.UNKNOWN)
    if said not in _KINDS:
        ignored[f"group type {said!r} is new and read as unknown"] += 1
    primary = row["Alias Type"].lower().startswith("primary name") and "variation" not in row["Alias Type"].lower()
    weak = row.get("Alias Quality", "").lower() == "low"
    quality = NameQuality.PRIMARY if primary else NameQuality.WEAK if weak else NameQuality.STRONG
    draft.name([row[key] for key in _NAMES], quality)
    draft.name([row.get("Name Non-Latin Script", "")])
    draft.births += (found for text in numbered(row["DOB"]) if (found := day_first(text)))
    draft.address([row.get(key, "") for key in _ADDRESS], row.get("Country", ""))
    for column, kind in _NUMBERS.items():
        for text in numbered(row.get(column, "")):
            draft.number(kind, text)
    draft.programmes.append(row["Regime"])
    draft.listed_on = draft.listed_on or day_or_none(day_first(row.get("Listed On", "")))
    draft.remarks.append(row.get("Position", ""))
