"""Cursors: the opaque, signed place at which a reader of a long list goes on."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from vedette.base import Json, canonical_json
from vedette.doors.web.problem import Problem

_SIGNATURE = 16


@dataclass(frozen=True, slots=True)
class Cursors:
    """Writes and reads cursors. A cursor holds for the question that it was given for, and for no other."""

    key: bytes

    def write(self, question: str, place: Mapping[str, Json]) -> str:
        """The text that leads back to a place in the answers to a question."""
        body = canonical_json(dict(place))
        return base64.urlsafe_b64encode(self._signature(question, body) + body).decode().rstrip("=")

    def read(self, question: str, text: str) -> dict[str, Json]:
        """The place behind a cursor. Raises Problem for one that was not given for this question."""
        try:
            data = base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
        except (UnicodeEncodeError, binascii.Error, ValueError):
            data = b""
        body = data[_SIGNATURE:]
        if not hmac.compare_digest(data[:_SIGNATURE], self._signature(question, body)):
            raise Problem(
                400,
                "bad-cursor",
                "This cursor was not given for this question",
                remedy="Send `next` of the last answer, with the same filters",
            )
        place: dict[str, Json] = msgspec.json.decode(body)
        return place

    def _signature(self, question: str, body: bytes) -> bytes:
        return hmac.digest(self.key, len(question).to_bytes(4, "big") + question.encode() + body, "sha256")[:_SIGNATURE]
