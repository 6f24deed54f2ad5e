"""Numbers and addresses that identify a party, in one normal form, and what it means to share one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from vedette.base import Identifier, Party
from vedette.screening.model import Feature, Outcome

_PLAIN = re.compile(r"[^0-9A-Z]+")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_HEX_WALLET = re.compile(r"0x[0-9a-f]{40}", re.IGNORECASE)
_IMO = re.compile(r"\d{7}")
_SHORTEST_NUMBER = 5
_LONGEST = 200

# Registers call the same number by different names; numbers are compared within a group only.
_GROUPS = {
    "passport": "document",
    "national_id": "document",
    "drivers_licence": "document",
    "registration": "company number",
    "tax": "company number",
    "uei": "company number",
    "duns": "company number",
    "lei": "lei",
    "swift": "swift",
    "mmsi": "mmsi",
    "tail_number": "tail number",
}
# Unique in the whole world by construction: sharing one says who it is without any name.
_WORLDWIDE = frozenset({"email", "phone", "wallet", "imo", "lei", "swift"})


@dataclass(frozen=True, slots=True)
class Tag:
    """An identifier in normal form. ``country`` is that of the issuer, empty where unknown."""

    group: str
    value: str
    country: str = ""

    @property
    def key(self) -> str:
        """The form under which it is indexed."""
        return f"{self.group}:{self.value}"


def tags(party: Party) -> tuple[Tag, ...]:
    """Every identifier of a party that can be compared, in normal form, without repeats."""
    region = party.countries[0] if party.countries else ""
    return tuple(dict.fromkeys(_tags(party.identifiers, region)))


def _tags(identifiers: Iterable[Identifier], region: str) -> Iterator[Tag]:
    for identifier in identifiers:
        tag = normal(identifier, region)
        if tag:
            yield tag


def normal(identifier: Identifier, region: str = "") -> Tag | None:
    """One identifier in normal form, or None where it is too short or malformed to compare.

    ``region`` is the country whose dialling rules hold for a phone number written without its country code.
    """
    kind, value, country = identifier.kind, identifier.value.strip(), identifier.country
    if not value or len(value) > _LONGEST:
        return None
    if kind == "email":
        return Tag("email", value.casefold()) if _EMAIL.fullmatch(value) else None
    if kind == "phone":
        number = phone(value, country or region)
        return Tag("phone", number) if number else None
    if kind == "wallet":
        return Tag("wallet", wallet(value))
    if kind == "imo":
        found = _IMO.search(value)
        return Tag("imo", found[0]) if found else None
    return _number(kind, value, country)


def _number(kind: str, value: str, country: str) -> Tag | None:
    plain = _PLAIN.sub("", value.upper())
    if kind not in _GROUPS or len(plain) < _SHORTEST_NUMBER or not any(char.isdigit() for char in plain):
        return Tag("swift", plain) if kind == "swift" and len(plain) in (8, 11) else None
    return Tag(_GROUPS[kind], plain, country)


def wallet(address: str) -> str:
    """A wallet address as compared: hexadecimal ones in lower case, all others to the letter."""
    address = address.strip()
    return address.lower() if _HEX_WALLET.fullmatch(address) else address


def phone(text: str, region: str) -> str:
    """A phone number in E.164, or empty where it is none. "+1 850" is Florida, "+850" is not."""
    import phonenumbers

    try:
        number = phonenumbers.parse(text, region or None)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def compare_identifiers(customer: Iterable[Tag], listed: Iterable[Tag], name_score: float) -> Iterator[Feature]:
    """A feature for each kind of identifier that agrees or, for a company number or LEI, differs.

    A number of a national register identifies only where the issuers agree or the name does not speak against it: short
    numbers recur in other countries' registers.
    """
    mine: dict[str, set[Tag]] = {}
    for tag in customer:
        mine.setdefault(tag.group, set()).add(tag)
    theirs: dict[str, set[Tag]] = {}
    for tag in listed:
        theirs.setdefault(tag.group, set()).add(tag)
    for group in sorted(mine.keys() & theirs.keys()):
        yield _shared(group, mine[group], theirs[group], name_score)


def _shared(group: str, mine: set[Tag], theirs: set[Tag], name_score: float) -> Feature:
    pairs = [(a, b) for a in mine for b in theirs if a.value == b.value and _issuers_agree(a, b) is not False]
    if not pairs:
        return _different(group, mine, theirs)
    if group in _WORLDWIDE:
        return Feature(group, Outcome.AGREES, f"{group} is the listed one", bits=30, pull=0.9, proof=True)
    same_issuer = any(_issuers_agree(a, b) for a, b in pairs)
    proof = same_issuer or name_score >= 0.6
    text = f"{group} has the listed value" + (", same issuer" if same_issuer else ", issuer not known on both sides")
    return Feature(group, Outcome.AGREES, text, bits=24 if proof else 8, pull=0.85 if proof else 0.3, proof=proof)


def _issuers_agree(one: Tag, other: Tag) -> bool | None:
    """None where either issuer is unknown."""
    return one.country == other.country if one.country and other.country else None


def _different(group: str, mine: set[Tag], theirs: set[Tag]) -> Feature:
    """A party has many e-mails, phones and documents, but hardly two company numbers of one register."""
    comparable = any(_issuers_agree(a, b) and len(a.value) == len(b.value) for a in mine for b in theirs)
    if group == "company number" and comparable:
        return Feature(group, Outcome.DIFFERS, f"{group} of the same country differs", bits=-4, pull=-0.15)
    if group in ("lei", "imo"):
        return Feature(group, Outcome.DIFFERS, f"{group} differs", bits=-6, pull=-0.25)
    return Feature(group, Outcome.ABSENT, f"no {group} in common")
