"""From a customer's fields to what the lake may hold: plain columns, texts to be made tokens, and name parts.

The texts here are normalised so that equal things give equal tokens. Token kinds, for every room that compares with
these columns: ``name`` is ``" ".join(names.parts(text))``, ``name_part`` each of those parts, ``email`` an address in
small letters, ``phone`` E.164, ``birth_date`` an ISO day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from vedette.accounts.contacts import mailbox, rows, telephone, website
from vedette.accounts.zones import offsets, zone_name
from vedette.events.agents import family
from vedette.names import fold, parts

TOKEN_KINDS: Mapping[str, str] = {
    "name_token": "name",
    "name_native_token": "name",
    "owner_name_token": "name",
    "owner_name_native_token": "name",
    "email_token": "email",
    "email_canonical_token": "email",
    "email_stem_token": "email_stem",
    "phone_token": "phone",
    "recovery_email_token": "email",
    "recovery_phone_token": "phone",
    "address_token": "address",
    "birth_date_token": "birth_date",
    "document_token": "document",
    "registration_token": "registration",
    "website_token": "website",
}

_AS_THEY_ARE = (
    "account_id",
    "opened_us",
    "closed_us",
    "status",
    "kind",
    "country",
    "signup_ip",
    "signup_device_id",
    "signup_user_agent",
    "referrer_account_id",
    "reseller_id",
    "id_document_type",
    "id_document_country",
    "verification_status",
)
_OWNER_AS_THEY_ARE = (
    "account_id",
    "owner_id",
    "parent_owner_id",
    "owner_kind",
    "country",
    "share_min",
    "share_max",
    "control",
)


@dataclass(frozen=True, slots=True)
class Drawn:
    """``plain`` columns go to the lake as they are, ``secret`` ones as tokens; ``parts`` are the parts of the names."""

    plain: dict[str, Any]
    secret: dict[str, str]
    parts: tuple[str, ...]


def account(fields: Mapping[str, Any], year: int) -> Drawn:
    """What the lake may hold of an account. ``year`` is the one whose clock changes give the zone's span of offsets."""
    plain = {name: fields.get(name) for name in _AS_THEY_ARE}
    secret = {
        "birth_date_token": _text(fields, "birth_date"),
        "document_token": _text(fields, "id_document_hash").casefold(),
        "registration_token": fold(_text(fields, "registration_number")).replace(" ", ""),
        "address_token": fold(_text(fields, "address")),
    }
    for draw in (_mail, _phone, _recovery, _site):
        _merge(plain, secret, draw(fields))
    plain.update(_place_in_time(fields, year))
    agent, purpose = _text(fields, "signup_user_agent"), _text(fields, "declared_purpose")
    plain["signup_user_agent_family"] = family(agent) if agent else None
    plain["declared_purpose_words"] = purpose_words(purpose) if purpose else None
    named = _names(fields, "name", "name_native")
    secret.update({f"{column}_token": text for column, text in named.items()})
    return Drawn(plain, _filled(secret), _parts(named))


def owner(fields: Mapping[str, Any]) -> Drawn:
    """What the lake may hold of an owner."""
    plain = {name: fields.get(name) for name in _OWNER_AS_THEY_ARE}
    named = _names(fields, "owner_name", "owner_name_native")
    secret = {f"{column}_token": text for column, text in named.items()}
    secret["birth_date_token"] = _text(fields, "birth_date")
    return Drawn(plain, _filled(secret), _parts(named))


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    return "" if value is None else str(value).strip()


def _filled(texts: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in texts.items() if text}


def _merge(plain: dict[str, Any], secret: dict[str, str], drawn: Drawn | None) -> None:
    if drawn is not None:
        plain.update(drawn.plain)
        secret.update(drawn.secret)


def _mail(fields: Mapping[str, Any]) -> Drawn | None:
    found = mailbox(_text(fields, "email"))
    if found is None:
        return None
    plain = {"email_domain": found.domain, "email_trailing_number": found.trailing_number}
    secret = {
        "email_token": found.exact,
        "email_canonical_token": found.canonical,
        "email_stem_token": found.stem,
    }
    return Drawn(plain, secret, ())


def _phone(fields: Mapping[str, Any]) -> Drawn | None:
    text = _text(fields, "phone")
    found = telephone(text, _text(fields, "country")) if text else None
    if found is None:
        return None
    return Drawn({"phone_country": found.region or None}, {"phone_token": found.number}, ())


def _recovery(fields: Mapping[str, Any]) -> Drawn:
    """Where a lost password would be sent: whoever reads there can take the account over."""
    mail, number = mailbox(_text(fields, "recovery_email")), _text(fields, "recovery_phone")
    phone = telephone(number, _text(fields, "country")) if number else None
    secret = {
        "recovery_email_token": mail.canonical if mail else "",
        "recovery_phone_token": phone.number if phone else "",
    }
    return Drawn({}, secret, ())


def _site(fields: Mapping[str, Any]) -> Drawn | None:
    text = _text(fields, "website")
    found = website(text) if text else None
    return Drawn({"website_host": found[0]}, {"website_token": found[1]}, ()) if found else None


def _place_in_time(fields: Mapping[str, Any], year: int) -> dict[str, Any]:
    text = _text(fields, "declared_timezone")
    span = offsets(text, year) if text else None
    least, most = span or (None, None)
    return {
        "declared_timezone": zone_name(text) if text else None,
        "declared_offset_min": least,
        "declared_offset_max": most,
    }


def _names(fields: Mapping[str, Any], *columns: str) -> dict[str, str]:
    """Each written name as its parts in one order, joined."""
    return {column: " ".join(parts(text)) for column in columns if (text := _text(fields, column))}


def _parts(named: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part for text in named.values() for part in text.split()))


@lru_cache(maxsize=1)
def _vocabulary() -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((word, tuple(marks.split())) for word, marks in rows("purpose_words.tsv"))


@lru_cache(maxsize=16_384)
def purpose_words(text: str) -> str | None:
    """Which words of the closed vocabulary a declared purpose speaks of, sorted; None where of none."""
    said = fold(text).split()
    found = sorted(word for word, marks in _vocabulary() if any(_told(mark, said) for mark in marks))
    return " ".join(found) or None


def _told(mark: str, said: list[str]) -> bool:
    if mark.endswith("*"):
        return any(word.startswith(mark[:-1]) for word in said)
    return mark in said
