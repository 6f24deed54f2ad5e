"""The commitments of many rows of one table, equal to those that the act made of each, at a fifth of their cost."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

_BLOCK = 64
_text = json.JSONEncoder(ensure_ascii=False).encode


def _bytes(value: Any) -> str:
    return f'{{"bytes":"{bytes(value).hex()}"}}'


def _float(value: float) -> str:
    return str(int(value)) if value.is_integer() else json.dumps(value, allow_nan=False)


# How each kind of stored value stands in a row's canonical form (see ``store.commitment``).
_FORMS: dict[type, Callable[[Any], str]] = {
    str: json.encoder.encode_basestring,
    int: int.__repr__,
    bool: lambda value: str(int(value)),
    float: _float,
    bytes: _bytes,
    memoryview: _bytes,
    type(None): lambda _: "null",
}


def _template(before: str, names: Sequence[str], after: str) -> str:
    fields = ",".join(f"{_text(name)}:".replace("%", "%%") + "%s" for name in names)
    return f"{before.replace('%', '%%')}{{{fields}}}{after}"


def commitments(
    key: bytes, table: str, columns: Sequence[str], keys: Sequence[str], rows: Iterable[Sequence[Any]]
) -> Iterator[tuple[str, bytes]]:
    """(primary key as text, commitment) of each row; ``columns`` are sorted by name and the rows' values follow them."""
    form = _template(f"[{_text(table)},", columns, "]")
    places = [columns.index(name) for name in sorted(keys)]
    padded = (key if len(key) <= _BLOCK else hashlib.sha256(key).digest()).ljust(_BLOCK, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in padded)).copy
    outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in padded)).copy
    forms = _FORMS
    for row in rows:
        # HMAC-SHA256 with the key's two blocks hashed once: this loop is what verifying a workspace costs.
        written = tuple([forms[type(value)](value) for value in row])
        within, without = inner(), outer()
        within.update((form % written).encode())
        without.update(within.digest())
        yield f"[{','.join([written[place] for place in places])}]", without.digest()
