"""Forms of one name that are each in use: Bob for Robert, Aleksandr beside Alexander."""

from __future__ import annotations

from functools import lru_cache

from vedette.names.tables import rows


@lru_cache(maxsize=2)
def _groups(table: str) -> dict[str, frozenset[str]]:
    groups: dict[str, set[str]] = {}
    for name, cells in rows(table):
        for form in (name, *cells.split()):
            groups.setdefault(form, set()).add(f"{name} {cells}")
    return {form: frozenset(names) for form, names in groups.items()}


def _together(table: str, left: str, right: str) -> bool:
    groups = _groups(table)
    return bool(groups.get(left, frozenset()) & groups.get(right, frozenset()))


def familiar(left: str, right: str) -> bool:
    """Whether one token is a familiar form of the other, or both of one full form."""
    return _together("nicknames.tsv", left, right)


def variant(left: str, right: str) -> bool:
    """Whether two tokens are spellings of one name, each in use."""
    return _together("name_variants.tsv", left, right)
