"""Listings as bytes: one blob per stored version, and the canonical bytes of each field by which versions are compared."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Iterable, Mapping

import msgspec

from vedette.base import Place
from vedette.watchlists.model import Listing
from vedette.watchlists.reading import ListError

_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Listing)
#: The fields that versions are compared by. An entry's own id stands in both of its forms and cannot change.
FIELDS = (
    *("kind", "names", "birth_dates", "countries", "addresses", "identifiers", "websites"),
    *("programmes", "dprk", "listed_on", "remarks", "topics"),
)
_OF_PARTY = frozenset(FIELDS[:7])


def encode_lines(listings: Iterable[Listing]) -> bytes:
    """One JSON object a line, in the order given."""
    return _ENCODER.encode_lines(list(listings))


def decode_lines(data: bytes) -> tuple[Listing, ...]:
    """The listings of ``encode_lines``."""
    return tuple(_DECODER.decode_lines(data))


def pack(data: bytes) -> tuple[str, bytes]:
    """SHA-256 of the plain bytes, and the bytes packed for the disk."""
    return hashlib.sha256(data).hexdigest(), gzip.compress(data, compresslevel=1, mtime=0)


def unpack(packed: bytes, expected_hash: str, name: str) -> bytes:
    """The plain bytes, checked against their hash. Raises ListError where they were altered."""
    try:
        data = gzip.decompress(packed)
    except (OSError, EOFError, zlib.error) as fault:
        raise ListError(f"cannot be unpacked: {fault}", place=Place(name), remedy="Load the list files again") from None
    if hashlib.sha256(data).hexdigest() != expected_hash:
        raise ListError("does not match its hash", place=Place(name), remedy="Load the list files again")
    return data


def field_bytes(listing: Listing) -> Mapping[str, bytes]:
    """The canonical bytes of each compared field."""
    return {name: _ENCODER.encode(getattr(listing.party if name in _OF_PARTY else listing, name)) for name in FIELDS}
