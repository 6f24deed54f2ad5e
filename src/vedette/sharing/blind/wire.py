"""Signed messages between members: who asks what of which epoch, once, now."""

from __future__ import annotations

import json
import re
import secrets as random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from vedette.base import VedetteError, canonical_json, iso, parse_time
from vedette.sharing.blind.group import Secrets, signed_by

_NAMES = ("kind", "epoch", "sender", "request_id", "made_at", "body", "signature")
_REQUEST = re.compile(r"[0-9a-f]{32}")
_ELEMENT = re.compile(r"[0-9a-f]{64}")
#: What members send each other.
KINDS = ("evaluate", "tags", "contribute", "ask", "asked")


class BadMessage(VedetteError):
    """A message that is malformed, stale or not signed by whom it names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One signed message. ``request_id`` is used once in an epoch; an answer repeats it."""

    kind: str
    epoch: str
    sender: str
    request_id: str
    made_at: str
    body: Mapping[str, Any]
    signature: str

    def encoded(self) -> bytes:
        """The bytes on the wire."""
        return json.dumps({name: getattr(self, name) for name in _NAMES}, separators=(",", ":")).encode()

    def authentic(self, key: str) -> bool:
        """Whether the member with this public key signed it. A body that has no canonical form was signed by nobody."""
        try:
            covered = _covered(self)
        except (ValueError, RecursionError):
            return False
        return signed_by(key, covered, self.signature)

    def fresh(self, now: datetime, skew_seconds: int) -> bool:
        """Whether it was made about now."""
        return abs(parse_time(self.made_at) - now) <= timedelta(seconds=skew_seconds)


def write(
    secrets: Secrets, *, kind: str, epoch: str, sender: str, body: Mapping[str, Any], now: datetime, answers: str = ""
) -> Message:
    """A signed message; ``answers`` names the request that it answers."""
    made = Message(
        kind=kind,
        epoch=epoch,
        sender=sender,
        request_id=answers or random.token_hex(16),
        made_at=iso(now),
        body=body,
        signature="",
    )
    values = {name: getattr(made, name) for name in _NAMES}
    return Message(**{**values, "signature": secrets.sign(_covered(made)).hex()})


def read(value: object) -> Message:
    """A message from decoded JSON. Raises BadMessage for any other shape; the signature is not checked here."""
    if not isinstance(value, dict) or set(value) != set(_NAMES):
        raise BadMessage("is no message of a blind match", remedy="Use a program of the same version")
    texts = [value[name] for name in _NAMES if name != "body"]
    if not all(isinstance(text, str) and len(text) <= 200 and text.isprintable() for text in texts):
        raise BadMessage("a field of the message has the wrong form")
    if not isinstance(value["body"], dict) or not _REQUEST.fullmatch(value["request_id"]):
        raise BadMessage("a field of the message has the wrong form")
    try:
        parse_time(value["made_at"])
    except ValueError:
        raise BadMessage("the message has no time") from None
    return Message(**value)


def decode(data: bytes) -> Message:
    """A message from bytes. Raises BadMessage."""
    try:
        return read(json.loads(data))
    except (ValueError, RecursionError):
        raise BadMessage("is no message of a blind match") from None


def elements(body: Mapping[str, Any], name: str, most: int) -> list[bytes]:
    """A list of group elements, by form only. Raises BadMessage for another form or more than ``most``."""
    found = body.get(name)
    if not isinstance(found, list) or not 0 < len(found) <= most:
        raise BadMessage(f"a request has 1 to {most:,} elements", remedy="Send several requests")
    if not all(isinstance(text, str) and _ELEMENT.fullmatch(text) for text in found):
        raise BadMessage("an element has the wrong form")
    return [bytes.fromhex(text) for text in found]


def _covered(made: Message) -> bytes:
    values = {name: getattr(made, name) for name in _NAMES if name != "signature"}
    return b"vedette-blind-message\n" + canonical_json(values)
