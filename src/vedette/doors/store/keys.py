"""Keys for programs in the state database: made, found, used, revoked; the secrets themselves are never stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Column, Connection, MetaData, Table, Text, select

from vedette.audit import Act, writing
from vedette.base import Clock, Place, Principal, iso
from vedette.doors.keys import ApiKey, KeyRefused, Scope, Secret, new_secret
from vedette.store import Store

API_KEY = Table(
    "api_key",
    MetaData(),
    Column("id", Text, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("secret_hash", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("expires_at", Text, nullable=False),
    Column("revoked_at", Text, nullable=True),
    Column("last_used_on", Text, nullable=True),
)


@dataclass(frozen=True, slots=True)
class KeptKey:
    """A key with the hash that its secret has to give."""

    key: ApiKey
    secret_hash: str


def make_key(
    store: Store, principal: Principal, *, owner: str, scopes: tuple[Scope, ...], lifetime: timedelta, clock: Clock
) -> tuple[ApiKey, Secret]:
    """A new key and its secret, which is known to the caller only."""
    secret = new_secret()
    now = clock.now()
    with writing(store, principal, "doors.key_new", clock=clock) as act:
        key = ApiKey(
            id=secret.key_id,
            owner=owner,
            scopes=scopes,
            created_at=act.moment,
            created_by=str(principal),
            expires_at=iso(now + lifetime),
        )
        act.fact("key", key.id)
        act.fact("scopes", [scope.value for scope in scopes])
        act.upsert(API_KEY, [_row(KeptKey(key, secret.hashed))])
    return key, secret


def revoke_key(store: Store, principal: Principal, key_id: str, *, clock: Clock) -> ApiKey:
    """Close a key for good; one already revoked stays as it is. Raises KeyRefused for an unknown id."""
    with writing(store, principal, "doors.key_revoke", clock=clock) as act:
        row = _known(act.connection, key_id)
        if row["revoked_at"] is None:
            row["revoked_at"] = act.moment
            act.fact("key", key_id)
            act.upsert(API_KEY, [row])
    return _kept(row).key


def note_use(act: Act, key_id: str, day: str) -> None:
    """Remember the last day on which a key was used, within an act."""
    row = _known(act.connection, key_id)
    if row["last_used_on"] is None or row["last_used_on"] < day:
        act.fact("key", key_id)
        act.upsert(API_KEY, [{**row, "last_used_on": day}])


def keys(store: Store) -> tuple[ApiKey, ...]:
    """Every key ever made, oldest first."""
    with store.database.reading() as connection:
        rows = connection.execute(select(API_KEY).order_by(API_KEY.c.created_at, API_KEY.c.id)).mappings().all()
    return tuple(_kept(dict(row)).key for row in rows)


def find_key(store: Store, key_id: str) -> KeptKey | None:
    """A key by id, with the hash of its secret."""
    with store.database.reading() as connection:
        row = _fetch(connection, key_id)
    return None if row is None else _kept(row)


def _known(connection: Connection, key_id: str) -> dict[str, Any]:
    row = _fetch(connection, key_id)
    if row is None:
        raise KeyRefused("is no key", place=Place(key_id[:20]), remedy="`vedette keys list` names them")
    return row


def _fetch(connection: Connection, key_id: str) -> dict[str, Any] | None:
    row = connection.execute(select(API_KEY).where(API_KEY.c.id == key_id)).mappings().one_or_none()
    return None if row is None else dict(row)


def _row(kept: KeptKey) -> dict[str, Any]:
    key = kept.key
    return {
        **{name: getattr(key, name) for name in ("id", "owner", "created_at", "created_by", "expires_at")},
        "scopes": ",".join(scope.value for scope in key.scopes),
        "secret_hash": kept.secret_hash,
        "revoked_at": key.revoked_at,
        "last_used_on": key.last_used_on,
    }


def _kept(row: Mapping[str, Any]) -> KeptKey:
    fields = {name: row[name] for name in row if name not in ("secret_hash", "scopes")}
    scopes = tuple(Scope(word) for word in row["scopes"].split(","))
    return KeptKey(ApiKey(**fields, scopes=scopes), row["secret_hash"])
