"""The words of verification: states, evidence and its results, what is known of an account, and resellers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from vedette.base import Json, VedetteError, iso


class NotAllowed(VedetteError):
    """A change of state that the rules do not allow, with what is missing for it."""


class State(StrEnum):
    """How far an account's holder is verified. Without a record it is ``unverified``; silence is never ``verified``."""

    UNVERIFIED = "unverified"
    PENDING_LIMITED = "pending-limited"
    VERIFIED = "verified"
    UNVERIFIABLE = "unverifiable"
    REDRESS = "redress"
    CLOSED_UNVERIFIED = "closed-unverified"


class Method(StrEnum):
    """By what means identity was looked into (KYC-06)."""

    DOCUMENTARY = "documentary"
    NON_DOCUMENTARY = "non-documentary"
    COMBINED = "combined"


class Result(StrEnum):
    """What came of it."""

    PASSED = "passed"
    FAILED = "failed"
    NEEDS_REVIEW = "needs_review"
    EXPIRED = "expired"


class Tier(StrEnum):
    """How often an account is verified again; a person sets it, ``standard`` where nobody has."""

    HIGH = "high"
    STANDARD = "standard"
    LOW = "low"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One look into somebody's identity, by a person or a vendor.

    ``event_id`` tells it from all others of its ``source``: the same one counts once. ``about`` is an owner's id, empty for
    the customer. ``reference`` and ``document_hash`` are hashes: never a number or an image. ``checks`` are the source's
    own parts with their results. ``shows_home`` says that it shows the person or firm to be of the home jurisdiction
    (KYC-05); no document in particular is asked for (FA-01).
    """

    account_id: str
    event_id: str
    source: str
    method: Method
    result: Result
    done_at: datetime
    about: str = ""
    reference: str = ""
    checks: Mapping[str, str] = field(default_factory=dict)
    document_type: str = ""
    document_country: str = ""
    document_hash: str = ""
    expires: date | None = None
    shows_home: bool = False

    def holds(self, on: date) -> bool:
        """Whether it passed and has not expired by that day."""
        return self.result is Result.PASSED and (self.expires is None or on <= self.expires)

    def as_json(self) -> dict[str, Json]:
        """The printed row."""
        return {
            "account_id": self.account_id,
            "about": self.about or None,
            "source": self.source,
            "event_id": self.event_id,
            "method": self.method.value,
            "result": self.result.value,
            "done_at": iso(self.done_at),
            "expires": self.expires.isoformat() if self.expires else None,
            "checks": dict(self.checks),
            "document_type": self.document_type or None,
            "document_country": self.document_country or None,
            "document_hash": self.document_hash or None,
            "reference": self.reference or None,
            "shows_home": self.shows_home,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where an account stands now: since when, by whom and why. ``owners_mark`` is the owners' fingerprint of that time."""

    account_id: str
    state: State
    since: datetime | None = None
    by: str = ""
    reason: str = ""
    tier: Tier = Tier.STANDARD
    owners_mark: str = ""
    moves: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One change of state, kept for good."""

    account_id: str
    number: int
    before: State
    after: State
    at: datetime
    by: str
    reason: str

    def as_json(self) -> dict[str, Json]:
        """The printed row."""
        return {
            "account_id": self.account_id,
            "from": self.before.value,
            "to": self.after.value,
            "at": iso(self.at),
            "by": self.by,
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerFacts:
    """A declared owner. Shares are percent, None where not stated; ``parent_owner_id`` is empty for a direct owner."""

    owner_id: str
    parent_owner_id: str = ""
    share_min: float | None = None
    share_max: float | None = None
    controls: bool = False
    country: str = ""
    filled: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFacts:
    """What the provider holds of an account, as far as verification asks: which fields are filled, never what they say.

    ``declared`` is the provider's own word for the verification, read as a state where it is a known word.
    """

    account_id: str
    kind: str = ""
    country: str = ""
    opened: datetime | None = None
    closed: datetime | None = None
    last_access: datetime | None = None
    reseller_id: str = ""
    declared: str = ""
    declared_state: State | None = None
    filled: frozenset[str] = frozenset()
    owners: tuple[OwnerFacts, ...] = ()
    owners_mark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """All that is known of one account's verification."""

    facts: AccountFacts
    standing: Standing
    evidence: tuple[Evidence, ...] = ()
    moves: tuple[Move, ...] = ()

    def passed(self, on: date, about: str = "") -> Evidence | None:
        """The newest evidence about somebody, where it passed and still holds; a newer failure undoes it."""
        told = [item for item in self.evidence if item.about == about and item.result is not Result.NEEDS_REVIEW]
        newest = max(told, key=lambda item: (item.done_at, item.event_id), default=None)
        return newest if newest is not None and newest.holds(on) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reseller:
    """A reseller in the register (KYC-10). ``account_id`` is its own account's id; times are None where nothing came."""

    account_id: str
    foreign: bool = True
    programme_received: date | None = None
    programme_hash: str = ""
    last_attested: date | None = None
    note: str = ""
    recorded_at: str = ""
    recorded_by: str = ""
