"""The keys under which a name is indexed for candidate search."""

from __future__ import annotations

from vedette.names.folding import fold
from vedette.names.model import Kind
from vedette.names.words import parts


def keys(text: str, kind: Kind = "unknown") -> tuple[str, ...]:
    """Folded keys of a name, the written form first, then the order-free one; deterministic, without repeats."""
    found = [fold(text), " ".join(parts(text))]
    return tuple(dict.fromkeys(key for key in found if key))
