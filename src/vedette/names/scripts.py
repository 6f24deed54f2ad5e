"""Which script a text is written in."""

from __future__ import annotations

import re
from functools import lru_cache

_RANGES = (
    ("hangul", "\u1100-\u11ff\u3130-\u318f가-힣"),
    ("han", "\u3005\u3400-\u4dbf\u4e00-\u9fff"),
    ("kana", "\u3040-\u30ff"),
    ("cyrillic", "\u0400-\u052f"),
    ("arabic", "\u0600-\u06ff\u0750-\u077f"),
    ("hebrew", "\u0590-\u05ff"),
    ("thai", "\u0e00-\u0e7f"),
    ("latin", "A-Za-z\u00c0-\u024f\u1e00-\u1eff"),
)
_PATTERNS = tuple((name, re.compile(f"[{letters}]")) for name, letters in _RANGES)
VOWELLESS = frozenset({"arabic", "hebrew", "thai"})


@lru_cache(maxsize=65_536)
def script_of(text: str) -> str:
    """The script of most letters: latin, hangul, han, kana, cyrillic, arabic, hebrew, thai or other."""
    if text.isascii():
        return "latin"
    found = [(len(pattern.findall(text)), -place, name) for place, (name, pattern) in enumerate(_PATTERNS)]
    count, _, name = max(found)
    return name if count else "other"
