"""Reads the European Union's consolidated list of persons, groups and entities subject to financial sanctions (XML 1.1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from xml.etree.ElementTree import Element

from vedette.base import NameQuality, PartyKind, Place
from vedette.watchlists.dates import day_or_none, iso_date, years
from vedette.watchlists.draft import Draft
from vedette.watchlists.model import Listing
from vedette.watchlists.reading import ListError, Piece, Reading, elements_of, inner

_KINDS = {"person": PartyKind.PERSON, "enterprise": PartyKind.ORGANIZATION}
_NUMBERS = {"passport": "passport", "id": "national_id", "ssn": "national_id", "fiscalcode": "tax", "imo": "imo"}
_NUMBERS |= {
    "regnumber": "registration",
    "swiftbic": "swift",
    "ibancode": "iban",
    "tin": "tax",
    "diplpassport": "passport",
}
_READ = {"remark", "regulation", "subjectType", "nameAlias", "address", "birthdate", "identification"}
# Never read: where a person comes from (see Party).
_NEVER_READ = {"citizenship"}


def recognise(name: str, head: bytes) -> str:
    """Whether this is the Union's export."""
    found = b"<export" in head and b"http://eu.europa.ec/fpi/fsd/export" in head and b"<!DOCTYPE" not in head
    return "primary" if found else ""


def parse(pieces: Mapping[str, Piece]) -> Reading:
    """Listings by the Union's reference number, else by its logical id."""
    piece = pieces["primary"]
    ignored: Counter[str] = Counter()
    listings: dict[str, Listing] = {}
    for _, element in elements_of(piece, ("sanctionEntity",)):
        listing = _listing(element, piece, ignored)
        if listing.entity_id in listings:
            raise ListError(f"entry {listing.entity_id} stands twice", place=Place(piece.name))
        listings[listing.entity_id] = listing
    return Reading(listings=tuple(listings.values()), published=_generated(piece), ignored=dict(ignored))


def _generated(piece: Piece) -> date | None:
    head = piece.data[:4096].decode("utf-8", "replace")
    return day_or_none(head.partition('generationDate="')[2][:10])


def _listing(element: Element, piece: Piece, ignored: Counter[str]) -> Listing:
    number = element.get("euReferenceNumber") or element.get("logicalId") or ""
    if not number:
        raise ListError("an entry lacks its number", place=Place(piece.name), remedy="Download the file again")
    draft = Draft(number, listed_on=day_or_none((element.get("designationDate") or "")[:10]))
    for child in element:
        if child.tag not in _READ and child.tag not in _NEVER_READ:
            ignored[f"unknown element {child.tag}"] += 1
    _about(element, draft, ignored)
    _features(element, draft, ignored)
    if not draft.names:
        raise ListError(f"entry {number} has no name", place=Place(piece.name), remedy="Download the file again")
    return draft.listing()


def _about(element: Element, draft: Draft, ignored: Counter[str]) -> None:
    for subject in inner(element, "subjectType"):
        code = subject.get("code", "")
        draft.kind = _KINDS.get(code, PartyKind.UNKNOWN)
        if code not in _KINDS:
            ignored[f"subject type {code!r} is new and read as unknown"] += 1
    for regulation in inner(element, "regulation"):
        draft.programmes.append(regulation.get("programme", ""))
    for remark in inner(element, "remark"):
        draft.remarks.append(" ".join((remark.text or "").split()))


def _features(element: Element, draft: Draft, ignored: Counter[str]) -> None:
    for alias in inner(element, "nameAlias"):
        whole = alias.get("wholeName") or " ".join(
            alias.get(key, "") for key in ("firstName", "middleName", "lastName")
        )
        draft.name([whole], NameQuality.WEAK if alias.get("strong") == "false" else NameQuality.STRONG)
        draft.remarks.append(alias.get("function", ""))
    for place in inner(element, "address"):
        keys = ("poBox", "street", "zipCode", "city", "region", "place")
        code = place.get("countryIso2Code", "").replace("00", "")
        named = place.get("countryDescription", "").replace("UNKNOWN", "")
        draft.address((place.get(key, "") for key in keys), code or named)
    for birth in inner(element, "birthdate"):
        draft.births += _born(birth)
    for item in inner(element, "identification"):
        if item.get("knownFalse") == "true":
            ignored["documents known to be false"] += 1
            continue
        kind = _NUMBERS.get(item.get("identificationTypeCode", ""), "document")
        draft.number(kind, item.get("number") or item.get("latinNumber") or "", item.get("countryIso2Code", ""))


def _born(birth: Element) -> Iterator[str]:
    first, last = birth.get("yearRangeFrom", ""), birth.get("yearRangeTo", "")
    if first.isdecimal() and last.isdecimal():
        yield from years(int(first), int(last))
    parts = [birth.get(key, "") for key in ("year", "monthOfYear", "dayOfMonth")]
    cut = next((index for index, part in enumerate(parts) if not part.isdecimal()), 3)
    yield iso_date(birth.get("birthdate", "")) or iso_date("-".join(part.zfill(2) for part in parts[:cut]))
