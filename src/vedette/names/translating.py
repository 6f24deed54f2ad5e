"""Names of organisations in other scripts: known words in English, the rest as written, to be read by its sound."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import product

from vedette.names.crossing.channel import weigh
from vedette.names.edits import edits
from vedette.names.folding import clean, fold
from vedette.names.han import japanese
from vedette.names.han.characters import plain, table
from vedette.names.han.mandarin import flat
from vedette.names.korean.model import syllable_model
from vedette.names.korean.reading import syllable_cuts
from vedette.names.scripts import VOWELLESS, script_of
from vedette.names.sounds import consonants
from vedette.names.tables import rows
from vedette.names.tokens import likeness, vowelless_likeness

_RUN = r"[\u4e00-\u9fff々]+|[가-힣\d]+|[\u30a0-\u30ff]+|[\u3040-\u309f]+|[\u0e00-\u0e7f]+|[^\s\u4e00-\u9fff々가-힣\u3040-\u30ff\u0e00-\u0e7f]+"
_UNSPACED = re.compile(r"[\u4e00-\u9fff々가-힣\u3040-\u30ff\u0e00-\u0e7f]")
_NEW_FORMS = (
    "総总経经済济産产業业県县関关証证図图広广応应発发開开団团実实験验環环気气機机構构鉄铁電电車车術术薬药歯齿労劳働动営营単单軽轻転转変变対对拡扩検检権权協协様样続续縄绳"
    "戦战焼烧塩盐駅驿囲围徳德竜龙滝泷沢泽浜滨辺边黒黑斎斋桜樱栄荣恵惠蔵藏剤剂庁厅価价読读伝传両两壊坏悪恶児儿徴征効效勅敕厳严収收処处摂摄択择"
)
_MARKS = re.compile("[\u064b-\u0652\u0640\u0670]")
_ARABIC = str.maketrans("أإآىیکةۂہؤئە", "اااييكهههويه")
_NEW = str.maketrans(dict(zip(_NEW_FORMS[::2], _NEW_FORMS[1::2], strict=True))) | {
    code: code + 96 for code in range(0x3041, 0x3097)
}
_ATTACHED = ("وال", "بال", "كال", "لل", "ال")
_CITIES = ("城市", "都市")  # 聊城市 is the city of Liaocheng
_BREAKS = re.compile(r"['’ʼ\"“”«»()（）\[\],，.・·/—–‐-]")
_ENDING = re.compile(r"(?<=..)(?:sk|tsk)?(?:iy|yy|yi|ii|yj|ij|oy|oe|oye|aya|ye|i|y|a|u|ogo|oi)$")
_LOANS = tuple(
    (re.compile(pattern), sign)
    for pattern, sign in (
        (r"c(?=[eiy])|th|sh", "s"),
        (r"g(?=[eiy])|z", "j"),
        (r"ch|tch|t(?=[iu])", "t"),
        (r"ts", "t"),
        (r"ph|f", "h"),
        (r"x", "ks"),
        (r"ck|q|c", "k"),
        (r"v", "b"),
        (r"l", "r"),
        (r"n(?=[bpm])|m(?=[bp])", "n"),
        (r"(?<=[aeiou])r(?=[^aeiouy]|$)|(?<=[aeiou])h", ""),
    )
)
Pieces = tuple[str, ...]
Piece = tuple[str, str]


@lru_cache(maxsize=1)
def _known() -> tuple[dict[str, str], dict[str, str], int]:
    """Native words, stems, and the length of the longest word."""
    whole: dict[str, str] = {}
    stems: dict[str, str] = {}
    for native, english in rows("organisation_words.tsv"):
        key = spelt(native)
        (stems if key.endswith("*") else whole)[key.rstrip("*")] = english
    return whole, stems, max(map(len, whole))


@lru_cache(maxsize=65_536)
def spelt(text: str) -> str:
    """One way of writing each letter: simplified Han, one form of Arabic letters, katakana for hiragana; the length stays."""
    return plain(text.translate(_NEW)).translate(_ARABIC)


def foreign(text: str) -> bool:
    """Whether some letters are neither Latin nor digits."""
    return not text.isascii() and script_of(text) != "latin"


@lru_cache(maxsize=16_384)
def translate(text: str) -> tuple[Piece, ...]:
    """Pieces of a name in another script, each beside what was written: known words in English, the rest as written; () for Latin letters.

    >>> translate("清华大学")
    (('tsinghua', '清华'), ('university', '大学'))
    """
    if not foreign(text):
        return ()
    found: list[Piece] = []
    for run in re.findall(_RUN, _BREAKS.sub(" ", _MARKS.sub("", clean(text).lower()))):
        found += _cut(run) if _UNSPACED.search(run) else _word(run)
    return tuple(found)


def _word(word: str) -> list[Piece]:
    """A word of a script that parts words: in English where it, or its stem, is known."""
    whole, stems, _ = _known()
    key = spelt(word)
    bare = next((key[len(head) :] for head in _ATTACHED if key.startswith(head) and len(key) >= len(head) + 2), key)
    for form in (key, bare, *(key[1:] for _ in "." if key[0] in "وبل")):
        if form in whole:
            return _english(whole[form], word)
    for size in range(len(key), 2, -1):
        if key[:size] in stems:
            return _english(stems[key[:size]], word)
    return [(bare if script_of(key) == "arabic" else word, word)]


def _english(words: str, native: str) -> list[Piece]:
    return [] if words == "-" else [(word, native) for word in words.split()]


def _cut(run: str) -> list[Piece]:
    """A run without spaces, cut at the longest known words."""
    whole, _, longest = _known()
    key = spelt(run)
    found: list[Piece] = []
    at = start = 0
    while at < len(run):
        size = next((n for n in range(min(longest, len(run) - at), 1, -1) if key[at : at + n] in whole), 0)
        size = 0 if at - start == 1 and key[at : at + size] in _CITIES else size
        size = size or int(_single(key, at, at - start))
        if size:
            found += [(run[start:at], run[start:at])] if start < at else []
            found += _english(whole[key[at : at + size]], run[at : at + size])
            start = at + size
        at += size or 1
    return [*found, (run[start:], run[start:])] if start < len(run) else found


def _single(run: str, at: int, before: int) -> bool:
    """Whether one sign alone is a word here: at the end of the run or before a known word, and never cutting a name of two signs."""
    whole, _, longest = _known()
    if run[at] not in whole or before == 1:
        return False
    after = at + 1
    return after == len(run) or any(run[after : after + n] in whole for n in range(2, longest))


# ---- reading --------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=200_000)
def reads(native: str, latin: str) -> float:
    """How well Latin letters read as a native piece, 0..1."""
    script = script_of(native)
    if script == "han":
        return _han(native, latin)
    if script == "kana":
        return _kana(native, latin)
    folded = fold(native).replace(" ", "")
    if not folded or not _near(folded, latin):
        return 0.0
    if script == "hangul":
        return _heard(native, latin)
    if script in ("cyrillic", "arabic"):
        bits, odds = weigh(latin, native, script)
        if odds > 0.0 and bits > 0.0:
            return 0.92
    if script in VOWELLESS:
        return vowelless_likeness(folded, latin)
    one = consonants(folded)
    bare = 0.85 if script == "other" and len(one) >= 3 and one == consonants(latin) else 0.0
    return max(bare, likeness(folded, latin), likeness(_stem(folded), _stem(latin)) - 0.05)


def _near(said: str, latin: str) -> bool:
    """Whether two words share enough consonants for a closer look."""
    one, two = consonants(said), consonants(latin)
    longer = max(len(one), len(two))
    most = int(0.6 * longer)
    return longer <= 2 or (abs(len(one) - len(two)) <= most and edits(one, two, most) <= most)


def _stem(word: str) -> str:
    return _ENDING.sub("", word) if len(word) > 4 else word


@lru_cache(maxsize=50_000)
def _heard(hangul: str, latin: str) -> float:
    """How well a Latin word reads as these Hangul syllables."""
    if not all("가" <= char <= "힣" for char in hangul):
        return 0.0
    model = syllable_model()
    best = -9.0
    for cut, _ in syllable_cuts(model, latin, "l", len(hangul)):
        if len(cut) == len(hangul):
            best = max(best, min(model.bits("h" + char, sign) for char, sign in zip(hangul, cut, strict=True)))
    return 0.95 if best > 1.0 else 0.75 if best > -1.0 else 0.0


@lru_cache(maxsize=50_000)
def _han(native: str, latin: str) -> float:
    """Mandarin, then Japanese, then the Korean reading of the characters."""
    if not len(native) <= len(latin) <= 8 * len(native):
        return 0.0
    known = table()
    ways = [tuple(map(flat, known[char].pinyin)) if char in known else () for char in native]
    ends = {0}
    for way in ways:
        ends = {at + len(syllable) for at in ends for syllable in way if latin.startswith(syllable, at)}
    if len(latin) in ends:
        return 0.96
    if len(latin) >= 3 and japanese.reads(native, latin):
        return 0.93
    hangul = [
        "".join(way) for way in product(*(known[char].hangul[:2] if char in known else () for char in native[:5]))
    ]
    if not 2 <= len(native) <= 5:
        return 0.0
    return 0.88 * max(
        (_heard(way, latin) for way in hangul[:8] if _near(fold(way).replace(" ", ""), latin)), default=0.0
    )


def _kana(native: str, latin: str) -> float:
    """Kana by its Latin letters; words borrowed from English by their consonants."""
    said = japanese.plain(fold(native.replace("ッ", "").replace("っ", "")).replace(" ", ""))
    if said == japanese.plain(latin):
        return 0.95
    one, two = _borrowed(said), _borrowed(latin)
    longer = max(len(one), len(two))
    if longer < 3:
        return 0.8 if one == two and edits(said, latin, 1) <= 1 else 0.0
    like = 1.0 - edits(one, two) / longer
    return 0.92 * like if like >= 0.74 else 0.0


@lru_cache(maxsize=65_536)
def _borrowed(word: str) -> str:
    """The consonants of a word as Japanese borrows them, its first letter kept: "opcell" and "opuseru" are both "opsr"."""
    for pattern, sign in _LOANS:
        word = pattern.sub(sign, word)
    return re.sub(r"(.)\1+", r"\1", word[:1] + re.sub("[aeiouyw]", "", word[1:]))


@lru_cache(maxsize=1)
def _kin() -> dict[str, frozenset[int]]:
    groups: dict[str, set[int]] = {}
    for number, (line,) in enumerate(rows("organisation_kin.txt")):
        for word in line.split():
            groups.setdefault(word, set()).add(number)
    return {word: frozenset(numbers) for word, numbers in groups.items()}


def kin(left: str, right: str) -> bool:
    """Whether two English words may translate one word."""
    groups = _kin()
    return not groups.get(left, frozenset()).isdisjoint(groups.get(right, frozenset()))


@lru_cache(maxsize=200_000)
def across(left: str, right: str) -> float:
    """Likeness of two words of which one was translated or is still in its own script."""
    if left.isascii() and right.isascii():
        found = 0.0 if left.isdigit() != right.isdigit() else likeness(left, right)
        return max(found, 0.8) if kin(left, right) else found
    if left.isascii() != right.isascii():
        return reads(right, left) if left.isascii() else reads(left, right)
    return 1.0 if left == right else 0.0


def spread(words: Pieces, other: Pieces) -> tuple[Pieces, Pieces]:
    """Native pieces cut, and Latin neighbours joined, where they sound alike: 南京东方 against nanjing dongfang."""
    runs = {"".join(other[at : at + size]): size for size in (4, 3, 2, 1) for at in range(len(other) - size + 1)}
    runs = {run: size for run, size in runs.items() if run.isascii() and not run.isdigit() and len(run) <= 40}
    pieces: list[str] = []
    joined: set[str] = set()
    for word in _merged(words, tuple(runs)):
        if word.isascii() or len(word) > 16:
            pieces.append(word)
            continue
        for piece, run in _pieces(word, tuple(runs)):
            pieces.append(piece)
            joined |= {run} if runs.get(run, 1) > 1 else set()
    return tuple(pieces), _joined(other, joined)


def _merged(words: Pieces, runs: Pieces) -> Pieces:
    """Neighbours in Arabic letters as one word where the other side writes one: صلاح الدين against salahaddin."""
    found: list[str] = []
    for word in words:
        before = found[-1] if found else ""
        both = before + word
        arabic = before and script_of(before) == "arabic" and script_of(word) == "arabic"
        if (
            arabic
            and not any(reads(part, run) >= 0.6 for part in (before, word) for run in runs)
            and any(reads(both, run) >= 0.9 for run in runs)
        ):
            found[-1] = both
        else:
            found.append(word)
    return tuple(found)


@lru_cache(maxsize=16_384)
def _pieces(word: str, runs: Pieces) -> tuple[tuple[str, str], ...]:
    """The piece cut into parts that a Latin run reads, each beside its run, or beside an empty text where none does."""
    whole = max(runs, key=lambda run: (reads(word, run), -len(run)), default="")
    if not whole or reads(word, whole) >= 0.6 or len(word) < 3 or not _UNSPACED.search(word):
        return ((word, whole if whole and reads(word, whole) >= 0.6 else ""),)
    for size in range(len(word) - 1, 1, -1):
        for at in (0, len(word) - size):
            part = word[at : at + size]
            run = max(runs, key=lambda run: reads(part, run))
            if reads(part, run) >= 0.75 and len(run) > 2:
                before, after = word[:at], word[at + size :]
                return (
                    *(_pieces(before, runs) if before else ()),
                    (part, run),
                    *(_pieces(after, runs) if after else ()),
                )
    return ((word, ""),)


def _joined(words: Pieces, runs: set[str]) -> Pieces:
    found: list[str] = []
    at = 0
    while at < len(words):
        size = next((n for n in (4, 3, 2) if "".join(words[at : at + n]) in runs and at + n <= len(words)), 1)
        found.append("".join(words[at : at + size]))
        at += size
    return tuple(found)
