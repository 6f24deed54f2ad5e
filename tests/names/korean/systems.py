"""Systematic writings of Hangul names, by letter tables of the tests' own: no learnt count and no table of the room is used."""

from __future__ import annotations

import unicodedata

_INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_FINALS = {0: "-", 1: "ㄱ", 4: "ㄴ", 7: "ㄷ", 8: "ㄹ", 16: "ㅁ", 17: "ㅂ", 19: "ㅅ", 21: "ㅇ"}

Table = tuple[dict[str, str], dict[str, str], dict[str, str]]


def _table(initials: str, vowels: str, finals: str = "- k n t l m p t ng") -> Table:
    rows = (
        zip(_INITIALS, initials.split(), strict=True),
        zip(_VOWELS, vowels.split(), strict=True),
        zip(_FINALS.values(), finals.split(), strict=True),
    )
    return tuple({letter: text.replace("-", "") for letter, text in row} for row in rows)  # type: ignore[return-value]  # three


REVISED = _table(
    "g kk n d tt r m b pp s ss - j jj ch k t p h", "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i"
)
MCCUNE = _table(
    "k kk n t tt r m p pp s ss - ch tch ch' k' t' p' h", "a ae ya yae ŏ e yŏ ye o wa wae oe yo u wŏ we wi yu ŭ ŭi i"
)
NORTHERN = _table(
    "k kk n t tt r m p pp s ss - j jj ch kh th ph h", "a ae ya yae o e yo ye o wa wae oe yo u wo we wi yu u ui i"
)
KONTSEVICH = _table(
    "к кк н т тт р м п пп с сс - ч чч чх кх тх пх х",
    "а э я йя о е ё е о ва вэ ве ё у во ве ви ю ы ый и",
    "- к н т ль м п т н",
)
SYSTEMS = {"revised": REVISED, "mccune": MCCUNE, "northern": NORTHERN, "kontsevich": KONTSEVICH}
_NORTH = {"이": "리", "노": "로", "유": "류", "임": "림", "나": "라", "여": "려", "양": "량"}


def _syllable(char: str, table: Table) -> str:
    index = ord(char) - 0xAC00
    letters = _INITIALS[index // 588], _VOWELS[index % 588 // 28], _FINALS[index % 28]
    return "".join(row[letter] for row, letter in zip(table, letters, strict=True))


def flat(text: str) -> str:
    """Without breves and apostrophes, as most lists print it."""
    marked = unicodedata.normalize("NFD", text.replace("'", ""))
    return unicodedata.normalize("NFC", "".join(char for char in marked if char != "\u0306"))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _arranged(family: str, one: str, two: str) -> list[str]:
    first, second, third = map(_capital, (family, one, two))
    given = (f"{second} {third}", f"{second}-{two}", f"{second}{two}")
    return [
        *(f"{first} {text}" for text in given),
        *(f"{text} {first}" for text in given[:2]),
        f"{first.upper()}, {given[0]}",
    ]


def writings(name: str) -> list[str]:
    """Every systematic writing of a Hangul name of three syllables: four systems, with the marks and without, Southern and Northern
    family name, either order, given name spaced, hyphenated or joined."""
    found: list[str] = []
    for table in SYSTEMS.values():
        for family in filter(None, (name[0], _NORTH.get(name[0]))):
            found += _arranged(*(_syllable(char, table) for char in (family, *name[1:])))
    latin = [flat(text) for text in found if "ŏ" in text or "ŭ" in text or "'" in text]
    return list(dict.fromkeys((*found, *latin)))
