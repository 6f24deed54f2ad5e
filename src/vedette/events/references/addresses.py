"""Internet addresses as sorted arrays: IPv4 as unsigned 32-bit numbers, IPv6 as 16 bytes in network order."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

#: One family's addresses: uint32 for IPv4, 16-byte strings for IPv6 (these compare as the numbers do).
#: numpy's stubs cannot compare a union of the two, so the element type is left open.
Addresses: TypeAlias = NDArray[Any]

V4 = np.dtype(np.uint32)
V6 = np.dtype("S16")

_to_v4 = partial(socket.inet_pton, socket.AF_INET)
_to_v6 = partial(socket.inet_pton, socket.AF_INET6)
_MAPPED = bytes(10) + b"\xff\xff"
_LONGEST = 45


@dataclass(frozen=True, slots=True)
class Parsed:
    """Texts split by family: positions in the input and their addresses. What is in neither is no address."""

    v4_at: NDArray[np.int64]
    v4: NDArray[np.uint32]
    v6_at: NDArray[np.int64]
    v6: NDArray[np.bytes_]


def parse(texts: Sequence[str | None]) -> Parsed:
    """Read many addresses. An IPv4-mapped IPv6 address counts as IPv4; zones, ports and leading zeros are refused."""
    try:
        plain = b"".join(map(_to_v4, texts))  # None raises TypeError, handled below
        return Parsed(np.arange(len(texts)), _v4(plain), np.empty(0, np.int64), np.empty(0, V6))
    except (OSError, TypeError, ValueError):
        return _parse_mixed(texts)


def _parse_mixed(texts: Sequence[str | None]) -> Parsed:
    v4_at, v6_at = [], []
    v4, v6 = [], []
    for position, text in enumerate(texts):
        packed = _packed(text)
        if packed is None:
            continue
        if len(packed) == 4:
            v4_at.append(position)
            v4.append(packed)
        else:
            v6_at.append(position)
            v6.append(packed)
    return Parsed(np.array(v4_at, np.int64), _v4(b"".join(v4)), np.array(v6_at, np.int64), _v6(b"".join(v6)))


def _packed(text: str | None) -> bytes | None:
    if not text or len(text) > _LONGEST:
        return None
    try:
        if ":" not in text:
            return _to_v4(text)
        packed = _to_v6(text)
    except (OSError, ValueError):
        return None
    return packed[12:] if packed.startswith(_MAPPED) else packed


def _v4(packed: bytes) -> NDArray[np.uint32]:
    return np.frombuffer(packed, ">u4").astype(V4)


def _v6(packed: bytes) -> NDArray[np.bytes_]:
    return np.frombuffer(packed, V6)


def halves(v6: NDArray[np.bytes_]) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """IPv6 addresses as pairs of 64-bit numbers."""
    pairs = np.ascontiguousarray(v6).view(">u8").reshape(-1, 2).astype(np.uint64)
    return pairs[:, 0], pairs[:, 1]


def joined(high: NDArray[np.uint64], low: NDArray[np.uint64]) -> NDArray[np.bytes_]:
    """The inverse of ``halves``."""
    pairs = np.stack([high, low], axis=1).astype(">u8")
    return np.ascontiguousarray(pairs).view(V6).reshape(-1)


def successor(addresses: Addresses) -> Addresses:
    """Each address plus one; the last address of the family wraps to the first."""
    one = np.uint64(1)
    if addresses.dtype == V4:
        return (addresses.astype(np.uint32) + np.uint32(1)).astype(V4)
    high, low = halves(addresses.astype(V6))
    low = low + one
    return joined(high + (low == 0).astype(np.uint64), low)


def predecessor(addresses: Addresses) -> Addresses:
    """Each address minus one; the first address of the family wraps to the last."""
    one = np.uint64(1)
    if addresses.dtype == V4:
        return (addresses.astype(np.uint32) - np.uint32(1)).astype(V4)
    high, low = halves(addresses.astype(V6))
    return joined(high - (low == 0).astype(np.uint64), low - one)


def width(starts: Addresses, ends: Addresses) -> NDArray[np.float64]:
    """How many addresses lie between inclusive ends, as a floating number."""
    if starts.dtype == V4:
        return ends.astype(np.float64) - starts.astype(np.float64) + 1.0
    start_high, start_low = halves(starts.astype(V6))
    end_high, end_low = halves(ends.astype(V6))
    borrow = (end_low < start_low).astype(np.uint64)
    high = (end_high - start_high - borrow).astype(np.float64)
    return high * 2.0**64 + (end_low - start_low).astype(np.float64) + 1.0
