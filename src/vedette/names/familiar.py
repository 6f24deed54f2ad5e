"""Familiar forms of given names: Bob is often Robert."""

from __future__ import annotations

from functools import lru_cache

from vedette.names.tables import rows


@lru_cache(maxsize=1)
def _groups() -> dict[str, frozenset[str]]:
    groups: dict[str, set[str]] = {}
    for name, cells in rows("nicknames.tsv"):
        for form in (name, *cells.split()):
            groups.setdefault(form, set()).add(name)
    return {form: frozenset(names) for form, names in groups.items()}


def familiar(left: str, right: str) -> bool:
    """Whether one token is a familiar form of the other, or both of one full form."""
    groups = _groups()
    return bool(groups.get(left, frozenset()) & groups.get(right, frozenset()))
