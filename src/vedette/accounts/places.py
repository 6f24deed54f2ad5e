"""Where a text says that somebody is: countries by name, and the DPRK told apart from everything spelled like it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from vedette.accounts.contacts import plain, rows
from vedette.names import country_code, fold

_SEPARATOR = re.compile(r"[,;\n\r\t|/،、，；・]+")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_BRACKETS = re.compile(r"[()\[\]{}（）]")
_LATIN = re.compile(r"[a-z]", re.IGNORECASE)
_LONGEST = 2_000
_MOST_JOINED = 2


class Mention(StrEnum):
    """How a text speaks of the DPRK: as the present country of the address, as a past one, by one of its cities, or at all."""

    PRESENT = "present"
    PAST = "past"
    CITY = "city"
    NAMED = "named"


@dataclass(frozen=True, slots=True)
class _Names:
    """Spellings, Latin ones folded and all others as written.

    ``name`` holds wherever it stands, ``alone`` as a whole part of an address, ``code`` as a whole country field.
    """

    name: tuple[str, ...]
    alone: frozenset[str]
    code: frozenset[str]
    places: frozenset[str]


def _spelling(text: str) -> str:
    """The form in which a spelling is compared: Latin letters folded, other scripts as written, small letters."""
    return fold(text) if _LATIN.search(text) else " ".join(re.findall(r"\w+", plain(text).casefold()))


@lru_cache(maxsize=1)
def _names() -> _Names:
    found = rows("dprk_names.tsv")
    return _Names(
        name=tuple(dict.fromkeys(_spelling(text) for text, _, use, _ in found if use == "name")),
        alone=frozenset(_spelling(text) for text, _, use, _ in found if use != "code"),
        code=frozenset(_spelling(text) for text, *_ in found),
        places=frozenset(_spelling(text) for text, _ in rows("dprk_places.tsv")),
    )


@lru_cache(maxsize=1)
def _past() -> tuple[tuple[str, ...], tuple[str, ...]]:
    found = rows("past_words.tsv")
    return (
        tuple(f" {fold(text)} " for text, how in found if how == "word"),
        tuple(text for text, how in found if how == "within"),
    )


@lru_cache(maxsize=65_536)
def country_of(text: str) -> str | None:
    """ISO 3166-1 alpha-2 of what a country field says; None where it names no single country ("Korea")."""
    text = plain(text)
    if len(text) == 2 and text.isascii() and text.isalpha():
        return text.upper()
    return "KP" if _spelling(text[:_LONGEST]) in _names().code else country_code(text)


@lru_cache(maxsize=65_536)
def mention(text: str) -> Mention | None:
    """How an address, or any other text, speaks of the DPRK; None where it does not.

    Present is only what stands as the country of the address: its last part or, in East Asian order, its first one.
    """
    text = plain(text[:_LONGEST])
    parts = [part for part in _SEPARATOR.split(text) if part.strip()]
    if not parts:
        return None
    if _country_part(parts):
        past = _speaks_of_past(text) or _within_brackets(parts[-1]) or _dated(parts)
        return Mention.PAST if past else Mention.PRESENT
    if any(_named(part) for part in parts):
        return Mention.PAST if _speaks_of_past(text) else Mention.NAMED
    if _without_digits(parts[-1]) in _names().places and not _speaks_of_past(text):
        return Mention.CITY
    return None


def _dated(parts: list[str]) -> bool:
    """Whether a year stands with the country: a present address bears none, a former one often does."""
    return any(_YEAR.search(part) for part in parts[-_MOST_JOINED:])


def _country_part(parts: list[str]) -> bool:
    """Whether the last parts, or the first word of an address in East Asian order, are the DPRK's name."""
    tails = [", ".join(parts[-count:]) for count in range(1, _MOST_JOINED + 1) if count <= len(parts)]
    return any(_is_country(tail) for tail in tails) or _leads(parts[0])


def _is_country(part: str) -> bool:
    spelled = _without_digits(part)
    if spelled in _names().alone:
        return True
    first, _, rest = spelled.partition(" ")
    return first in _names().places and rest in _names().alone


def _leads(part: str) -> bool:
    """Whether a part in another script than Latin begins with the name as a word of its own, or before a DPRK city."""
    if part.isascii() or _LATIN.search(part):
        return False
    return bool(_leading().match(_spelling(part)))


def _without_digits(part: str) -> str:
    return " ".join(word for word in _spelling(part).split() if not any(map(str.isdigit, word)))


def _named(part: str) -> bool:
    """Whole words in every script; Chinese and Japanese leave no space between words, so theirs count within a word."""
    words, within = _naming()
    if words.search(_spelling(part)):
        return True
    written = "" if part.isascii() else plain(part).casefold()
    return bool(words.search(" ".join(re.findall(r"\w+", written))) or (written and within.search(written)))


@lru_cache(maxsize=1)
def _leading() -> re.Pattern[str]:
    names = [name for name in _names().alone if not _LATIN.search(name)]
    long = [name for name in names if len(name) > 1]
    return re.compile(rf"(?:{_either(names)})(?:$| )|(?:{_either(long)})(?:{_either(_names().places)})")


@lru_cache(maxsize=1)
def _naming() -> tuple[re.Pattern[str], re.Pattern[str]]:
    within = [name for name in _names().name if not name.isascii() and " " not in name]
    return re.compile(rf"(?<!\w)(?:{_either(_names().name)})(?!\w)"), re.compile(_either(within))


def _either(texts: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(texts)))


def _speaks_of_past(text: str) -> bool:
    words, within = _past()
    folded, raw = f" {fold(text)} ", plain(text).casefold()
    return any(word in folded for word in words) or any(mark in raw for mark in within)


def _within_brackets(part: str) -> bool:
    """Whether a bracket is opened before, or closed after, the part: then it is a remark and not the country."""
    found = "".join(_BRACKETS.findall(part))
    return found.count("(") + found.count("（") != found.count(")") + found.count("）")
