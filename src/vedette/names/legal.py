"""Legal forms of organisations in many languages: found, named by class, and taken off."""

from __future__ import annotations

from functools import lru_cache

from vedette.names.folding import fold
from vedette.names.tables import rows

Tokens = tuple[str, ...]


@lru_cache(maxsize=1)
def _forms() -> tuple[dict[Tokens, str], int]:
    forms: dict[Tokens, str] = {}
    for group, cells in rows("legal_forms.tsv"):
        for form in cells.split("|"):
            forms[tuple(fold(form).split())] = group
    return forms, max(map(len, forms))


@lru_cache(maxsize=65536)
def split_forms(tokens: Tokens) -> tuple[Tokens, frozenset[str]]:
    """The tokens without legal forms, and the classes of the forms taken off, for example {"limited"}."""
    forms, longest = _forms()
    kept: list[str] = []
    found: set[str] = set()
    at = 0
    while at < len(tokens):
        for size in range(min(longest, len(tokens) - at), 0, -1):
            group = forms.get(tokens[at : at + size])
            if group:
                found.add(group)
                at += size
                break
        else:
            kept.append(tokens[at])
            at += 1
    return tuple(kept), frozenset(found)


def without_forms(tokens: Tokens) -> Tokens:
    """The tokens without legal forms of three letters and more, or all of them where nothing else is left.

    Shorter forms stay, because "Sa", "Se" or "As" are also syllables of personal names.
    """
    forms = _forms()[0]
    return tuple(token for token in tokens if len(token) < 3 or (token,) not in forms) or tokens
