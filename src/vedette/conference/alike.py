"""Whether two ways of writing an institution can be the same one, so that nobody is asked about another spelling."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz import fuzz

_WORD = re.compile(r"[\w&]+")
_SMALL = frozenset("of the and for at in de la du des et für der und y e &".split())
_ANY = frozenset(
    "university univ universität université universidad universita institute inst college laboratory lab".split()
)
_SAME = 90.0
_LETTERS = 2


@lru_cache(maxsize=100_000)
def alike(left: str, right: str) -> bool:
    """Near in spelling in any order of words, or one holds the initials of the other."""
    first, second = _words(left), _words(right)
    if not first or not second:
        return False
    if _initials(first) in second or _initials(second) in first:
        return True
    inner, outer = sorted((first, second), key=len)
    if all(word in outer for word in inner) and (len(inner) > _LETTERS or set(outer) - set(inner) <= _ANY):
        return not set(inner) <= _ANY
    return fuzz.token_sort_ratio(" ".join(first), " ".join(second)) >= _SAME


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for word in (each.casefold() for each in _WORD.findall(text)) if word not in _SMALL)


def _initials(words: tuple[str, ...]) -> str:
    letters = "".join(word[0] for word in words)
    return letters if len(letters) > _LETTERS else "\0"
