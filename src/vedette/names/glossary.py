"""Words of organisations' names in Latin letters: abbreviations to full words, places, words that say little."""

from __future__ import annotations

from functools import lru_cache

from vedette.names.edits import one_edit
from vedette.names.folding import fold
from vedette.names.legal import legal_words
from vedette.names.tables import rows, words

Tokens = tuple[str, ...]

FILLERS = frozenset(
    "the of and for de la le les du des del di do da e y i et und der die das fur a an in at on to no".split()
)


@lru_cache(maxsize=1)
def _full() -> dict[str, str]:
    return {variant: word for word, cells in rows("organisation_words_latin.tsv") for variant in cells.split("|")}


@lru_cache(maxsize=1)
def generic() -> frozenset[str]:
    """Words such as "trading" and "general", in full form."""
    return frozenset(map(full, words("organisation_generic.txt")))


@lru_cache(maxsize=1)
def places() -> frozenset[str]:
    """Countries, cities and directions, which many organisations share."""
    names = {fold(name) for row in rows("countries.tsv") for name in row[2:]}
    known = {full(name).replace(" ", "") for name in names} | set(map(full, words("organisation_places.txt")))
    known |= set("islamic republic arab peoples democratic".split())
    return frozenset(known - generic())


def full(word: str) -> str:
    """The full form of a folded word: "univ" -> "university"; other words unchanged."""
    return _full().get(word, word)


@lru_cache(maxsize=1)
def _phrases() -> tuple[dict[Tokens, Tokens], int]:
    found = {tuple(variant.split()): tuple(word.split()) for variant, word in _full().items() if " " in variant + word}
    return found, max(map(len, found))


@lru_cache(maxsize=65_536)
def expand(tokens: Tokens) -> tuple[tuple[Tokens, str], ...]:
    """Words in full form, each beside the tokens that it stands for: (("design", "bureau"), "kb")."""
    phrases, longest = _phrases()
    found: list[tuple[Tokens, str]] = []
    at = 0
    while at < len(tokens):
        size = next((n for n in range(longest, 0, -1) if tokens[at : at + n] in phrases), 0)
        known = phrases[tokens[at : at + size]] if size else (full(tokens[at]),)
        found.append((known, "".join(tokens[at : at + max(size, 1)])))
        at += max(size, 1)
    return tuple(found)


@lru_cache(maxsize=1)
def _known() -> dict[str, str]:
    """Words of seven letters and more that every reader knows, and all they become by leaving out one letter."""
    plain = {word for word in (*_full(), *_full().values(), *generic()) if len(word) >= 7 and word.isalpha()}
    plain |= {word for form in legal_words() for word in form if len(word) >= 7}
    found = {shorter: word for word in sorted(plain) for shorter in _shorter(word)}
    return found | {word: word for word in plain}


def _shorter(word: str) -> list[str]:
    return [word[:at] + word[at + 1 :] for at in range(len(word))]


@lru_cache(maxsize=65_536)
def mended(word: str) -> str:
    """A misspelt everyday word as it is usually spelt: "compnay" -> "company"; other words unchanged."""
    if len(word) < 6 or not word.isalpha() or word in _full() or word in generic() or word in places():
        return word
    known = _known()
    if word in known:
        return known[word]
    return next((known[shorter] for shorter in _shorter(word) if one_edit(word, known.get(shorter, word))), word)
