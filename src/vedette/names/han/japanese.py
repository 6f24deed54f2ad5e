"""Whether a Latin name can be the Japanese reading of a Han (and kana) name."""

from __future__ import annotations

import re
from functools import lru_cache

from vedette.names.han.characters import table

_VOICED = {"k": "g", "s": "z", "t": "d", "h": "b", "f": "b", "c": "j"}
_NAME_READINGS = {"子": "ko", "郎": "ro", "朗": "ro", "美": "mi", "一": "ichi kazu", "男": "o", "夫": "o", "雄": "o", "彦": "hiko", "和": "kazu", "正": "masa", "明": "aki", "博": "hiro", "浩": "hiro", "健": "ken", "介": "suke", "代": "yo", "恵": "e", "香": "ka", "井": "i", "田": "ta", "川": "kawa", "本": "moto", "藤": "to fuji", "佐": "sa", "加": "ka", "伊": "i", "小": "o ko", "安": "a yasu", "大": "o", "上": "ue kami", "村": "mura", "林": "hayashi", "崎": "saki"}  # fmt: skip


def plain(text: str) -> str:
    """Folded Latin with long vowels short and common spellings unified."""
    text = re.sub(r"ou|oo|oh(?![aiueo])", "o", text.replace(" ", ""))
    text = re.sub(r"uu", "u", text)
    return (
        text.replace("tu", "tsu")
        .replace("ttsu", "tsu")
        .replace("si", "shi")
        .replace("sshi", "shi")
        .replace("ti", "chi")
        .replace("mb", "nb")
    )


@lru_cache(maxsize=4096)
def _readings(char: str) -> frozenset[str]:
    entry = table().get(char)
    found = set(_NAME_READINGS.get(char, "").split())
    for reading in entry.japanese if entry else ():
        short = plain(reading)
        found.add(short)
        if len(short) > 3 and short[-1] in "iu":
            found.add(short[:-1] if short[-2] in "aeiou" else short[:-1] + "i")
    found |= {_VOICED[reading[0]] + reading[1:].lstrip("h") for reading in tuple(found) if reading[0] in _VOICED}
    return frozenset(found)


def reads(han: str, latin: str) -> int:
    """How many characters the reading covers: all of them, or 0 where the Latin letters are no reading of the whole."""
    target = plain(latin)
    ends = {0}
    for char in han:
        options = _readings(char)
        ends = {at + len(reading) for at in ends for reading in options if target.startswith(reading, at)}
        if not ends:
            return 0
    return len(han) if len(target) in ends else 0
