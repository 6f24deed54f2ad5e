"""Sets of 16-byte tags: padded so that nobody sees how many are real, searched without being unpacked, sealed at rest."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
from bisect import bisect_left
from collections.abc import Iterable, Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from vedette.base import VedetteError

#: Bytes of a tag: what is kept of the function's 64.
SIZE = 16
#: The smallest size that a padded set has.
LEAST = 256
_NONCE = 12


class TagsError(VedetteError):
    """Bytes that are no set of tags, or that cannot be opened."""


def packed(tags: Iterable[bytes]) -> bytes:
    """Sorted and joined, each once."""
    return b"".join(sorted(set(tags)))


def split(data: bytes) -> Iterator[bytes]:
    """Each tag of a packed set."""
    return (data[start : start + SIZE] for start in range(0, len(data), SIZE))


def padded(tags: Iterable[bytes], key: bytes, context: str) -> bytes:
    """A packed set filled up to the next power of two, at least 256, with tags that belong to nobody.

    The filling depends on key and context alone, so that two versions of a set differ in what is real only.
    """
    real = set(tags)
    size = max(LEAST, 1 << max(0, (len(real) - 1).bit_length()))
    number = 0
    while len(real) < size:
        real.add(hmac.digest(key, f"{context}\n{number}".encode(), "sha256")[:SIZE])
        number += 1
    return packed(real)


def contains(data: bytes, tag: bytes) -> bool:
    """Whether a packed set holds a tag, by bisection."""
    count = len(data) // SIZE
    place = bisect_left(range(count), tag, key=lambda n: data[n * SIZE : n * SIZE + SIZE])
    return place < count and hmac.compare_digest(data[place * SIZE : place * SIZE + SIZE], tag)


def version(data: bytes) -> str:
    """What names a state of a set."""
    return hashlib.sha256(data).hexdigest()[:32]


def encoded(data: bytes) -> str:
    """A packed set as text."""
    return base64.b64encode(data).decode()


def decoded(text: object, most: int) -> bytes:
    """A set from its text, at most so many tags, sorted and each once. Raises TagsError."""
    if not isinstance(text, str) or len(text) > most * SIZE * 4 // 3 + 8:
        raise TagsError("is no set of tags, or too many", remedy=f"Send at most {most:,} tags at once")
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise TagsError("is no set of tags") from None
    if len(data) % SIZE or len(data) > most * SIZE:
        raise TagsError("is no set of tags, or too many", remedy=f"Send at most {most:,} tags at once")
    return packed(split(data))


def sealed(data: bytes, key: bytes, context: str) -> bytes:
    """Encrypted under an epoch's file key, bound to where it belongs."""
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, data, context.encode())


def opened(data: bytes, key: bytes, context: str) -> bytes:
    """What ``sealed`` encrypted. Raises TagsError where the key is another or bytes were changed."""
    try:
        return AESGCM(key).decrypt(data[:_NONCE], data[_NONCE:], context.encode())
    except (InvalidTag, ValueError):
        raise TagsError("tags cannot be opened", remedy="Their key was destroyed, or they were altered") from None
