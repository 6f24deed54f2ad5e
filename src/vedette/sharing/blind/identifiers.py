"""Identifiers in the one form that every participant computes alike, and the kinds that may be asked about at all."""

from __future__ import annotations

import re
from collections.abc import Callable

from vedette.accounts.contacts import mailbox, plain, telephone
from vedette.base import VedetteError
from vedette.screening.identifiers import wallet

#: Kinds that would make a blind match a search for persons by name.
NEVER = frozenset({"name", "birth_date", "name_birth_date", "address", "ip"})
_LONGEST = 300
_DEVICE = re.compile(r"[a-z0-9][a-z0-9._:-]{7,127}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_SEPARATORS = re.compile(r"[^0-9A-Z]")


class IdentifierRefused(VedetteError):
    """A kind that is never matched, or a value with no normal form."""


def normal(kind: str, value: str, country: str = "") -> str:
    """The normal form of an identifier. Raises IdentifierRefused, never repeating the value.

    E-mail: the mailbox as delivered; phone: E.164, read by the country's rules only where no calling code is written;
    wallet: hexadecimal ones in lower case; device: lower case; registration: ``CC:NUMBER``.
    """
    if kind in NEVER:
        raise IdentifierRefused(
            f"identifiers of kind {kind!r} are never matched blindly", remedy="Names and birth dates find namesakes"
        )
    if kind not in _FORMS:
        raise IdentifierRefused("unknown kind of identifier", remedy=f"One of: {', '.join(KINDS)}")
    form, place = _FORMS[kind], country.strip().upper()
    found = form(plain(value), place) if len(value) <= _LONGEST else ""
    # A form that is not its own normal form would be another identifier at the next house.
    if not found or form(plain(found), place) != found:
        raise IdentifierRefused(f"is no {kind} that can be compared", remedy=_REMEDIES[kind])
    return found


def _email(value: str, _country: str) -> str:
    found = mailbox(value)
    return "" if found is None else found.canonical


def _phone(value: str, country: str) -> str:
    found = telephone(value, country)
    return found.number if found is not None and found.number.startswith("+") else ""


def _wallet(value: str, _country: str) -> str:
    found = wallet(value)
    return found if 20 <= len(found) and found.isascii() and found.isalnum() else ""


def _device(value: str, _country: str) -> str:
    found = value.casefold()
    return found if _DEVICE.fullmatch(found) else ""


def _registration(value: str, country: str) -> str:
    prefix, _, rest = value.upper().partition(":")
    place, number = (prefix, rest) if rest and _COUNTRY.fullmatch(prefix) else (country, value.upper())
    digits = _SEPARATORS.sub("", number)
    fits = _COUNTRY.fullmatch(place) and len(digits) >= 5 and any(letter.isdigit() for letter in digits)
    return f"{place}:{digits}" if fits else ""


_FORMS: dict[str, Callable[[str, str], str]] = {
    "email": _email,
    "phone": _phone,
    "wallet": _wallet,
    "device": _device,
    "registration": _registration,
}
_REMEDIES = {
    "email": "Write one address, such as ann@example.com",
    "phone": "Write it with its calling code, such as +1 202 555 0100, or name the country",
    "wallet": "Write one wallet address of at least 20 letters and digits",
    "device": "Write the identifier or its hash, 8 to 128 characters",
    "registration": "Write it with its country, such as GB:01234567",
}
KINDS = tuple(_FORMS)
