"""Stable ids and canonical bytes: the same facts give the same id on every machine and every run."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import TypeAlias

Json: TypeAlias = "None | bool | int | float | str | Sequence[Json] | Mapping[str, Json]"


def canonical_json(value: object) -> bytes:
    """Encode to JSON bytes that depend only on the value: sorted keys, no spaces, UTF-8. NaN is refused."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def digest(*parts: str | bytes) -> bytes:
    """SHA-256 over length-prefixed parts, so that ("ab", "c") and ("a", "bc") differ."""
    state = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        state.update(len(data).to_bytes(8, "big"))
        state.update(data)
    return state.digest()


def stable_id(prefix: str, *parts: str) -> str:
    """A readable id such as ``fnd_3k5v...``: the prefix and 100 bits of the digest of the parts."""
    code = base64.b32encode(digest(prefix, *parts)).decode().lower()[:20]
    return f"{prefix}_{code}"
