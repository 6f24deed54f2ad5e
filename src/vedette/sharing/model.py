"""The words of sharing: an object that leaves or enters the house, its marking and tier, peers, collections and their permissions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from vedette.base import Json, VedetteError, parse_time, stable_id


class ShareError(VedetteError):
    """What may not leave, cannot be read, or cannot be found as asked."""


class Tier(StrEnum):
    """Who learns what: open indicators without personal data; blind match; named disclosure. Never mixed."""

    OPEN = "A"
    BLIND = "B"
    NAMED = "C"


class Marking(StrEnum):
    """Traffic Light Protocol 2.0: how far a recipient may pass an object on."""

    CLEAR = "TLP:CLEAR"
    GREEN = "TLP:GREEN"
    AMBER = "TLP:AMBER"
    AMBER_STRICT = "TLP:AMBER+STRICT"
    RED = "TLP:RED"

    @property
    def rank(self) -> int:
        """0 for the most open."""
        return list(Marking).index(self)


class Kind(StrEnum):
    """What an object is. Names, mail addresses, wallets and account ids are no kind: they are personal data."""

    ADDRESS = "address"
    RANGE = "range"
    DOMAIN = "domain"
    URL = "url"
    USER_AGENT = "user_agent"
    TOOL = "tool"
    DEVICE_MODEL = "device_model"
    FILE_HASH = "file_hash"
    PATTERN = "pattern"
    TYPOLOGY = "typology"
    SIGHTING = "sighting"
    RELATIONSHIP = "relationship"
    GROUPING = "grouping"
    REPORT = "report"
    NOTE = "note"
    OPINION = "opinion"


#: Kinds that say "look for this": they have a value.
INDICATORS = frozenset(list(Kind)[:9])


class Basis(StrEnum):
    """Why the sender believes it."""

    CONFIRMED_CASE = "confirmed_case"  # a person found a case to be true
    ANALYST = "analyst"  # a person of the house entered it
    PUBLIC_SOURCE = "public_source"
    PEER = "peer"  # taken over from another house
    UNSTATED = "unstated"


class State(StrEnum):
    """Where an inbound item stands."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    RECALLED = "recalled"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """One object as it is exchanged. Times are ``YYYY-MM-DDTHH:MM:SS.mmmZ``, so that they compare as text.

    ``value`` is what to look for, or the check of a typology; ``refs`` are ids it speaks of; ``relation`` is the type of a
    relationship, the context of a grouping, the opinion of an opinion. ``recalled`` objects are withdrawn by their origin.
    """

    id: str
    kind: Kind
    created: str
    modified: str
    valid_from: str
    valid_until: str
    marking: Marking
    value: str = ""
    title: str = ""
    description: str = ""
    tier: Tier = Tier.OPEN
    basis: Basis = Basis.UNSTATED
    origin_id: str = ""
    origin: str = ""
    confidence: int | None = None
    family: str = ""
    citation: tuple[str, ...] = ()
    refs: tuple[str, ...] = ()
    relation: str = ""
    count: int | None = None
    first_seen: str = ""
    last_seen: str = ""
    appeal: str = ""
    recalled: bool = False
    recall_reason: str = ""

    def expired(self, now: str) -> bool:
        """Whether its validity has ended."""
        return self.valid_until <= now

    def as_json(self) -> dict[str, Json]:
        """Every field that says something; the form stored and shown."""
        found: dict[str, Json] = {}
        for name, plain in _FIELDS:
            value = getattr(self, name)
            if value != plain:
                found[name] = list(value) if isinstance(value, tuple) else value
        return found

    def held(self) -> frozenset[str]:
        """Names of the fields that say something."""
        return frozenset(name for name, plain in _FIELDS if getattr(self, name) != plain)


_FIELDS = tuple((item.name, item.default) for item in fields(Shared))
_TUPLES = ("citation", "refs")


def read_shared(row: Mapping[str, Any]) -> Shared:
    """An object from the form of ``as_json``, which this house itself wrote."""
    values = dict(row)
    for name, word in (("kind", Kind), ("marking", Marking), ("tier", Tier), ("basis", Basis)):
        if name in values:
            values[name] = word(values[name])
    for name in _TUPLES:
        if name in values:
            values[name] = tuple(values[name])
    return Shared(**values)


def recall(item: Shared, reason: str, now: str) -> Shared:
    """The version of an object that withdraws it."""
    return replace(item, recalled=True, recall_reason=reason, modified=max(now, later(item.modified)))


def later(moment: str) -> str:
    """One millisecond after a moment: versions of an object need different times."""
    return stamp(parse_time(moment) + timedelta(milliseconds=1))


def stamp(moment: datetime) -> str:
    """The text of a moment in UTC with milliseconds."""
    text = moment.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


@dataclass(frozen=True, slots=True)
class Refused:
    """One object that was not taken, and why."""

    object: str
    reason: str

    def as_json(self) -> dict[str, Json]:
        """The form shown."""
        return {"object": self.object, "reason": self.reason}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a file held: objects, those refused, and how many were context only (markings, identities, definitions)."""

    objects: tuple[Shared, ...] = ()
    refused: tuple[Refused, ...] = ()
    context: int = 0
    signer: str = ""
    ignored: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """Who writes a file, when, and what signs it: the 32-byte Ed25519 seed, and the log's proofs of the act of export."""

    id: str
    name: str
    moment: str
    seed: bytes = b""
    proofs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """What peers may read or write together; of one tier. Objects marked beyond ``most`` do not enter it."""

    id: str
    alias: str
    title: str
    description: str
    tier: Tier
    most: Marking
    created_at: str

    def as_json(self) -> dict[str, Json]:
        """The form shown."""
        return {
            "id": self.id,
            "alias": self.alias,
            "title": self.title,
            "description": self.description,
            "tier": self.tier.value,
            "most": self.most.value,
            "created_at": self.created_at,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """Another house. ``token_hash`` and ``public_key`` prove it to us; ``url`` is the collection of theirs that we post to."""

    id: str
    name: str
    contact: str
    created_at: str
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    token_hash: str = ""
    public_key: str = ""
    fingerprint: str = ""
    url: str = ""
    private: bool = False
    revoked_at: str | None = None

    def as_json(self) -> dict[str, Json]:
        """The form shown: nothing that opens a door."""
        return {
            "id": self.id,
            "name": self.name,
            "contact": self.contact,
            "reads": list(self.reads),
            "writes": list(self.writes),
            "proof": [name for name in ("token_hash", "public_key", "fingerprint") if getattr(self, name)],
            "url": self.url,
            "created_at": self.created_at,
            "revoked_at": self.revoked_at,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbound:
    """One object that a source sent, waiting for a person or judged by one."""

    id: str
    source: str
    item: Shared
    state: State
    received_at: str
    decided_by: str = ""
    decided_at: str = ""
    reason: str = ""

    def state_at(self, now: str) -> State:
        """An accepted item ends by itself with its validity; a waiting one is no longer worth judging."""
        running = self.state in (State.WAITING, State.ACCEPTED)
        return State.EXPIRED if running and self.item.expired(now) else self.state

    def as_json(self, now: str) -> dict[str, Json]:
        """The form shown."""
        item = self.item
        return {
            "id": self.id,
            "source": self.source,
            "object": item.id,
            "kind": item.kind.value,
            "value": item.value or item.title,
            "marking": item.marking.value,
            "basis": item.basis.value,
            "valid_until": item.valid_until,
            "state": self.state_at(now).value,
            "received_at": self.received_at,
            "decided_by": self.decided_by,
            "decided_at": self.decided_at,
            "reason": self.reason or item.recall_reason,
            "description": item.description,
        }


def inbound_id(source: str, object_id: str) -> str:
    """One item for each source and object, whatever its version."""
    return stable_id("inb", source, object_id)


class DeliveryState(StrEnum):
    """How far a delivery has come. ``by_hand``: the peer has no address here, somebody must tell it."""

    WAITING = "waiting"
    SENT = "sent"
    BY_HAND = "by_hand"
    DEAD = "dead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One version of an object on its way to one peer, or taken by it."""

    id: str
    peer: str
    object_id: str
    version: str
    state: DeliveryState
    made_at: str
    attempts: int = 0
    next_at: str = ""
    fault: str = ""

    def as_json(self) -> dict[str, Json]:
        """The form shown."""
        return {
            "id": self.id,
            "peer": self.peer,
            "object": self.object_id,
            "version": self.version,
            "state": self.state.value,
            "made_at": self.made_at,
            "attempts": self.attempts,
            "next_at": self.next_at if self.state is DeliveryState.WAITING else None,
            "fault": self.fault or None,
        }


def delivery_id(peer: str, object_id: str, version: str) -> str:
    """One delivery for each peer and version."""
    return stable_id("dvy", peer, object_id, version)
