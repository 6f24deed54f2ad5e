"""An epoch of a group: its members' key shares with proofs that they hold them, its purpose, its days, its limits."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from vedette.base import VedetteError, canonical_json, iso, parse_time, stable_id
from vedette.sharing.blind import voprf
from vedette.sharing.blind.purposes import purpose, table

_LONGEST_TEXT = 200
_MOST_MEMBERS = 100
_HEX = frozenset("0123456789abcdef")


class GroupError(VedetteError):
    """A join or an epoch that cannot be accepted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Join:
    """What a participant states about itself before an epoch opens. Keys and proofs in lower-case hexadecimal.

    ``possession`` is the evaluation of a fixed element under the share and its proof: nobody can join with a key that
    it computed from the others' keys.
    """

    name: str
    url: str
    purpose: str
    label: str
    signing_key: str
    share_key: str
    possession: str
    signature: str

    def body(self) -> dict[str, str]:
        """What the signature covers."""
        return {item.name: getattr(self, item.name) for item in fields(self) if item.name != "signature"}

    def as_json(self) -> dict[str, str]:
        """The form of the file that goes to the relay."""
        return {**self.body(), "signature": self.signature}


@dataclass(frozen=True, slots=True, kw_only=True)
class Epoch:
    """What every member agrees on; its id is a hash of all of it. ``relay`` is the member that keeps the combined tags."""

    purpose: str
    label: str
    opens: str
    closes: str
    relay: str
    quota: int
    batch: int
    round_minutes: int
    members: tuple[Join, ...]

    @property
    def id(self) -> str:
        """The same for everybody who holds the same agreement."""
        return stable_id("bep", canonical_json(self.as_json()).decode())

    @property
    def pairwise(self) -> bool:
        """Fewer members than hide who holds: everybody agreed that an answer tells on the others."""
        return len(self.members) < table().limits.least_participants

    def member(self, name: str) -> Join:
        """A member by name. Raises GroupError."""
        found = next((item for item in self.members if item.name == name), None)
        if found is None:
            raise GroupError("no member of this epoch", remedy="See `vedette share epoch list`")
        return found

    def open_at(self, moment: datetime) -> bool:
        """Whether questions are answered at a moment."""
        return parse_time(self.opens) <= moment < parse_time(self.closes)

    def round_at(self, moment: datetime) -> int:
        """The number of the round that a moment falls into; everything is one round where rounds have no length."""
        minutes = int((moment - parse_time(self.opens)).total_seconds() // 60)
        return minutes // self.round_minutes if self.round_minutes else 0

    def as_json(self) -> dict[str, Any]:
        """The agreement as a file."""
        plain = {item.name: getattr(self, item.name) for item in fields(self) if item.name != "members"}
        return {**plain, "members": [item.as_json() for item in self.members]}


@dataclass(frozen=True, slots=True)
class Secrets:
    """What a participant keeps to itself: the seeds of its key share, of its signature, and the key of its tag files."""

    share_seed: bytes
    signing_seed: bytes
    file_key: bytes

    def __repr__(self) -> str:
        return "Secrets(...)"

    def share(self, purpose_id: str, label: str, name: str) -> voprf.KeyPair:
        """The key share for one epoch and purpose."""
        return voprf.derive_key_pair(self.share_seed, _info(purpose_id, label, name))

    def sign(self, data: bytes) -> bytes:
        """An Ed25519 signature."""
        return Ed25519PrivateKey.from_private_bytes(self.signing_seed).sign(data)

    @property
    def signing_key(self) -> bytes:
        """The public half of the signature."""
        return Ed25519PrivateKey.from_private_bytes(self.signing_seed).public_key().public_bytes_raw()


def join(secrets: Secrets, *, name: str, url: str, purpose_id: str, label: str) -> Join:
    """State one's own part in a coming epoch."""
    purpose(purpose_id)
    keys = secrets.share(purpose_id, label, name)
    evaluated, proof = voprf.blind_evaluate(keys, [_possession(purpose_id, label, name)])
    made = Join(
        name=name,
        url=url.rstrip("/"),
        purpose=purpose_id,
        label=label,
        signing_key=secrets.signing_key.hex(),
        share_key=keys.public.hex(),
        possession=(evaluated[0] + proof).hex(),
        signature="",
    )
    signed = Join(**{**made.as_json(), "signature": secrets.sign(_signed(made)).hex()})
    return check_join(signed)


def check_join(made: Join) -> Join:
    """The join itself. Raises GroupError unless its texts are fit, its signature holds and its share is possessed."""
    purpose(made.purpose)
    _fit_texts(made)
    key, proven = bytes.fromhex(made.share_key), bytes.fromhex(made.possession)
    element = _possession(made.purpose, made.label, made.name)
    if not signed_by(made.signing_key, _signed(made), made.signature):
        raise GroupError(f"the signature of {made.name!r} does not hold", remedy="Ask for a new join file")
    if not voprf.verify_proof(key, [element], [proven[:32]], proven[32:]):
        raise GroupError(f"{made.name!r} does not prove that it holds its key", remedy="Ask for a new join file")
    return made


def open_epoch(
    joins: Sequence[Join],
    *,
    relay: str,
    opens: datetime,
    days: int,
    pairwise: bool = False,
    round_minutes: int = -1,
    quota: int = 0,
) -> Epoch:
    """Put joins together to an epoch. Fewer than five members only with ``pairwise``; ``relay`` is one of them.

    ``quota`` and ``round_minutes`` are those of the limits where they are not given.
    """
    limits = table().limits
    if not 1 <= days <= limits.longest_days:
        raise GroupError(f"an epoch lasts 1 to {limits.longest_days} days", remedy="Choose fewer days")
    first = joins[0] if joins else None
    made = Epoch(
        purpose=first.purpose if first else "",
        label=first.label if first else "",
        opens=iso(opens.replace(microsecond=0)),
        closes=iso(opens.replace(microsecond=0) + timedelta(days=days)),
        relay=relay,
        quota=quota or limits.quota,
        batch=limits.batch,
        round_minutes=limits.round_minutes if round_minutes < 0 else round_minutes,
        members=tuple(sorted(joins, key=lambda item: item.name)),
    )
    if made.pairwise and not pairwise:
        raise GroupError(
            f"with fewer than {limits.least_participants} members an answer tells who holds",
            remedy="Find more members, or agree to it with --pairwise",
        )
    return check_epoch(made)


def check_epoch(made: Epoch) -> Epoch:
    """The epoch itself. Raises GroupError for members that do not belong together, doubled keys, or wrong limits."""
    limits = table().limits
    if not 2 <= len(made.members) <= _MOST_MEMBERS:
        raise GroupError(f"an epoch has 2 to {_MOST_MEMBERS} members")
    for part in made.members:
        check_join(part)
        if (part.purpose, part.label) != (made.purpose, made.label):
            raise GroupError(f"{part.name!r} joined another epoch or purpose")
    for name in ("name", "share_key", "signing_key"):
        if len({getattr(item, name) for item in made.members}) != len(made.members):
            raise GroupError(f"two members have the same {name.replace('_', ' ')}")
    made.member(made.relay)
    try:
        lasts = parse_time(made.closes) - parse_time(made.opens)
    except ValueError:
        raise GroupError("the epoch's days cannot be read", remedy="Ask the relay for the epoch file") from None
    if not timedelta() < lasts <= timedelta(days=limits.longest_days):
        raise GroupError(f"an epoch lasts at most {limits.longest_days} days")
    if not (0 < made.quota <= 10_000_000 and 0 < made.batch <= limits.batch and 0 <= made.round_minutes <= 10_080):
        raise GroupError("quota, batch or rounds lie outside what is allowed")
    if made.round_minutes == 0 and not made.pairwise:
        raise GroupError("without rounds, comparing two sets tells whose tags are new", remedy="Only a pair may do so")
    return made


def read_join(data: bytes) -> Join:
    """A join from its file. Raises GroupError for any other shape."""
    return check_join(_join(_object(data)))


def read_epoch(data: bytes) -> Epoch:
    """An epoch from its file, checked whole. Raises GroupError for any other shape."""
    return check_epoch(stored_epoch(data))


def stored_epoch(data: bytes) -> Epoch:
    """An epoch that was checked when it was accepted: its shape alone is looked at. Raises GroupError."""
    value = _object(data)
    members = value.pop("members", None)
    if not isinstance(members, list) or not all(isinstance(item, dict) for item in members):
        raise GroupError("the file names no members", remedy="Ask the relay for the epoch file")
    kinds = {"quota": int, "batch": int, "round_minutes": int}
    names = [item.name for item in fields(Epoch) if item.name != "members"]
    if set(value) != set(names) or not all(type(value[name]) is kinds.get(name, str) for name in names):
        raise GroupError("is no epoch file", remedy="Ask the relay for the epoch file")
    return Epoch(members=tuple(_join(item) for item in members), **value)


def signed_by(key: str, data: bytes, signature: str) -> bool:
    """Whether an Ed25519 signature (hexadecimal) over some bytes is that key's."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(bytes.fromhex(signature), data)
    except (InvalidSignature, ValueError):
        return False
    return True


def combine(evaluations: Sequence[Sequence[bytes]]) -> list[bytes]:
    """The evaluations under the joint key: for each element the sum of what the members answered."""
    sums = list(evaluations[0])
    for answers in evaluations[1:]:
        sums = [voprf.add(one, other) for one, other in zip(sums, answers, strict=True)]
    return sums


def _info(purpose_id: str, label: str, name: str) -> bytes:
    return canonical_json(["vedette-blind-share", purpose_id, label, name])


def _possession(purpose_id: str, label: str, name: str) -> bytes:
    return voprf.hash_to_group(canonical_json(["vedette-blind-possession", purpose_id, label, name]))


def _signed(made: Join) -> bytes:
    return b"vedette-blind-join\n" + canonical_json(made.body())


def _fit_texts(made: Join) -> None:
    for text, most in ((made.name, 64), (made.label, 64), (made.url, _LONGEST_TEXT)):
        if not text.strip() or len(text) > most or not text.isprintable():
            raise GroupError("a name, label or address is empty, too long or not printable")
    if not made.url.startswith(("https://", "http://127.0.0.1:", "http://[::1]:")):
        raise GroupError("a member's address must be https", remedy="Plain http is for this machine only")
    for text, size in ((made.signing_key, 64), (made.share_key, 64), (made.possession, 192), (made.signature, 128)):
        if len(text) != size or not _HEX.issuperset(text):
            raise GroupError("a key or proof has the wrong form")


def _join(value: Mapping[str, Any]) -> Join:
    names = {item.name for item in fields(Join)}
    if set(value) != names or not all(isinstance(text, str) for text in value.values()):
        raise GroupError("is no join file", remedy="Make one with `vedette share epoch join`")
    return Join(**value)


def _object(data: bytes) -> dict[str, Any]:
    if len(data) > 1_000_000:
        raise GroupError("the file is too large")
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        raise GroupError("is no JSON", remedy="Ask for the file again") from None
    if not isinstance(value, dict):
        raise GroupError("is no JSON object", remedy="Ask for the file again")
    return value
