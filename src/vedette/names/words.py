"""The tokens of a name without legal forms, honorifics and particles."""

from __future__ import annotations

from functools import lru_cache

from vedette.names.folding import fold
from vedette.names.legal import without_forms

_FORM_WORDS = frozenset({"co", "ltd", "and", "the", "of"})

HONORIFICS = frozenset(
    "mr mrs ms miss mx dr prof professor sir dame hon honourable honorable mister madam madame monsieur mme mlle senor senora "
    "herr frau sheikh shaykh sheik hajji haji hadji general gen colonel col major maj captain capt lieutenant lt brigadier "
    "admiral adm marshal mullah maulavi mawlawi ayatollah imam comrade jr sr esq phd md ing mag dipl".split()
)
PARTICLES = frozenset(
    "al el ul ibn bin ben bint abu de la le du des da do dos das del della di van von der den ter zu zur y e".split()
)
_GENERATIONS = {
    "jr": "junior",
    "junior": "junior",
    "sr": "senior",
    "senior": "senior",
    "ii": "second",
    "iii": "third",
    "iv": "fourth",
}


@lru_cache(maxsize=65536)
def person_tokens(text: str) -> tuple[str, ...]:
    """Folded tokens in the order written, without honorifics and generation marks (kept where nothing else is left)."""
    tokens = tuple(fold(text).split())
    kept = tuple(token for token in tokens if token not in HONORIFICS)
    if len(kept) > 2 and kept[-1] in _GENERATIONS:
        kept = kept[:-1]
    return kept if len(kept) > 1 or len(tokens) == len(kept) else tokens


@lru_cache(maxsize=65536)
def generation(text: str) -> str:
    """The mark behind a name that parts father from son: "junior", "senior", "second" to "fourth", or an empty text."""
    tokens = fold(text).split()
    return _GENERATIONS.get(tokens[-1], "") if len(tokens) > 2 else ""


def parts(text: str) -> tuple[str, ...]:
    """Sorted folded tokens without legal forms and honorifics: both orders of a name give the same parts.

    >>> parts("Kim, Jong Un") == parts("Jong Un KIM")
    True
    """
    tokens = person_tokens(text)
    kept = [token for token in without_forms(tokens) if token not in _FORM_WORDS]
    return tuple(sorted(kept or tokens))
