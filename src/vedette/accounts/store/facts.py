"""What is held of each account, as far as verification asks: which fields are filled, owners, payments, accesses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from vedette.accounts.contacts import rows as content_rows
from vedette.accounts.places import country_of
from vedette.accounts.store import held
from vedette.accounts.verification.model import AccountFacts, OwnerFacts, State
from vedette.base import digest, from_micros
from vedette.names import fold
from vedette.store import Store

_NO_CONTROL = frozenset(("", "no", "none", "false", "0", "shares", "share", "ownership", "equity"))
_OWN = ("account_id", "extra", "received_us")


def all_facts(store: Store, account_id: str | None = None) -> Iterator[AccountFacts]:
    """The facts of every account, by id; of one if named. Opens the vault."""
    owners, marks = _owners(store, account_id), _marks(store, account_id)
    paid, accessed = _paid(store, account_id), _accessed(store, account_id)
    for identity, _, fields in _accounts(store, account_id):
        own = tuple(owners.get(identity, ()))
        last, addressed = accessed.get(identity, (None, False))
        marked = {*paid.get(identity, ()), *(("signins.ip",) if addressed else ()), *(("owners",) if own else ())}
        yield AccountFacts(
            account_id=identity,
            kind=str(fields.get("kind", "")),
            country=country_of(str(fields.get("country", ""))) or "",
            opened=_moment(fields.get("opened_us")),
            closed=_moment(fields.get("closed_us")),
            last_access=_moment(last),
            reseller_id=str(fields.get("reseller_id", "")),
            declared=str(fields.get("verification_status", "")),
            declared_state=declared_state(str(fields.get("verification_status", ""))),
            filled=frozenset((*_filled(fields), *marked)),
            owners=own,
            owners_mark=marks.get(identity, ""),
        )


def declared_state(text: str) -> State | None:
    """The state that a provider's own word means; None for a word that is not known."""
    return _words().get(fold(text)) if text else None


@cache
def _words() -> dict[str, State]:
    return {
        fold(word): State(state) for state, words in content_rows("verification_words.tsv") for word in words.split("|")
    }


def _accounts(store: Store, account_id: str | None) -> Iterator[tuple[str, int, dict[str, Any]]]:
    if account_id is None:
        yield from held.all_accounts(store)
        return
    found = held.reveal(store, account_id)
    if found is not None:
        yield account_id, 0, found


def _filled(fields: Mapping[str, Any]) -> Iterator[str]:
    for name, value in fields.items():
        if name not in (*_OWN, "owners") and value not in (None, ""):
            yield name
    extra = fields.get("extra")
    if isinstance(extra, Mapping):
        yield from (f"extra.{name}" for name, value in extra.items() if value not in (None, "", [], {}))


def _moment(micros: Any) -> datetime | None:
    return from_micros(int(micros)) if micros is not None else None


def _owners(store: Store, account_id: str | None) -> dict[str, list[OwnerFacts]]:
    found: dict[str, list[OwnerFacts]] = defaultdict(list)
    for identity, fields in held.owner_rows(store, account_id):
        found[identity].append(
            OwnerFacts(
                owner_id=str(fields["owner_id"]),
                parent_owner_id=str(fields.get("parent_owner_id") or ""),
                share_min=fields.get("share_min"),
                share_max=fields.get("share_max"),
                controls=str(fields.get("control") or "").strip().casefold() not in _NO_CONTROL,
                country=country_of(str(fields.get("country") or "")) or "",
                filled=frozenset(name for name, value in fields.items() if value not in (None, "")),
            )
        )
    return found


def _marks(store: Store, account_id: str | None) -> dict[str, str]:
    """A fingerprint of each account's declared owners; empty where there are none."""
    sql, values = _narrowed("SELECT account_id, owner_id, row_hash FROM owners", account_id)
    with store.engine(["owners"]) as engine:
        rows = sorted(engine.rows(sql, values))
    parts: dict[str, list[str]] = defaultdict(list)
    for identity, owner_id, row_hash in rows:
        parts[identity] += [owner_id, row_hash]
    return {identity: digest(*found).hex()[:24] for identity, found in parts.items()}


def _paid(store: Store, account_id: str | None) -> dict[str, tuple[str, ...]]:
    """Which parts of a payment each account's payments hold."""
    columns = {
        "payments.instrument_kind": "instrument_kind",
        "payments.instrument_id": "instrument_id",
        "payments.wallet": "wallet",
        "payments.payer_name": "payer_name_token",
        "payments.payer_country": "payer_country",
    }
    if not _has(store, "payments"):
        return {}
    counts = ", ".join(f"count({column})" for column in columns.values())
    sql, values = _narrowed(f"SELECT account_id, {counts} FROM payments", account_id)
    with store.engine(["payments"]) as engine:
        rows = engine.rows(f"{sql} GROUP BY account_id", values)
    return {
        identity: tuple(name for name, count in zip(columns, filled, strict=True) if count)
        for identity, *filled in rows
    }


def _accessed(store: Store, account_id: str | None) -> dict[str, tuple[int | None, bool]]:
    """When each account was last signed in to, in microseconds, and whether addresses of access are held."""
    if not _has(store, "signins"):
        return {}
    sql, values = _narrowed("SELECT account_id, max(time_us), count(ip) FROM signins", account_id)
    with store.engine(["signins"]) as engine:
        return {
            identity: (last, bool(ips)) for identity, last, ips in engine.rows(f"{sql} GROUP BY account_id", values)
        }


def _has(store: Store, table: str) -> bool:
    return table in {item.name for item in store.catalogue}


def _narrowed(sql: str, account_id: str | None) -> tuple[str, list[str]]:
    return (sql, []) if account_id is None else (f"{sql} WHERE account_id = ?", [account_id])
