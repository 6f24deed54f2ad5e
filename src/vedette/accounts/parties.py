"""Customers and owners as parties, in the words that screening compares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from vedette.accounts.model import OwnerParty
from vedette.accounts.places import country_of
from vedette.base import Address, Identifier, Name, NameQuality, Party, PartyKind


def party_of(party_id: str, fields: Mapping[str, Any]) -> Party:
    """The party that a customer's fields (DESIGN section 4, ``accounts.*``) describe."""
    country = country_of(_text(fields, "country")) or ""
    address = _text(fields, "address")
    website = _text(fields, "website")
    return Party(
        id=party_id,
        kind=_kind(_text(fields, "kind")),
        names=tuple(_names(fields, "name", "name_native")),
        birth_dates=_filled(_text(fields, "birth_date")),
        countries=_filled(country),
        addresses=(Address(address, country),) if address else (),
        identifiers=tuple(_identifiers(fields, country)),
        websites=_filled(website),
    )


def owner_of(account_id: str, fields: Mapping[str, Any]) -> OwnerParty:
    """The owner that a row of ``owners.*`` describes."""
    owner_id = _text(fields, "owner_id")
    party = Party(
        id=f"{account_id}/{owner_id}",
        kind=_kind(_text(fields, "owner_kind")),
        names=tuple(_names(fields, "owner_name", "owner_name_native")),
        birth_dates=_filled(_text(fields, "birth_date")),
        countries=_filled(country_of(_text(fields, "country")) or ""),
    )
    return OwnerParty(
        account_id=account_id,
        owner_id=owner_id,
        parent_owner_id=_text(fields, "parent_owner_id"),
        share_min=_share(fields.get("share_min")),
        share_max=_share(fields.get("share_max")),
        control=_text(fields, "control"),
        party=party,
    )


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    return "" if value is None else str(value).strip()


def _filled(text: str) -> tuple[str, ...]:
    return (text,) if text else ()


def _kind(text: str) -> PartyKind:
    return {"person": PartyKind.PERSON, "organization": PartyKind.ORGANIZATION}.get(text.casefold(), PartyKind.UNKNOWN)


def _names(fields: Mapping[str, Any], main: str, native: str) -> Iterator[Name]:
    first, second = _text(fields, main), _text(fields, native)
    if first:
        yield Name(first)
    if second and second != first:
        yield Name(second, NameQuality.STRONG if first else NameQuality.PRIMARY)


def _identifiers(fields: Mapping[str, Any], country: str) -> Iterator[Identifier]:
    for name, kind in (("email", "email"), ("phone", "phone"), ("registration_number", "registration")):
        text = _text(fields, name)
        if text:
            yield Identifier(kind, text, "" if kind == "email" else country)


def _share(value: Any) -> float | None:
    try:
        return None if value is None or value == "" else float(value)
    except (TypeError, ValueError):
        return None
