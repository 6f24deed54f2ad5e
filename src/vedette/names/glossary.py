"""Words of organisations' names: abbreviations to full words, native words to English, words that say little."""

from __future__ import annotations

import re
from functools import lru_cache

from vedette.names.folding import fold
from vedette.names.han.characters import is_han, plain
from vedette.names.korean.letters import is_hangul
from vedette.names.tables import rows, words

FILLERS = frozenset(
    "the of and for de la le les du des del di do da e y i et und der die das fur a an in at on to no".split()
)

_CITIES = "islamic republic arab peoples democratic beijing shanghai shenzhen hong kong dalian dandong tehran dubai moscow moskva pyongyang damascus"


@lru_cache(maxsize=1)
def _full() -> dict[str, str]:
    return {variant: word for word, cells in rows("organisation_words_latin.tsv") for variant in cells.split("|")}


@lru_cache(maxsize=1)
def generic() -> frozenset[str]:
    """Words such as "trading" and "general", in full form."""
    return frozenset(map(full, words("organisation_generic.txt")))


@lru_cache(maxsize=1)
def places() -> frozenset[str]:
    """Words of country names and of some cities, which many organisations share."""
    names = {fold(name) for row in rows("countries.tsv") for name in row[2:]}
    known = {full(name) for name in names if " " not in name} | {full(word) for word in _CITIES.split()}
    return frozenset(known - generic())


def full(word: str) -> str:
    """The full form of a folded word: "univ" -> "university"; other words unchanged."""
    return _full().get(word, word)


@lru_cache(maxsize=1)
def _native() -> tuple[dict[str, str], int]:
    known = dict(rows("organisation_words.tsv"))
    return known, max(map(len, known))


@lru_cache(maxsize=16_384)
def translate(text: str) -> tuple[str, ...]:
    """Pieces of a name in Hangul, Han or Cyrillic, known words in English, the rest as written; () for other scripts."""
    if not re.search(r"[가-힣\u4e00-\u9fff\u0400-\u04ff]", text):
        return ()
    simple = plain(text.lower())
    pieces: list[str] = []
    for run in re.findall(r"[가-힣\d]+|[\u4e00-\u9fff]+|[^\s가-힣\u4e00-\u9fff]+", simple):
        pieces += (
            _cut(run)
            if is_hangul(run[-1]) or is_han(run[0]) or is_hangul(run[0])
            else _native()[0].get(run, run).split()
        )
    return tuple(pieces)


def _cut(run: str) -> list[str]:
    known, longest = _native()
    found: list[str] = []
    rest = ""
    at = 0
    while at < len(run):
        for size in range(min(longest, len(run) - at), 1, -1):
            english = known.get(run[at : at + size])
            if english:
                found += [rest] if rest else []
                found += english.split()
                rest = ""
                at += size
                break
        else:
            rest += run[at]
            at += 1
    return [*found, rest] if rest else found
