"""Legal forms of organisations in many languages: found, named by class, and taken off."""

from __future__ import annotations

from functools import lru_cache

from vedette.names.edits import edits
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


def legal_words() -> frozenset[Tokens]:
    """All written legal forms, as tokens."""
    return frozenset(_forms()[0])


@lru_cache(maxsize=1)
def _long() -> tuple[dict[int, dict[str, str]], frozenset[str]]:
    """Forms of several words and twelve letters, by number of words, and their words."""
    long: dict[int, dict[str, str]] = {}
    for form, group in _forms()[0].items():
        if len(form) > 1 and sum(map(len, form)) >= 12:
            long.setdefault(len(form), {})[" ".join(form)] = group
    return long, frozenset(word for known in long.values() for form in known for word in form.split() if len(word) > 3)


def _misspelt(tokens: Tokens) -> tuple[str, int]:
    """The class and length of a long form at the head of the tokens that holds at most two typing errors."""
    long, known = _long()
    for size in sorted(long, reverse=True):
        window = tokens[:size]
        if len(window) == size and not known.isdisjoint(window):
            text = " ".join(window)
            near = [form for form in long[size] if abs(len(form) - len(text)) <= 2 and edits(text, form, 2) <= 2]
            if near:
                return long[size][near[0]], size
    return "", 0


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
            group, size = _misspelt(tokens[at : at + longest])
            if group:
                found.add(group)
                at += size
                continue
            kept.append(tokens[at])
            at += 1
    return tuple(kept), frozenset(found)


def without_forms(tokens: Tokens) -> Tokens:
    """The tokens without legal forms of three letters and more, or all of them where nothing else is left.

    Shorter forms stay, because "Sa", "Se" or "As" are also syllables of personal names.
    """
    forms = _forms()[0]
    return tuple(token for token in tokens if len(token) < 3 or (token,) not in forms) or tokens
