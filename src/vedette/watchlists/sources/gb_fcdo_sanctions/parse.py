"""Reads the UK Sanctions List of the Foreign, Commonwealth and Development Office from its XML or its CSV."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from xml.etree.ElementTree import Element

from vedette.base import NameQuality, PartyKind, Place
from vedette.names import country_code
from vedette.watchlists.dates import day_first, day_or_none
from vedette.watchlists.draft import Draft
from vedette.watchlists.numbered import numbered
from vedette.watchlists.reading import ListError, Piece, Reading, elements_of, records_of

_KINDS = {"individual": PartyKind.PERSON, "entity": PartyKind.ORGANIZATION, "ship": PartyKind.VESSEL}
_NAMES = ("Name 1", "Name 2", "Name 3", "Name 4", "Name 5", "Name 6")
_ADDRESS = (*(f"Address Line {number}" for number in range(1, 7)), "Address Postal Code")
_NUMBERS = {
    "Passport number": "passport",
    "National Identifier number": "national_id",
    "Business registration number (s)": "registration",
    "IMO number": "imo",
    "Phone number": "phone",
    "Email address": "email",
}
_REQUIRED = ("Unique ID", *_NAMES, "Name type", "Regime Name", "Designation Type")
# The XML's tags, told as the CSV's columns. Nationality, birthplace and gender stand in both and are never read (see Party).
_TAGS = {
    **{f"Name{number}": f"Name {number}" for number in range(1, 7)},
    **{f"AddressLine{number}": f"Address Line {number}" for number in range(1, 7)},
    **{"NameType": "Name type", "AliasStrength": "Alias strength", "NameNonLatinScript": "Name non-latin script"},
    **{"AddressPostalCode": "Address Postal Code", "AddressCountry": "Address Country"},
    **{"UniqueID": "Unique ID", "RegimeName": "Regime Name", "IndividualEntityShip": "Designation Type"},
    **{"DateDesignated": "Date Designated", "OtherInformation": "Other Information", "DOB": "D.O.B"},
    **{"Position": "Position", "PassportNumber": "Passport number", "IMONumber": "IMO number", "Website": "Website"},
    **{"NationalIdentifierNumber": "National Identifier number", "PhoneNumber": "Phone number"},
    **{"BusinessRegistrationNumber": "Business registration number (s)", "EmailAddress": "Email address"},
    **{"UKStatementofReasons": "UK Statement of Reasons", "CurrentBelievedFlagOfShip": "Current believed flag of ship"},
}
#: Elements whose children belong together; everything else in an entry is a row of its own.
_TOGETHER = {"Name", "Address"}


def recognise(name: str, head: bytes) -> str:
    """Whether this is the Office's XML or CSV."""
    xml = b"<Designations" in head and b"<UniqueID>" in head and b"<!DOCTYPE" not in head
    csv = b"Unique ID,OFSI Group ID," in head and b"Designation Type" in head
    return "primary" if xml or csv else ""


def parse(pieces: Mapping[str, Piece]) -> Reading:
    """Listings by unique id."""
    piece = pieces["primary"]
    rows, published = _xml(piece) if b"<Designations" in piece.data[:65536] else _csv(piece)
    ignored: Counter[str] = Counter()
    drafts: dict[str, Draft] = {}
    for place, row in rows:
        number = row["Unique ID"]
        if not number:
            raise ListError("an entry lacks its unique id", place=place, remedy="Download the file again")
        _take(row, drafts.setdefault(number, Draft(number, programmes=["", number.rstrip("0123456789")])), ignored)
    nameless = next((draft.entity_id for draft in drafts.values() if not draft.names), None)
    if nameless:
        raise ListError(f"entry {nameless} has no name", place=Place(piece.name), remedy="Download the file again")
    listings = tuple(draft.listing() for draft in drafts.values())
    return Reading(listings=listings, published=published, ignored=dict(ignored))


def _csv(piece: Piece) -> tuple[Iterator[tuple[Place, dict[str, str]]], date | None]:
    rows = ((Place(piece.name, line), row) for line, row in records_of(piece, "Last Updated", _REQUIRED))
    head = piece.data[:200].decode("utf-8", "replace").lstrip("\ufeff").split("\n", 1)[0]
    return rows, day_or_none(head.partition("Report Date:")[2].strip(' \r",').replace("-", " "))


def _xml(piece: Piece) -> tuple[Iterator[tuple[Place, dict[str, str]]], date | None]:
    rows: list[tuple[Place, dict[str, str]]] = []
    published = None
    for tag, element in elements_of(piece, ("DateGenerated", "Designation")):
        if tag == "DateGenerated":
            published = day_or_none(day_first((element.text or "")[:10]))
            continue
        found = list(_rows(element))
        own = {key: value for row in found for key, value in row.items() if key in ("Unique ID", "Regime Name")}
        rows += ((Place(piece.name), {"Unique ID": "", **row, **own}) for row in found)
    return iter(rows), published


def _rows(element: Element) -> Iterator[dict[str, str]]:
    """The entry as rows: one a name and address, one for every other text."""
    for child in element:
        if child.tag in _TOGETHER:
            texts = ((_TAGS.get(part.tag, ""), " ".join((part.text or "").split())) for part in child)
            yield {key: text for key, text in texts if key}
        elif child.tag in _TAGS and (child.text or "").strip():
            yield {_TAGS[child.tag]: " ".join((child.text or "").split())}
        else:
            yield from _rows(child)


def _take(row: Mapping[str, str], draft: Draft, ignored: Counter[str]) -> None:
    said = row.get("Designation Type", "")
    if said:
        draft.kind = _KINDS.get(said.lower(), PartyKind.UNKNOWN)
        if said.lower() not in _KINDS:
            ignored[f"designation type {said!r} is new and read as unknown"] += 1
    if row.get("Regime Name"):
        draft.programmes[0] = row["Regime Name"]
    draft.name([row.get(key, "") for key in _NAMES], _quality(row))
    draft.name([row.get("Name non-latin script", "")])
    draft.address([row.get(key, "") for key in _ADDRESS], row.get("Address Country", ""))
    draft.births += (found for text in _several(row.get("D.O.B", "")) if (found := day_first(text)))
    for column, kind in _NUMBERS.items():
        for text in _several(row.get(column, "")):
            draft.number(kind, text)
    draft.websites += _several(row.get("Website", ""))
    draft.countries.append(country_code(row.get("Current believed flag of ship", "") or "-") or "")
    draft.listed_on = draft.listed_on or day_or_none(day_first(row.get("Date Designated", "")))
    draft.remarks += (row.get(key, "") for key in ("Position", "Other Information", "UK Statement of Reasons"))


def _quality(row: Mapping[str, str]) -> NameQuality:
    if row.get("Name type", "").lower() == "primary name":
        return NameQuality.PRIMARY
    return NameQuality.WEAK if "low" in row.get("Alias strength", "").lower() else NameQuality.STRONG


def _several(cell: str) -> Sequence[str]:
    return [part for whole in cell.split("|") for part in numbered(whole)]
