"""OFAC's older XML form (sdn.xml, consolidated.xml): one element an entry, holding what the CSV spreads over four files."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from xml.etree.ElementTree import Element

from vedette.base import Address, Identifier, Name, NameQuality, Party, PartyKind, Place
from vedette.names import country_code
from vedette.watchlists.dates import day_or_none
from vedette.watchlists.model import Listing
from vedette.watchlists.ofac_remarks import Remarks, read_passages
from vedette.watchlists.reading import ListError, Piece, Reading, elements_of, inner, inner_text, once

_KINDS = {
    "Individual": PartyKind.PERSON,
    "Entity": PartyKind.ORGANIZATION,
    "Vessel": PartyKind.VESSEL,
    "Aircraft": PartyKind.AIRCRAFT,
}
_STREET = ("address1", "address2", "address3", "city")
_READ = {
    *("uid", "firstName", "lastName", "title", "sdnType", "remarks", "programList", "idList", "akaList", "addressList"),
    *("dateOfBirthList", "vesselInfo"),
}
# Never read: where a person comes from (see Party).
_NEVER_READ = {"nationalityList", "citizenshipList", "placeOfBirthList"}


def is_xml(head: bytes) -> bool:
    """Whether a file begins like this form."""
    return b"<sdnList" in head and b"<!DOCTYPE" not in head


def names_consolidated(head: bytes) -> bool:
    """Whether the first entries are of the oldest non-SDN programme, with which the consolidated file begins."""
    return b"<program>NS-PLC</program>" in head


def read_xml(piece: Piece) -> Reading:
    """Listings by the CSV's entry numbers. A file that holds another count than it states is refused."""
    listings: dict[str, Listing] = {}
    ignored: Counter[str] = Counter()
    published: date | None = None
    stated = ""
    for tag, element in elements_of(piece, ("publshInformation", "sdnEntry")):
        if tag == "publshInformation":
            published = day_or_none(inner_text(element, "Publish_Date"))
            stated = inner_text(element, "Record_Count")
            continue
        listing = _listing(element, piece, ignored)
        if listing.entity_id in listings:
            raise ListError(f"entry {listing.entity_id} stands twice", place=Place(piece.name))
        listings[listing.entity_id] = listing
    if stated and stated != str(len(listings)):
        problem = f"says that it has {stated} entries but holds {len(listings)}"
        raise ListError(problem, place=Place(piece.name), remedy="The file may be cut short; download it again")
    return Reading(listings=tuple(listings.values()), published=published, ignored=dict(ignored))


def _listing(element: Element, piece: Piece, ignored: Counter[str]) -> Listing:
    number, kind = inner_text(element, "uid"), inner_text(element, "sdnType")
    if not number.isdecimal() or not inner_text(element, "lastName"):
        raise ListError("an entry lacks its uid or name", place=Place(piece.name), remedy="Download the file again")
    for child in element:
        if child.tag not in _READ and child.tag not in _NEVER_READ:
            ignored[f"unknown element {child.tag}"] += 1
    if kind not in _KINDS:
        ignored[f"kind {kind!r} is new and read as unknown"] += 1
    remarks = read_passages(tuple(_passages(element)))
    party = _party(element, number, _KINDS.get(kind, PartyKind.UNKNOWN), remarks)
    title = inner_text(element, "title")
    programmes = once(" ".join((item.text or "").split()) for item in inner(element, "programList", "program"))
    return Listing(
        entity_id=number,
        party=party,
        programmes=tuple(filter(None, programmes)),
        remarks="; ".join(part for part in (title, remarks.kept) if part),
    )


def _party(element: Element, number: str, kind: PartyKind, remarks: Remarks) -> Party:
    addresses = once(_addresses(element))
    flag = country_code(inner_text(element, "vesselInfo", "vesselFlag") or "-")
    sign = inner_text(element, "vesselInfo", "callSign")
    aliases = (_alias(aka) for aka in inner(element, "akaList", "aka"))
    return Party(
        id=number,
        kind=kind,
        names=once((Name(_name(element)), *filter(None, aliases), *remarks.names)),
        birth_dates=once(remarks.birth_dates),
        countries=once(code for code in (flag, *(address.country for address in addresses)) if code),
        addresses=addresses,
        identifiers=once((*([Identifier("call_sign", sign)] if sign else []), *remarks.identifiers)),
        websites=once(remarks.websites),
    )


def _name(element: Element) -> str:
    return ", ".join(part for part in (inner_text(element, "lastName"), inner_text(element, "firstName")) if part)


def _alias(aka: Element) -> Name | None:
    text = _name(aka)
    quality = NameQuality.WEAK if inner_text(aka, "category").lower() == "weak" else NameQuality.STRONG
    return Name(text, quality) if text else None


def _addresses(element: Element) -> Iterator[Address]:
    for address in inner(element, "addressList", "address"):
        region = f"{inner_text(address, 'stateOrProvince')} {inner_text(address, 'postalCode')}".strip()
        parts = [*(inner_text(address, tag) for tag in _STREET), region, inner_text(address, "country")]
        if text := ", ".join(part for part in parts if part):
            yield Address(text, country_code(parts[-1]) or "" if parts[-1] else "")


def _passages(element: Element) -> Iterator[str]:
    """Births, numbers and remarks, each as the passage that the CSV's remarks cell has for it."""
    for birth in inner(element, "dateOfBirthList", "dateOfBirthItem"):
        yield f"DOB {inner_text(birth, 'dateOfBirth')}"
    for item in inner(element, "idList", "id"):
        country = inner_text(item, "idCountry")
        where = f"({country})" if country else ""
        words = (inner_text(item, "idType"), inner_text(item, "idNumber"), where)
        yield " ".join(word for word in words if word)
    yield from (part for part in re.split(r";\s+", inner_text(element, "remarks")) if part)
