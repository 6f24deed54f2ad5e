"""Coarser forms of a folded token: how it sounds, and its consonants alone."""

from __future__ import annotations

import re
from functools import lru_cache

_SOUND = tuple(
    (re.compile(pattern), plain)
    for pattern, plain in (
        (r"sch|sh|sz(?!t)|x(?=i)", "S"),
        (r"tch|tsch|ch|cz|tj", "C"),
        (r"ph", "f"),
        (r"kh|gh(?=[aeiou])", "k"),
        (r"th", "t"),
        (r"dh", "d"),
        (r"dj|dzh|zh|j", "y"),
        (r"ck|c(?![eiy])|q", "k"),
        (r"c", "s"),
        (r"x", "ks"),
        (r"ou|oo|w(?=[^aeiouy]|$)", "u"),
        (r"ee|ie|ey|iy|ij|yi|ii|y(?=[^aeiou]|$)", "i"),
        (r"w", "v"),
        (r"(?<=.)h", ""),
        (r"ae", "e"),
        (r"(.)\1+", r"\1"),
    )
)
_CONSONANTS = str.maketrans("pvqgcdz", "bfkkkts", "aeiouhwy")
_FINE = tuple(
    (re.compile(pattern), plain)
    for pattern, plain in (
        (r"sh|ch|sch|cz|zh", "s"),
        (r"[dt]h", "t"),
        (r"ph", "f"),
        (r"kh|gh|ck", "k"),
        (r"x", "ks"),
        (r"dj", "j"),
    )
)


@lru_cache(maxsize=131072)
def sound(token: str) -> str:
    """How a token sounds across spelling habits: "mohammed" and "mohamed" agree, "lee" and "li" too."""
    for pattern, plain in _SOUND:
        token = pattern.sub(plain, token)
    return token


@lru_cache(maxsize=131072)
def consonants(token: str) -> str:
    """The classes of a token's consonants, for scripts that leave vowels out and for spellings that differ in vowels."""
    for pattern, plain in _FINE:
        token = pattern.sub(plain, token)
    return re.sub(r"(.)\1+", r"\1", token).translate(_CONSONANTS)
