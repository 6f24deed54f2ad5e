"""A person or organisation as lists and customers describe one, aligned with FollowTheMoney's words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class PartyKind(StrEnum):
    """What sort of party; ``unknown`` where the source does not say."""

    PERSON = "person"
    ORGANIZATION = "organization"
    VESSEL = "vessel"
    AIRCRAFT = "aircraft"
    UNKNOWN = "unknown"


class NameQuality(StrEnum):
    """What the source says a name is worth."""

    PRIMARY = "primary"
    STRONG = "strong"
    WEAK = "weak"


@dataclass(frozen=True, slots=True)
class Name:
    """One written form of a name, in any script, as the source wrote it."""

    text: str
    quality: NameQuality = NameQuality.PRIMARY


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number or address that identifies: ``kind`` such as passport, registration, tax, wallet, email, phone, imo."""

    kind: str
    value: str
    country: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """A place as text, with the ISO 3166 code of its country where it is known."""

    text: str
    country: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Who is meant. Countries are ISO 3166-1 alpha-2 in upper case; birth dates are ISO, cut to what is known.

    ``countries`` holds declared or listed places of a party (residence, seat, jurisdiction of registration). Birthplace,
    nationality, ethnicity and language are never read.
    """

    id: str
    kind: PartyKind = PartyKind.UNKNOWN
    names: tuple[Name, ...] = ()
    birth_dates: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    addresses: tuple[Address, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    websites: tuple[str, ...] = ()
