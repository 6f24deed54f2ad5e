"""Keys for programs: what one may do, until when, and the one text that proves it, of which only a hash is kept."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from vedette.base import Json, VedetteError, parse_time

_WRITTEN = re.compile(r"vdk_([a-z2-7]{10})_([a-z2-7]{52})")
_DAYS = re.compile(r"([1-9][0-9]{0,3})d")
_LONGEST_DAYS = 366
_LONGEST_OWNER = 100


class KeyRefused(VedetteError):
    """A key that cannot be made, found or changed as asked."""


class Scope(StrEnum):
    """What a key may do. No scope includes another."""

    VERIFY = "verify"  # decide sign-ups
    MATCH = "match"  # ask who is listed
    EVENTS = "events"  # hand in what accounts did
    READ = "read"  # read lists, findings, cases, actors, rules and where customers stand
    AUDIT = "audit"  # read the audit log
    METRICS = "metrics"  # read the service's own figures
    ADMIN = "admin"  # see and revoke keys


class KeyState(StrEnum):
    """Whether a key opens the door."""

    ACTIVE = "active"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """One key as it is kept: everything but the secret. Times are ISO 8601 in UTC; ``last_used_on`` is a day."""

    id: str
    owner: str
    scopes: tuple[Scope, ...]
    created_at: str
    created_by: str
    expires_at: str
    revoked_at: str | None = None
    last_used_on: str | None = None

    def state(self, now: datetime) -> KeyState:
        """Whether it opens the door now."""
        if self.revoked_at is not None:
            return KeyState.REVOKED
        return KeyState.ACTIVE if now < parse_time(self.expires_at) else KeyState.EXPIRED

    def as_json(self, now: datetime) -> dict[str, Json]:
        """What lists of keys show."""
        return {
            "id": self.id,
            "owner": self.owner,
            "scopes": [scope.value for scope in self.scopes],
            "state": self.state(now).value,
            "created_at": self.created_at,
            "created_by": self.created_by,
            "expires_at": self.expires_at,
            "revoked_at": self.revoked_at,
            "last_used_on": self.last_used_on,
        }


@dataclass(frozen=True, slots=True)
class Secret:
    """A key's id and its secret half of 256 random bits, which is shown once."""

    key_id: str
    text: str

    @property
    def written(self) -> str:
        """What the holder sends: ``vdk_<id>_<secret>``."""
        return f"vdk_{self.key_id}_{self.text}"

    @property
    def hashed(self) -> str:
        """SHA-256 in hexadecimal: enough for 256 random bits, which nobody can guess at any speed."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def proves(self, stored_hash: str) -> bool:
        """Whether this is the secret behind a stored hash, compared in constant time."""
        return hmac.compare_digest(self.hashed, stored_hash)


def new_secret() -> Secret:
    """A fresh id and secret."""
    return Secret(_letters(7)[:10], _letters(32))


def _letters(size: int) -> str:
    return base64.b32encode(secrets.token_bytes(size)).decode().rstrip("=").lower()


def read_secret(text: str) -> Secret | None:
    """The id and secret in what a holder sent; None where it is no key."""
    match = _WRITTEN.fullmatch(text)
    return Secret(match[1], match[2]) if match else None


def read_scopes(words: Iterable[str]) -> tuple[Scope, ...]:
    """Scopes by name, each once. Raises KeyRefused for none or an unknown one."""
    found = dict.fromkeys(word.strip().lower() for given in words for word in given.split(",") if word.strip())
    known = [scope.value for scope in Scope]
    if not found or set(found) - set(known):
        raise KeyRefused("these are no scopes of a key", remedy=f"Choose from: {', '.join(known)}")
    return tuple(Scope(word) for word in found)


def read_lifetime(text: str) -> timedelta:
    """How long a key lives, such as ``90d``. Raises KeyRefused; no key lives for ever."""
    match = _DAYS.fullmatch(text.strip().lower())
    if not match or int(match[1]) > _LONGEST_DAYS:
        raise KeyRefused("this is no lifetime of a key", remedy=f"Write 1d to {_LONGEST_DAYS}d, for example 90d")
    return timedelta(days=int(match[1]))


def read_owner(text: str) -> str:
    """Whom to ask about a key: a short printable text. Raises KeyRefused."""
    owner = text.strip()
    if not owner or len(owner) > _LONGEST_OWNER or not owner.isprintable():
        raise KeyRefused(
            "a key needs an owner", remedy=f"Name the service or team in at most {_LONGEST_OWNER} characters"
        )
    return owner
