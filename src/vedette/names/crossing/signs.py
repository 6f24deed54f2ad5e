"""Cut a word in Cyrillic, Arabic or Han writing into the signs that Latin spellings stand for."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from vedette.names.han.characters import table

SCRIPTS = ("cyrillic", "arabic", "han")
END = "$"
_LONGEST = 24
_UNKNOWN = "?"
_ALIKE = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ة": "ه", "ى": "ي", "ـ": "", "ک": "ك", "ی": "ي", "ہ": "ه"}
)
_DOUBLED = re.compile(r"(.)\1+")
_INITIAL = re.compile(r"(zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?(.*)")


@lru_cache(maxsize=65_536)
def signs(word: str, script: str) -> tuple[str, ...]:
    """The signs of a word, the last one marked: letters, or initial and final of the pinyin of Han; empty beyond 24 signs.

    >>> signs("奥柏", "han")
    ('ao', 'b', 'o$')
    """
    found = _pinyin(word) if script == "han" else _letters(word)
    return (*found[:-1], found[-1] + END) if 0 < len(found) <= _LONGEST else ()


def _letters(word: str) -> list[str]:
    plain = unicodedata.normalize("NFC", word.casefold()).translate(_ALIKE)
    return [char for char in plain if char.isalpha()]


def _pinyin(word: str) -> list[str]:
    known = table()
    found: list[str] = []
    for char in word[:_LONGEST]:
        entry = known.get(char)
        reading = known.get(entry.plain, entry).pinyin if entry else ()
        match = _INITIAL.fullmatch(reading[0].replace("ü", "v")) if reading else None
        found += [part for part in match.groups() if part] if match else [_UNKNOWN]
    return found


def heard(latin: str, script: str) -> str:
    """Latin letters as the script can tell them: Arabic does not write that a letter is doubled."""
    return _DOUBLED.sub(r"\1", latin) if script == "arabic" else latin
