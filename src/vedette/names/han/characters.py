"""Han characters and their readings, from data/han.tsv."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from vedette.names.tables import rows


@dataclass(frozen=True, slots=True)
class Character:
    """One Han character: its simplified form and readings, the commonest first; ``named``: used in Korean names."""

    char: str
    plain: str
    pinyin: tuple[str, ...]
    hangul: tuple[str, ...]
    japanese: tuple[str, ...]
    frequency: int
    named: bool


# Japanese new forms, in the order new form, form with Korean and Chinese readings.
_NEW_FORMS = (
    "沢澤浜濱広廣桜櫻栄榮斎齋斉齊辺邊竜龍滝瀧恵惠実實黒黑徳德鉄鐵県縣関關塩鹽円圓帰歸気氣検檢権權顕顯渋澁焼燒条條乗乘真眞"
    "図圖静靜浅淺荘莊総總増增蔵藏沢澤単單団團聴聽転轉伝傳読讀売賣発發浜濱払拂変變宝寶豊豐万萬弥彌薬藥訳譯与與来來頼賴覧覽礼禮歴歷"
    "労勞楽樂霊靈亜亞囲圍医醫駅驛応應価價会會絵繪学學覚覺巌巖観觀暁曉区區芸藝茎莖経經軽輕剣劍国國済濟児兒寿壽収收将將穂穗瀬瀨"
)


@lru_cache(maxsize=1)
def table() -> dict[str, Character]:
    """Every character of the table."""
    found: dict[str, Character] = {}
    for char, plain, pinyin, hangul, japanese, mark in rows("han.tsv"):
        found[char] = Character(
            char,
            plain or char,
            tuple(pinyin.split()),
            tuple(hangul.split()),
            tuple(japanese.split()),
            int(mark[0]),
            mark[-1] == "n",
        )
    for new, old in zip(_NEW_FORMS[::2], _NEW_FORMS[1::2], strict=True):
        if new in found and old in found and not found[new].hangul:
            base, full = found[new], found[old]
            found[new] = Character(new, full.plain, base.pinyin, full.hangul, base.japanese, base.frequency, full.named)
    return found


def is_han(char: str) -> bool:
    """Whether the character is a Han character of the basic blocks."""
    return "\u4e00" <= char <= "\u9fff" or "\u3400" <= char <= "\u4dbf" or char == "々"


def plain(text: str) -> str:
    """Every Han character in its simplified form."""
    known = table()
    return "".join(known[char].plain if char in known else char for char in text)
