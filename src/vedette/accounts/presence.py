"""Is a customer in or of the DPRK? Every datum held is looked at; only a present statement or the curated range stops."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vedette.accounts.contacts import mailbox, plain, telephone, website
from vedette.accounts.places import Mention, country_of, mention
from vedette.accounts.zones import zone_name
from vedette.base import Clock, Evidence, Finding, Json, Strength, Subject, from_micros, read_record

if TYPE_CHECKING:
    from vedette.store import Store

Classify = Callable[[str], str | None]
"""An address to ``current``, ``historic``, ``registry_only`` or None, as ``events.dprk_status`` answers."""

FAMILY = "presence"
VERSION = "1"
#: The ids under which findings are stored; what each means stands in ``presence.yml``.
CHECKS = (
    "presence/declared_country",
    "presence/country_text",
    "presence/address",
    "presence/address_city",
    "presence/address_text",
    "presence/signup_address_range",
    "presence/signup_address_lease",
    "presence/signup_address_registry",
    "presence/phone",
    "presence/email",
    "presence/website",
    "presence/document_issuer",
    "presence/payer_country",
    "presence/timezone",
    "presence/owner_country",
    "presence/purpose",
    "presence/name",
    "presence/other_text",
)
_LISTS = "screening"
#: Fields that list screening reads through ``party_of`` and ``owner_of``.
_SCREENED_BY_LISTS = frozenset(
    "name name_native email phone country address birth_date registration_number website "
    "owner_name owner_name_native owner_country owner_birth_date".split()
)
#: Fields that can speak of no place and nobody: nothing is left unscreened in them.
_SPEAKS_OF_NOTHING = frozenset(
    "status kind opened_us closed_us verification_status id_document_type reseller_id referrer_account_id "
    "owner_kind owner_share_min owner_share_max owner_control".split()
)
_RANGES = {
    "current": "signup_address_range",
    "historic": "signup_address_lease",
    "registry_only": "signup_address_registry",
}
_ADDRESSES = {
    Mention.PRESENT: "address",
    Mention.CITY: "address_city",
    Mention.PAST: "address_text",
    Mention.NAMED: "address_text",
}

_Values = Mapping[str, Json]
_Hit = tuple[str, str, _Values]


@dataclass(frozen=True, slots=True)
class Check:
    """One presence check as ``presence.yml`` declares it."""

    id: str
    fields: tuple[str, ...]
    strength: Strength
    summary: str
    citation: tuple[str, ...]
    blind_spots: str


@dataclass(frozen=True, slots=True)
class FieldCoverage:
    """One field: how many accounts or owners hold it, and which checks look at it; none means "held but not screened"."""

    field: str
    held: int
    checks: tuple[str, ...]

    def as_json(self) -> dict[str, Json]:
        """The form for summaries."""
        return {"field": self.field, "held": self.held, "checks": list(self.checks)}


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was looked at and what is held but not screened (OFAC-11)."""

    accounts: int
    fields: tuple[FieldCoverage, ...]

    @property
    def unscreened(self) -> tuple[str, ...]:
        """Fields that hold something, could speak of a place or a person, and that no check reads."""
        return tuple(
            item.field for item in self.fields if item.held and not item.checks and item.field not in _SPEAKS_OF_NOTHING
        )

    def as_json(self) -> dict[str, Json]:
        """The form for summaries."""
        fields: list[Json] = [item.as_json() for item in self.fields]
        return {"accounts": self.accounts, "fields": fields, "held_but_not_screened": list(self.unscreened)}


@lru_cache(maxsize=1)
def checks() -> dict[str, Check]:
    """Every presence check by its short id."""
    path = Path(__file__).with_name("presence.yml")
    record = read_record(path.read_text(encoding="utf-8"), path.name)
    record.take_day("checked_on")
    found = {}
    for item in record.take_records("checks"):
        check = Check(
            id=item.take_text("id"),
            fields=item.take_texts("fields"),
            strength=Strength(item.take_choice("strength", [strength.value for strength in Strength])),
            summary=item.take_text("summary"),
            citation=item.take_texts("citation"),
            blind_spots=item.take_text("blind_spots"),
        )
        item.finish()
        found[check.id] = check
    record.finish()
    return found


def check_fields(
    account_id: str,
    fields: Mapping[str, Any],
    *,
    at: datetime,
    owners: Iterable[Mapping[str, Any]] = (),
    payer_countries: Iterable[str] = (),
    classify: Classify = lambda _ip: None,
) -> tuple[Finding, ...]:
    """Look at every field of one customer (DESIGN section 4 names) and of its owners.

    ``at`` is when the data was given: the findings' time. A refugee, a namesake and a Floridian are never stopped.
    """
    hits = [
        *_country(_text(fields, "country")),
        *_address(_text(fields, "address")),
        *_origin(_text(fields, "signup_ip"), classify),
        *_contacts(fields),
        *_document_and_clock(fields),
        *_payers(payer_countries),
        *_owners(owners),
        *_words(fields),
    ]
    return tuple(_finding(hit, account_id, at) for hit in hits)


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    return "" if value is None else str(value).strip()


def _finding(hit: _Hit, account_id: str, at: datetime) -> Finding:
    name, window, values = hit
    check = checks()[name]
    return Finding(
        check=f"{FAMILY}/{name}",
        version=VERSION,
        subject=Subject("account", account_id),
        accounts=(account_id,),
        family=FAMILY,
        strength=check.strength,
        bits=None,
        summary=check.summary,
        evidence=(Evidence("field", f"{account_id}#{check.fields[0]}", values),),
        citation=check.citation,
        blind_spots=check.blind_spots,
        first_seen=at,
        last_seen=at,
        window=window,
    )


# -- one group of fields each; evidence holds codes and kinds, never what the customer wrote


def _country(text: str) -> Iterator[_Hit]:
    if text and country_of(text) == "KP":
        yield "declared_country", "", {"country": "KP"}
    elif text and (found := mention(text)):
        yield "country_text", "", {"mention": found.value}


def _address(text: str) -> Iterator[_Hit]:
    found = mention(text) if text else None
    if found:
        yield _ADDRESSES[found], "", {"mention": found.value}


def _origin(ip: str, classify: Classify) -> Iterator[_Hit]:
    status = classify(ip) if ip else None
    if status in _RANGES:
        yield _RANGES[status], "", {"status": status}


def _contacts(fields: Mapping[str, Any]) -> Iterator[_Hit]:
    number = _text(fields, "phone")
    # Only a number written in full can be North Korea's: 850 without a plus sign or 00 is an area code of Florida.
    called = telephone(number, _text(fields, "country")) if number.find("850") >= 0 or not number.isascii() else None
    if called and called.stated and called.region == "KP":
        yield "phone", "", {"calling_code": "+850"}
    box = mailbox(_text(fields, "email"))
    if box and box.domain.endswith(".kp"):
        yield "email", "", {"domain": ".kp"}
    site = website(_text(fields, "website"))
    if site and site[0].endswith(".kp"):
        yield "website", "", {"domain": ".kp"}


def _document_and_clock(fields: Mapping[str, Any]) -> Iterator[_Hit]:
    issuer = _text(fields, "id_document_country")
    if issuer and country_of(issuer) == "KP":
        yield "document_issuer", "", {"country": "KP"}
    zone = _text(fields, "declared_timezone")
    if zone and zone_name(zone) == "Asia/Pyongyang":
        yield "timezone", "", {"zone": "Asia/Pyongyang"}


def _payers(countries: Iterable[str]) -> Iterator[_Hit]:
    if any(country_of(country) == "KP" for country in countries if country):
        yield "payer_country", "", {"country": "KP"}


def _owners(owners: Iterable[Mapping[str, Any]]) -> Iterator[_Hit]:
    for owner in owners:
        text = _text(owner, "country")
        if text and (country_of(text) == "KP" or mention(text)):
            owner_id = _text(owner, "owner_id")
            yield "owner_country", owner_id, {"country": "KP", "owner_id": owner_id}


def _words(fields: Mapping[str, Any]) -> Iterator[_Hit]:
    if mention(_text(fields, "declared_purpose")):
        yield "purpose", "", {}
    if _text(fields, "kind") == "organization":
        named = next((name for name in ("name", "name_native") if mention(_text(fields, name))), "")
        if named:
            yield "name", "", {"column": named}
    extra = fields.get("extra")
    if isinstance(extra, Mapping):
        columns: list[Json] = [key for key, value in sorted(extra.items()) if any(map(mention, _texts(value)))]
        if columns:
            yield "other_text", "", {"columns": columns}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield plain(value)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


# -- the daily run


def check_all(store: Store, clock: Clock, classify: Classify | None = None) -> tuple[tuple[Finding, ...], Coverage]:
    """Look at every account held, its owners and payers' countries; opens the vault.

    Findings bear the time at which the account was opened or, where that is not known, received: the same on every run.
    Without ``classify`` the workspace's address references answer, as of now.
    """
    from vedette.accounts import store as held

    payers = held.payer_countries(store)
    accounts = list(held.all_accounts(store))
    owners: dict[str, list[Mapping[str, Any]]] = {}
    counts: Counter[str] = Counter()
    for account_id, _, fields in held.all_owners(store):
        owners.setdefault(account_id, []).append(fields)
        counts.update(_held_of_owner(fields))
    answer = classify or _classified(store, clock, (_text(fields, "signup_ip") for _, _, fields in accounts))
    found: list[Finding] = []
    for account_id, received_us, fields in accounts:
        counts.update(name for name in fields if name != "account_id")
        counts["payer_country"] += account_id in payers
        found.extend(
            check_fields(
                account_id,
                fields,
                at=from_micros(fields.get("opened_us", received_us)),
                owners=owners.get(account_id, ()),
                payer_countries=payers.get(account_id, ()),
                classify=answer,
            )
        )
    return tuple(found), _coverage(len(accounts), counts)


def _classified(store: Store, clock: Clock, ips: Iterable[str]) -> Classify:
    """What the references say of these addresses, asked all at once."""
    from vedette.events import lookup

    distinct = sorted({ip for ip in ips if ip})
    known = dict(zip(distinct, lookup(store, clock).find(distinct).dprk, strict=True))
    return known.get


def _held_of_owner(fields: Mapping[str, Any]) -> Iterator[str]:
    """Owners' fields under names that tell them from the account's own."""
    for name in fields:
        if name not in ("account_id", "owner_id", "parent_owner_id"):
            yield name if name.startswith("owner_") else f"owner_{name}"


def _coverage(accounts: int, counts: Mapping[str, int]) -> Coverage:
    looked: dict[str, list[str]] = {}
    for check in checks().values():
        for name in check.fields:
            looked.setdefault(name, []).append(f"{FAMILY}/{check.id}")
    fields: Sequence[str] = sorted({*counts, *looked})
    return Coverage(
        accounts,
        tuple(
            FieldCoverage(
                name,
                counts.get(name, 0),
                (*looked.get(name, ()), *((_LISTS,) if name in _SCREENED_BY_LISTS else ())),
            )
            for name in fields
        ),
    )
