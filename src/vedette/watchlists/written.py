"""Other names that a publisher writes into one name cell."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vedette.base import Name, NameQuality

_SHORT_FORM = re.compile(r"^(?P<long>.+?)\s*\((?P<short>[A-Z][A-Za-z]{2,9})\)$")


def short_form(text: str) -> Iterator[Name]:
    """The long and the short name of "Emal Bilal Construction Company (EBCC)"; nothing where the brackets hold another thing."""
    found = _SHORT_FORM.match(text.strip())
    if found and _abbreviates(found["short"], found["long"]):
        yield Name(found["long"], NameQuality.STRONG)
        yield Name(found["short"], NameQuality.WEAK)


def _abbreviates(short: str, long: str) -> bool:
    """Whether the letters of the short form are initials of the long one, in order ("EBCC", not a country in brackets)."""
    initials = iter(word[0].lower() for word in re.findall(r"[A-Za-z]+", long))
    return all(letter.lower() in initials for letter in short)
