"""Organisations as bytes: one blob per stored registry version."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from vedette.institutions.model import Organisation

_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Organisation)


def encode_lines(organisations: Iterable[Organisation]) -> bytes:
    """One JSON object a line, in the order given."""
    return _ENCODER.encode_lines(list(organisations))


def decode_lines(data: bytes) -> tuple[Organisation, ...]:
    """The organisations of ``encode_lines``."""
    return tuple(_DECODER.decode_lines(data))
