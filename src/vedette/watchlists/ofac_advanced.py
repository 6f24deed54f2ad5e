"""OFAC's advanced XML form (sdn_advanced.xml, cons_advanced.xml): parties, documents, places and entries joined by number."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from xml.etree.ElementTree import Element

from vedette.base import Address, Name, NameQuality, Party, PartyKind, Place
from vedette.names import country_code
from vedette.watchlists.dates import iso_date, years
from vedette.watchlists.model import Listing
from vedette.watchlists.ofac_remarks import read_passages
from vedette.watchlists.reading import ListError, Piece, Reading, elements_of, inner, inner_text, once

# The reference sets whose numbers are looked up here.
_REFERENCES = {"AliasType", "Country", "DetailReference", "FeatureType", "IDRegDocType", "NamePartType", "PartySubType"}
_REFERENCES |= {"PartyType", "SanctionsType"}
_RECORDS = {"DateOfIssue", "Location", "IDRegDocument", "DistinctParty", "SanctionsEntry"}
_KINDS = {
    **{"Individual": PartyKind.PERSON, "Entity": PartyKind.ORGANIZATION},
    **{"Vessel": PartyKind.VESSEL, "Aircraft": PartyKind.AIRCRAFT},
}
# Never read: where a person comes from (see Party).
_NEVER_READ = {"Place of Birth", "Nationality Country", "Citizenship Country", "Gender", "Nationality of Registration"}
_BY_OTHER_MEANS = {"Birthdate", "Location"}
_FAMILY = "Last Name"


def is_advanced(head: bytes) -> bool:
    """Whether a file begins like this form."""
    return b"<Sanctions" in head and b"<ReferenceValueSets" in head and b"<!DOCTYPE" not in head


@dataclass(slots=True)
class _Sets:
    """What has been read so far: words by number, places and documents waiting for their parties, parties by profile."""

    words: defaultdict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    kinds: dict[str, str] = field(default_factory=dict)
    places: dict[str, Address] = field(default_factory=dict)
    documents: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    listings: dict[str, Listing] = field(default_factory=dict)
    entered: int = 0
    published: date | None = None
    ignored: Counter[str] = field(default_factory=Counter)


def read_advanced(piece: Piece) -> Reading:
    """Listings by the CSV's entry numbers, with the programmes and the day of each entry."""
    sets = _Sets()
    for tag, element in elements_of(piece, _REFERENCES | _RECORDS):
        if tag in _REFERENCES:
            _take_word(tag, element, sets)
        elif tag == "DateOfIssue":
            sets.published = _day(element)
        elif tag == "Location":
            sets.places[element.get("ID", "")] = _place(element, sets)
        elif tag == "IDRegDocument":
            _take_document(element, sets)
        elif tag == "DistinctParty":
            _take_party(element, sets, piece)
        else:
            _take_entry(element, sets)
    if not sets.entered or sets.entered < len(sets.listings):
        problem = f"holds {len(sets.listings)} parties but entries for {sets.entered} of them"
        raise ListError(problem, place=Place(piece.name), remedy="The file may be cut short; download it again")
    return Reading(listings=tuple(sets.listings.values()), published=sets.published, ignored=dict(sets.ignored))


def _take_word(tag: str, element: Element, sets: _Sets) -> None:
    number = element.get("ID", "")
    if number and element.text and element.text.strip():
        sets.words[tag][number] = " ".join(element.text.split())
    if tag == "PartySubType":
        sets.kinds[number] = element.get("PartyTypeID", "")


def _day(element: Element) -> date | None:
    text = _written(element)
    return date.fromisoformat(text) if len(text) == 10 else None


def _written(element: Element) -> str:
    """Year, Month and Day as an ISO date, cut to what is there; empty where it is none."""
    parts = [inner_text(element, tag) for tag in ("Year", "Month", "Day")]
    known = [part.zfill(4 if index == 0 else 2) for index, part in enumerate(parts) if part]
    return iso_date("-".join(known))


def _place(element: Element, sets: _Sets) -> Address:
    country = ""
    for item in inner(element, "LocationCountry"):
        country = sets.words["Country"].get(item.get("CountryID") or "", "")
    parts = []
    for part in inner(element, "LocationPart"):
        values = list(inner(part, "LocationPartValue"))
        chosen = next((value for value in values if value.get("Primary") == "true"), values[0] if values else None)
        if chosen is not None and (text := inner_text(chosen, "Value")):
            parts.append(text)
    return Address(", ".join((*parts, *([country] if country else []))), country_code(country or "-") or "")


def _take_document(element: Element, sets: _Sets) -> None:
    number = inner_text(element, "IDRegistrationNo")
    word = sets.words["IDRegDocType"].get(element.get("IDRegDocTypeID", ""), "")
    if not word:
        sets.ignored["documents of an undeclared type"] += 1
    issuer = next(inner(element, "IssuedBy"), element)
    country_id = element.get("IssuedBy-CountryID") or issuer.get("CountryID") or ""
    country = sets.words["Country"].get(country_id, "")
    if number and word and word not in _NEVER_READ:
        sets.documents[element.get("IdentityID", "")].append(f"{word} {number}" + (f" ({country})" if country else ""))


def _take_party(element: Element, sets: _Sets, piece: Piece) -> None:
    number = element.get("FixedRef", "")
    profile = next(inner(element, "Profile"), None)
    if profile is None or not number.isdecimal():
        raise ListError("a party lacks number or profile", place=Place(piece.name), remedy="Download the file again")
    names, passages = once(_names(profile, sets)), list(_passages(profile, sets))
    if not names:
        raise ListError(f"party {number} has no name", place=Place(piece.name), remedy="Download the file again")
    profile_id = profile.get("ID", number)
    if profile_id in sets.listings:
        raise ListError(f"profile {profile_id} stands twice", place=Place(piece.name))
    for identity in inner(profile, "Identity"):
        passages += sets.documents.pop(identity.get("ID", ""), [])
    remarks = read_passages(passages)
    addresses = once(_addresses(profile, sets))
    party = Party(
        id=number,
        kind=_kind(profile, sets),
        names=(*names, *(name for name in remarks.names if name not in names)),
        birth_dates=once(_births(profile, sets)),
        countries=once(address.country for address in addresses if address.country),
        addresses=addresses,
        identifiers=once(remarks.identifiers),
        websites=once(remarks.websites),
    )
    sets.listings[profile_id] = Listing(entity_id=number, party=party, remarks=remarks.kept)


def _kind(profile: Element, sets: _Sets) -> PartyKind:
    """The sub-type where it is one of ours (vessel, aircraft), else the type above it (individual, entity)."""
    number = profile.get("PartySubTypeID", "")
    words = (sets.words["PartySubType"].get(number, ""), sets.words["PartyType"].get(sets.kinds.get(number, ""), ""))
    kind = next((_KINDS[word] for word in words if word in _KINDS), PartyKind.UNKNOWN)
    if kind is PartyKind.UNKNOWN:
        sets.ignored[f"party sub-type {number!r} is read as unknown"] += 1
    return kind


def _names(profile: Element, sets: _Sets) -> Iterator[Name]:
    """The primary name first; a weak alias is weak, every other script and spelling strong."""
    found: list[Name] = []
    for identity in inner(profile, "Identity"):
        groups = {
            group.get("ID", ""): sets.words["NamePartType"].get(group.get("NamePartTypeID", ""), "")
            for group in inner(identity, "NamePartGroups", "MasterNamePartGroup", "NamePartGroup")
        }
        for alias in inner(identity, "Alias"):
            found += _spellings(alias, identity.get("Primary") != "false", groups)
    yield from sorted(found, key=lambda name: name.quality is not NameQuality.PRIMARY)


def _spellings(alias: Element, of_primary: bool, groups: dict[str, str]) -> Iterator[Name]:
    quality = NameQuality.WEAK if alias.get("LowQuality") == "true" else NameQuality.STRONG
    if alias.get("Primary") == "true" and of_primary:
        quality = NameQuality.PRIMARY
    for documented in inner(alias, "DocumentedName"):
        values = list(inner(documented, "DocumentedNamePart", "NamePartValue"))
        if text := _joined([(groups.get(item.get("NamePartGroupID", ""), ""), item.text or "") for item in values]):
            yield Name(text, quality)
            quality = NameQuality.STRONG if quality is NameQuality.PRIMARY else quality


def _joined(parts: list[tuple[str, str]]) -> str:
    """One name as the CSV writes it: "FAMILY, Given"; other scripts as they stand."""
    words = [(kind, " ".join(text.split())) for kind, text in parts if text.strip()]
    family = " ".join(text for kind, text in words if kind == _FAMILY)
    rest = " ".join(text for kind, text in words if kind != _FAMILY)
    if family and rest and family[0].isascii():
        return f"{family}, {rest}"
    return " ".join(text for _, text in words)


def _features(profile: Element, sets: _Sets) -> Iterator[tuple[str, Element]]:
    for feature in inner(profile, "Feature"):
        word = sets.words["FeatureType"].get(feature.get("FeatureTypeID", ""), "")
        if not word:
            sets.ignored["features of an undeclared type"] += 1
        elif word not in _NEVER_READ:
            yield word, feature


def _passages(profile: Element, sets: _Sets) -> Iterator[str]:
    """What a feature says, as the passage that the CSV's remarks cell has for it."""
    for word, feature in _features(profile, sets):
        if word in _BY_OTHER_MEANS:
            continue
        for detail in inner(feature, "FeatureVersion", "VersionDetail"):
            said = " ".join((detail.text or "").split())
            said = said or sets.words["DetailReference"].get(detail.get("DetailReferenceID", ""), "")
            if said:
                yield said if word == "Title" else f"{word} {said}"


def _addresses(profile: Element, sets: _Sets) -> Iterator[Address]:
    for word, feature in _features(profile, sets):
        if word == "Location":
            for item in inner(feature, "FeatureVersion", "VersionLocation"):
                place = sets.places.get(item.get("LocationID", ""))
                if place and place.text:
                    yield place


def _births(profile: Element, sets: _Sets) -> Iterator[str]:
    for word, feature in _features(profile, sets):
        if word == "Birthdate":
            for period in inner(feature, "FeatureVersion", "DatePeriod"):
                yield from _period(period)


def _period(period: Element) -> Iterator[str]:
    """A day, a month, a year, or every year of a narrow range, from the first and last day that it may be."""
    first = next((_written(item) for item in inner(period, "Start", "From")), "")
    ends = [_written(item) for item in (*inner(period, "Start", "To"), *inner(period, "End", "To"))]
    last = max((text for text in ends if text), default=first)
    if not first or first == last:
        yield from filter(None, (first,))
    elif first[:7] == last[:7]:
        yield first[:7]
    elif first[:4] == last[:4]:
        yield first[:4]
    else:
        yield from years(int(first[:4]), int(last[:4]))


def _take_entry(element: Element, sets: _Sets) -> None:
    profile_id = element.get("ProfileID", "")
    listing = sets.listings.get(profile_id)
    if listing is None:
        sets.ignored["entries without a party"] += 1
        return
    tags = []
    for measure in inner(element, "SanctionsMeasure"):
        number = measure.get("SanctionsTypeID", "")
        if sets.words["SanctionsType"].get(number, "Program" if number == "1" else "") == "Program":
            tags += [inner_text(measure, "Comment")]
    days = [day for item in inner(element, "EntryEvent", "Date") if (day := _day(item))]
    sets.entered += not listing.programmes
    sets.listings[profile_id] = replace(
        listing, programmes=once((*listing.programmes, *filter(None, tags))), listed_on=min(days, default=None)
    )
