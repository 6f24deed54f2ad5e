"""Reads the Security Council's consolidated list from its official XML."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from xml.etree.ElementTree import Element

from vedette.base import Address, Identifier, Name, NameQuality, Party, PartyKind, Place
from vedette.names import country_code
from vedette.watchlists.dates import birth_dates, day_or_none, years
from vedette.watchlists.model import Listing
from vedette.watchlists.reading import ListError, Piece, Reading, once, xml_of

_NAME_PARTS = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
_ADDRESS_PARTS = ("STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE", "COUNTRY")
_KINDS = {"INDIVIDUAL": PartyKind.PERSON, "ENTITY": PartyKind.ORGANIZATION}
_READ = {
    *(
        "REFERENCE_NUMBER",
        "UN_LIST_TYPE",
        "LISTED_ON",
        "COMMENTS1",
        "DESIGNATION",
        "NAME_ORIGINAL_SCRIPT",
        *_NAME_PARTS,
    ),
    *("INDIVIDUAL_ALIAS", "ENTITY_ALIAS", "INDIVIDUAL_ADDRESS", "ENTITY_ADDRESS"),
    *("INDIVIDUAL_DATE_OF_BIRTH", "INDIVIDUAL_DOCUMENT"),
}
# Never read: where a person comes from (see Party). Not needed: the list's own book-keeping and honorifics.
_NEVER_READ = {"NATIONALITY", "GENDER", "INDIVIDUAL_PLACE_OF_BIRTH"}
_NOT_NEEDED = {"DATAID", "VERSIONNUM", "LIST_TYPE", "LAST_DAY_UPDATED", "SORT_KEY", "SORT_KEY_LAST_MOD", "TITLE"}
_NOT_NEEDED |= {"DELISTED_ON", "SUBMITTED_BY", "SUBMITTED_ON", "SORT_KEY_LAST_MOD", "NATIONALITY2", "ENTITY_OTHER"}
_ORIGIN_IN_PROSE = re.compile(r"\b(?:Gender|Nationality|Place of birth|POB)\s*:\s*[^.;\n]*[.;]?\s*", re.IGNORECASE)
_ASIDE = re.compile(r"\b(?:passport|identity|identification|original script|linked|date of)\b|\d", re.IGNORECASE)
_NUMBER = re.compile(r"[A-Z]{0,4}[ -]?\d[\dA-Z./-]{2,}")


def recognise(name: str, head: bytes) -> str:
    """Whether this is the Security Council's XML."""
    return "primary" if b"<CONSOLIDATED_LIST" in head and b"<!DOCTYPE" not in head else ""


def parse(pieces: Mapping[str, Piece]) -> Reading:
    """Listings by permanent reference number, with the day on which the file was generated."""
    piece = pieces["primary"]
    root = xml_of(piece)
    ignored: Counter[str] = Counter()
    listings: dict[str, Listing] = {}
    for element in (*root.iter("INDIVIDUAL"), *root.iter("ENTITY")):
        listing = _listing(element, piece, ignored)
        if listing.entity_id in listings:
            raise ListError(f"entry {listing.entity_id} stands twice", place=Place(piece.name))
        listings[listing.entity_id] = listing
    return Reading(listings=tuple(listings.values()), published=_generated(root), ignored=dict(ignored))


def _generated(root: Element) -> date | None:
    return day_or_none(root.get("dateGenerated", "")[:10])


def _listing(element: Element, piece: Piece, ignored: Counter[str]) -> Listing:
    number = _text(element, "REFERENCE_NUMBER")
    if not number:
        raise ListError(
            "an entry lacks its REFERENCE_NUMBER", place=Place(piece.name), remedy="Download the file again"
        )
    for child in element:
        if child.tag in _NEVER_READ | _READ | _NOT_NEEDED:
            continue
        ignored[f"unknown element {child.tag}"] += 1
    addresses = tuple(_addresses(element))
    party = Party(
        id=number,
        kind=_KINDS[element.tag],
        names=once(_names(element)),
        birth_dates=once(_births(element)),
        countries=once(address.country for address in addresses if address.country),
        addresses=once(addresses),
        identifiers=once(_documents(element)),
    )
    return Listing(
        entity_id=number,
        party=party,
        programmes=once(tag for tag in (_text(element, "UN_LIST_TYPE"), number.split(".")[0]) if tag),
        listed_on=day_or_none(_text(element, "LISTED_ON")[:10]),
        remarks=_remarks(element),
    )


def _text(element: Element, tag: str) -> str:
    return " ".join((element.findtext(tag) or "").split())


def _names(element: Element) -> Iterator[Name]:
    main = " ".join(part for part in (_text(element, tag) for tag in _NAME_PARTS) if part)
    if main:
        yield Name(main)
    original = _text(element, "NAME_ORIGINAL_SCRIPT")
    if original:
        yield Name(original, NameQuality.STRONG)
    for alias in (*element.iter("INDIVIDUAL_ALIAS"), *element.iter("ENTITY_ALIAS")):
        quality = NameQuality.WEAK if _text(alias, "QUALITY").lower() == "low" else NameQuality.STRONG
        yield from (Name(text, quality) for text in _written_names(_text(alias, "ALIAS_NAME")))


def _written_names(cell: str) -> Iterator[str]:
    """The names in one alias cell, which may hold several, an original script, or an aside that is no name."""
    cell = re.split(r",? born (?:in|on|\d)", cell, maxsplit=1)[0]
    asides = re.findall(r"\(([^()]*)\)?", cell)
    inner = [text for text in asides if not _ASIDE.search(text) and (text.isupper() or len(text.split()) > 1)]
    outer = re.sub(r"\([^()]*\)?", " ", cell)
    for text in (outer, *inner):
        for name in re.split(r";| [b-h]\) ", text):
            name = " ".join(name.split()).strip('"“”,) ')
            if name:
                yield name


def _births(element: Element) -> Iterator[str]:
    for birth in element.iter("INDIVIDUAL_DATE_OF_BIRTH"):
        first, last = _text(birth, "FROM_YEAR"), _text(birth, "TO_YEAR")
        if first.isdecimal() and last.isdecimal():
            yield from years(int(first), int(last))
        yield from birth_dates(_text(birth, "DATE")[:10] or _text(birth, "YEAR"))


def _addresses(element: Element) -> Iterator[Address]:
    for address in (*element.iter("INDIVIDUAL_ADDRESS"), *element.iter("ENTITY_ADDRESS")):
        text = ", ".join(part for part in (_text(address, tag) for tag in _ADDRESS_PARTS) if part)
        if text:
            yield Address(text, country_code(_text(address, "COUNTRY")) or "")


def _documents(element: Element) -> Iterator[Identifier]:
    for document in element.iter("INDIVIDUAL_DOCUMENT"):
        number = _text(document, "NUMBER")
        if any(char.isdigit() for char in number):
            country = _text(document, "ISSUING_COUNTRY") or _text(document, "COUNTRY_OF_ISSUE")
            yield Identifier(_document_kind(document), _bare_number(number), country_code(country) or "")


def _document_kind(document: Element) -> str:
    said = f"{_text(document, 'TYPE_OF_DOCUMENT2')} {_text(document, 'TYPE_OF_DOCUMENT')}".lower()
    if re.search(r"passeport|pasaporte|passport", said):
        return "passport"
    return "national_id" if re.search(r"national|identi|social security", said) else "document"


def _bare_number(text: str) -> str:
    """The number alone, where the cell wraps it into prose."""
    found = _NUMBER.findall(text) if re.search(r"[a-z]{3}", text) else []
    return found[0].strip(" .-") if len(found) == 1 else text


def _remarks(element: Element) -> str:
    posts = [" ".join((value.text or "").split()) for value in element.findall("DESIGNATION/VALUE")]
    prose = _ORIGIN_IN_PROSE.sub("", _text(element, "COMMENTS1")).strip()
    return "; ".join(part for part in (*posts, prose) if part)
