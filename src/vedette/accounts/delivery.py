"""What a verification vendor sends: fields out of hostile bytes, and signatures checked before anything is believed."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn

from vedette.accounts.verification.model import Evidence
from vedette.base import VedetteError

LARGEST = 1024 * 1024
_LONGEST_TEXT = 300
Token = Callable[[str], str]
"""A number to a keyed hash: what vendors say of documents is never kept as a number."""


class NotAuthentic(VedetteError):
    """The signature is missing, wrong or too old: nothing of the message may be believed."""


class Unreadable(VedetteError):
    """The message is signed, but is not what the vendor's documentation says."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message read: the evidence in it, or why there is none (an event that decides nothing, a sandbox)."""

    event: str
    evidence: Evidence | None = None
    ignored: str = ""


class Fields:
    """Careful reading of somebody else's JSON: every step may be missing or of another kind."""

    def __init__(self, value: Any) -> None:
        self._value = value

    @classmethod
    def of(cls, body: bytes) -> Fields:
        """The JSON object in some bytes. Raises Unreadable."""
        if len(body) > LARGEST:
            raise Unreadable("is larger than 1 MiB")
        try:
            value = json.loads(body, parse_constant=_refuse)
        except (ValueError, RecursionError):
            raise Unreadable("is not JSON") from None
        if not isinstance(value, dict):
            raise Unreadable("is not a JSON object")
        return cls(value)

    def at(self, *path: str) -> Fields:
        """What stands at a path; empty fields where there is nothing."""
        value = self._value
        for name in path:
            value = value.get(name) if isinstance(value, Mapping) else None
        return Fields(value)

    def text(self, *path: str) -> str:
        """A short text, or a number as text; empty where there is none."""
        value = self.at(*path)._value
        if isinstance(value, bool) or not isinstance(value, str | int):
            return ""
        try:
            return "".join(character for character in str(value)[:_LONGEST_TEXT] if character.isprintable()).strip()
        except ValueError:
            return ""  # a whole number of more digits than Python will write

    def flag(self, *path: str) -> bool | None:
        """True or false, or None where it is neither."""
        value = self.at(*path)._value
        return value if isinstance(value, bool) else None

    def each(self, *path: str) -> Iterator[Fields]:
        """The elements of a list; none where there is no list."""
        value = self.at(*path)._value
        yield from map(Fields, value if isinstance(value, list) else ())

    def needed(self, what: str, *path: str) -> str:
        """A text that must be there. Raises Unreadable."""
        found = self.text(*path)
        if not found or not _encodes(found):
            raise Unreadable(f"names no {what}")
        return found


def _refuse(word: str) -> NoReturn:
    raise ValueError(word)


def _encodes(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)


def header(headers: Mapping[str, str], name: str) -> str:
    """A header's value by its name in any case. Raises NotAuthentic where it is missing."""
    for key, value in headers.items():
        if key.casefold() == name.casefold():
            return value.strip()
    raise NotAuthentic(f"the header {name} is missing")


def check_timed_signature(value: str, body: bytes, secret: str, *, now: datetime, tolerance: timedelta) -> None:
    """Check ``t=SECONDS,v1=HEX[,v1=HEX]`` where a digest is HMAC-SHA256 over ``t.body``; several sets may follow one another.

    Raises NotAuthentic. Sets are separated by spaces, as while a secret is being changed.
    """
    sets = [_pairs(part) for part in value.split()[:8]]
    stale = False
    for moment, digests in sets:
        if not moment.isascii() or not moment.isdecimal() or len(moment) > 11:
            continue
        expected = digest(secret, moment.encode() + b"." + body, "sha256")
        if any(hmac.compare_digest(expected, found) for found in digests):
            if fresh(datetime.fromtimestamp(int(moment), UTC), now, tolerance):
                return
            stale = True
    raise NotAuthentic("the signature is too old, or from the future" if stale else "the signature does not fit")


def _pairs(part: str) -> tuple[str, list[bytes]]:
    moment, digests = "", []
    for item in part.split(",")[:16]:
        name, _, value = item.strip().partition("=")
        if name == "t":
            moment = value
        elif name == "v1":
            digests.append(value.encode(errors="replace"))
    return moment, digests


def digest(secret: str, body: bytes, algorithm: str) -> bytes:
    """HMAC in hexadecimal. Raises NotAuthentic for an empty secret, with which anybody could sign."""
    if not secret:
        raise NotAuthentic("no secret is set for this vendor", remedy="Give the vendor's webhook secret")
    return hmac.digest(secret.encode(), body, algorithm).hex().encode()


def fresh(moment: datetime, now: datetime, tolerance: timedelta) -> bool:
    """Whether a time lies within the tolerance on either side of now."""
    return abs(now - moment) <= tolerance


def moment(text: str) -> datetime:
    """A vendor's time: ISO 8601, ``yyyy-MM-dd HH:mm:ss.fff`` in UTC, or seconds since 1970. Raises Unreadable."""
    try:
        if text.isascii() and text.isdecimal() and len(text) <= 12:
            return datetime.fromtimestamp(int(text), UTC)
        found = datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError):
        raise Unreadable("bears no time that can be read") from None
    return found.astimezone(UTC) if found.tzinfo is not None else found.replace(tzinfo=UTC)
