"""A text cut into words, Hangul syllables and Han signs, each in one plain spelling and with its place."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

BREAK = ""
"""The plain form of punctuation that no phrase reaches over."""

LONGEST = 200_000
"""Characters that are read of one text."""

_HANGUL = "\uac00-\ud7a3"
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_PIECE = re.compile(
    rf"[{_HANGUL}{_HAN}]|[^\W_{_HANGUL}{_HAN}]+(?:['’][^\W\d_{_HANGUL}{_HAN}]+)*|[,;:.!?()\[\]{{}}\"“”«»|—…、。，；：（）《》【】]"
)
_PUNCTUATION = frozenset(',;:.!?()[]{}"“”«»|—…、。，；：（）《》【】')
_KEPT = frozenset(("arms", "news", "series", "physics", "mathematics", "species", "lens", "athens"))
_SPELT = {
    "defence": "defense",
    "fibre": "fiber",
    "licence": "license",
    "centre": "center",
    "programme": "program",
    "aluminium": "aluminum",
    "uncrewed": "unmanned",
    "crewless": "unmanned",
    "manoeuvre": "maneuver",
    "aeroplane": "airplane",
    "gases": "gas",
}
_BEGINNINGS = (
    ("armour", "armor"),
    ("tumour", "tumor"),
    ("manoeuvr", "maneuver"),
    ("modell", "model"),
    ("sulph", "sulf"),
    ("behaviour", "behavior"),
    ("vapour", "vapor"),
)


@dataclass(frozen=True, slots=True)
class Token:
    """``plain`` is what phrases are compared by; ``glued``: it stands without a gap behind the token before it."""

    plain: str
    start: int
    end: int
    glued: bool

    @property
    def hangul(self) -> bool:
        """Whether it is a Hangul syllable."""
        return "\uac00" <= self.plain[:1] <= "\ud7a3"


def composed(text: str) -> str:
    """The text in the form in which places are counted."""
    return unicodedata.normalize("NFC", text[:LONGEST])


def tokens(text: str) -> list[Token]:
    """The tokens of a composed text, punctuation as breaks."""
    found = []
    last = -1
    for piece in _PIECE.finditer(text):
        start, end = piece.span()
        found.append(Token(_plain(piece.group()), start, end, start == last))
        last = end
    return found


@lru_cache(maxsize=65536)
def _plain(piece: str) -> str:
    """One spelling for British and American, singular and plural, full and half width, simplified and traditional."""
    if piece in _PUNCTUATION:
        return BREAK
    word = unicodedata.normalize("NFKC", piece).casefold()
    if len(word) == 1:
        return _SIMPLIFIED.get(word, word)
    word = re.split("['’]", word)[0] or word
    return _spelt(_singular(word))


def _singular(word: str) -> str:
    if len(word) <= 3 or not word.endswith("s") or word in _KEPT:
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word if word.endswith(("ss", "us", "is")) else word[:-1]


def _spelt(word: str) -> str:
    if word in _SPELT:
        return _SPELT[word]
    for british, american in _BEGINNINGS:
        if word.startswith(british):
            return american + word[len(british) :]
    word = word.replace("isation", "ization")
    return re.sub("is(ed|ing)$", r"iz\1", word) if len(word) > 6 else word


_SIMPLIFIED = dict(
    zip(
        "彈導鈾濃縮無機戰術鬥車艦艇雷達電擾擊關係統網絡計算軍隊艙衛錯離標識別動態勢評級聯優設飛彈魚導彈攔殺潛聲納納線陣隱塗層對抗裝備炸藥藥發動機氣噴進劑複雜圖爾強習練經學醫療護腫瘤輸預測業農麥歷史遊戲",
        "弹导铀浓缩无机战术斗车舰艇雷达电扰击关系统网络计算军队舱卫错离标识别动态势评级联优设飞弹鱼导弹拦杀潜声纳纳线阵隐涂层对抗装备炸药药发动机气喷进剂复杂图尔强习练经学医疗护肿瘤输预测业农麦历史游戏",
        strict=True,
    )
)
