"""Mandarin names: Han characters with surname readings, and Latin spellings cut into pinyin or Wade-Giles syllables."""

from __future__ import annotations

from functools import lru_cache
from math import log2

from vedette.names.han.characters import is_han, table

Syllables = tuple[str, ...]

# Characters whose reading as a family name differs from the common one.
SURNAME_READINGS = {
    "单": "shan", "曾": "zeng", "查": "zha", "仇": "qiu", "解": "xie", "任": "ren", "区": "ou", "朴": "piao", "盖": "ge",
    "尉": "wei", "乐": "yue", "缪": "miao", "召": "shao", "员": "yun", "么": "yao", "繁": "po", "覃": "qin", "冼": "xian",
    "华": "hua", "宁": "ning", "洗": "xian", "折": "she", "黑": "he", "盛": "sheng", "石": "shi", "柏": "bai", "卜": "bu",
    "车": "che", "种": "chong", "重": "chong", "万": "wan", "翟": "zhai", "沈": "shen", "祭": "zhai", "秘": "bi", "晟": "cheng",
}  # fmt: skip
_DOUBLE = frozenset(
    "欧阳 司马 上官 诸葛 司徒 东方 独孤 南宫 夏侯 皇甫 尉迟 公孙 慕容 令狐 长孙 宇文 端木 百里 呼延 轩辕".split()
)
_SURNAMES = dict(
    zip(
        "wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he lin gao luo zheng liang xie song tang han feng deng "
        "cao peng zeng xiao tian dong pan yuan cai jiang yu du ye cheng wei su lu ding ren shen yao fu zhong cui tan liao fan "
        "shi jin jia xia bai zou meng xiong qin qiu hou yin xue yan lei duan hao kong shao long wan gu lai kang mao qian dai mo wen "
        "niu ge fang hong hua bao shan zha piao ou yue miao qi geng guan zuo xin ni shu qu bi ji nie ning zhuang ruan mu pang tao zhai xi zong jing shu an bian rong yi you chang ran san hui jie jue teng ao ba bei ben bo chai chao chu cong dan dang dou gan gong huan kuang kui lan lao leng li lian luan mai man min nan pei ping pu qiang qiao que ruo sa sha shang shen sheng si sui tai wang weng wo wu xian xiang yun zang zhan zhen zhu zuo".split(),
        range(1, 200),
        strict=False,
    )
)

_WADE_INITIALS = {
    "b": "p", "p": "p", "d": "t", "t": "t", "g": "k", "k": "k", "j": "ch", "q": "ch", "zh": "ch", "ch": "ch", "z": "ts", "c": "ts",
    "x": "hs", "r": "j",
}  # fmt: skip
_WADE_FINALS = {"ian": "ien", "ie": "ieh", "iong": "iung", "ong": "ung", "ue": "ueh"}
_WADE_WHOLE = {
    "zhi": "chih", "chi": "chih", "shi": "shih", "ri": "jih", "zi": "tzu", "ci": "tzu", "si": "szu", "er": "erh", "you": "yu",
    "yan": "yen", "ye": "yeh", "yue": "yueh", "yong": "yung", "ge": "ko", "ke": "ko", "he": "ho", "guo": "kuo", "duo": "to",
    "luo": "lo", "zuo": "tso", "cuo": "tso", "suo": "so", "zhuo": "cho", "ruo": "jo", "tuo": "to", "nuo": "no", "gui": "kuei",
    "kui": "kuei", "xi": "hsi", "yi": "i", "xu": "hsu", "qu": "chu", "ju": "chu", "yu": "yu",
}  # fmt: skip


def _wade(pinyin: str) -> str:
    if pinyin in _WADE_WHOLE:
        return _WADE_WHOLE[pinyin]
    size = 2 if pinyin[:2] in ("zh", "ch", "sh") else 1
    initial, final = pinyin[:size], pinyin[size:]
    if not final:
        return pinyin
    return _WADE_INITIALS.get(initial, initial) + _WADE_FINALS.get(final, final)


def flat(pinyin: str) -> str:
    """Pinyin with u for ü, as flat texts write it."""
    return pinyin.replace("ü", "u").replace("ê", "e")


@lru_cache(maxsize=1)
def _spellings() -> tuple[dict[str, dict[str, float]], dict[str, float]]:
    """Latin syllable -> pinyin -> P(Latin | pinyin); and the share of each pinyin syllable over characters in use."""
    shares: dict[str, float] = {}
    for char in table().values():
        if char.frequency and char.pinyin and char.plain == char.char and char.pinyin[0].isalpha():
            shares[flat(char.pinyin[0])] = shares.get(flat(char.pinyin[0]), 0.0) + 2.0**char.frequency
    total = sum(shares.values())
    spelt: dict[str, dict[str, float]] = {}
    for pinyin in shares:
        forms = {pinyin: 0.9}
        forms[_wade(pinyin)] = forms.get(_wade(pinyin), 0.0) + 0.1
        if pinyin in ("lu", "nu"):
            forms |= {pinyin[0] + "v": 0.05, pinyin[0] + "yu": 0.05, pinyin[0] + "ue": 0.02}
        for form, chance in forms.items():
            spelt.setdefault(form, {})[pinyin] = chance
    return spelt, {pinyin: share / total for pinyin, share in shares.items()}


def of_han(text: str) -> tuple[Syllables, ...]:
    """Pinyin syllables of a Han name of two to four characters, family name first; empty for anything else."""
    known = table()
    if not 2 <= len(text) <= 4 or not all(is_han(char) and char in known and known[char].pinyin for char in text):
        return ()
    simple = "".join(known[char].plain for char in text)
    readings = [flat(known[char].pinyin[0]) for char in text]
    if simple[:2] not in _DOUBLE:
        readings[0] = SURNAME_READINGS.get(simple[0], readings[0])
    return (tuple(readings),)


@lru_cache(maxsize=20_000)
def _cut(word: str, most: int) -> tuple[Syllables, ...]:
    spelt = _spellings()[0]
    if not word:
        return ((),)
    if most == 0:
        return ()
    found = []
    for size in range(min(6, len(word)), 0, -1):
        if word[:size] in spelt:
            found += [(word[:size], *rest) for rest in _cut(word[size:], most - 1)]
    return tuple(found[:4])


def of_latin(words: tuple[str, ...]) -> tuple[Syllables, ...]:
    """Written syllables of a Latin name that reads as two to four Mandarin syllables, the family name moved first."""
    if not 1 <= len(words) <= 4 or sum(map(len, words)) > 24:
        return ()
    found: list[Syllables] = []
    orders = {words, (*words[-1:], *words[:-1])}
    for order in sorted(orders):
        ways: list[Syllables] = [()]
        for word in order:
            ways = [(*done, *cut) for done in ways for cut in _cut(word, 3) if len(done) + len(cut) <= 4][:6]
        found += [way for way in ways if len(way) >= 2 and _surname(way)]
    return tuple(dict.fromkeys(found))[:6]


def _surname(way: Syllables) -> bool:
    spelt = _spellings()[0]
    first = any(pinyin in _SURNAMES for pinyin in spelt.get(way[0], ()))
    return first or (len(way) >= 3 and way[0] + way[1] in _double_pinyin())


@lru_cache(maxsize=1)
def _double_pinyin() -> frozenset[str]:
    known = table()
    return frozenset("".join(known[char].pinyin[0] for char in name) for name in _DOUBLE)


@lru_cache(maxsize=100_000)
def _syllable_bits(left: str, right: str) -> float:
    """log2 likelihood ratio that two written syllables are one; -7 where they cannot be."""
    spelt, shares = _spellings()
    one, two = _posterior(spelt.get(left, {}), shares), _posterior(spelt.get(right, {}), shares)
    agreement = sum(chance * two[pinyin] / shares[pinyin] for pinyin, chance in one.items() if pinyin in two)
    return max(log2(agreement), -7.0) if agreement else -7.0


def _posterior(row: dict[str, float], shares: dict[str, float]) -> dict[str, float]:
    joint = {pinyin: chance * shares[pinyin] for pinyin, chance in row.items()}
    total = sum(joint.values())
    return {pinyin: value / total for pinyin, value in joint.items()}


def agreement(left: tuple[Syllables, ...], right: tuple[Syllables, ...]) -> tuple[float, Syllables, Syllables] | None:
    """The most favourable pair of ways of equal length: bits and both ways; None where there is none."""
    best: tuple[float, Syllables, Syllables] | None = None
    for one in left:
        for two in right:
            if len(one) == len(two):
                bits = sum(map(_syllable_bits, one, two))
                if best is None or bits > best[0]:
                    best = (bits, one, two)
    return best


def pinyin_of(way: Syllables) -> Syllables:
    """The likeliest pinyin of written syllables: Wade-Giles turned into pinyin."""
    spelt, shares = _spellings()
    return tuple(
        max(spelt.get(piece, {piece: 1.0}).items(), key=lambda item: (item[1] * shares.get(item[0], 1e-9), item[0]))[0]
        for piece in way
    )
