"""How likely a Hangul syllable is written a certain way, and which syllables a written one may stand for, by rule alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from vedette.names.korean.letters import (
    CYRILLIC_FINALS,
    CYRILLIC_INITIALS,
    CYRILLIC_VOWELS,
    FINAL_SPELLINGS,
    INITIAL_SPELLINGS,
    OPEN_VOWEL_SPELLINGS,
    VOWEL_SPELLINGS,
    compose,
    decompose,
)

Table = Mapping[str, Mapping[str, float]]

_TURNED = 0.15  # "whan" for 환 beside "hwan"


@lru_cache(maxsize=1)
def open_vowels() -> Table:
    """Vowel spellings at the head of a syllable."""
    return {**VOWEL_SPELLINGS, **OPEN_VOWEL_SPELLINGS}


@lru_cache(maxsize=1)
def latin_tables() -> tuple[Table, Table, Table, Table]:
    """Initials, vowels after a consonant, vowels at the head, finals."""
    return INITIAL_SPELLINGS, VOWEL_SPELLINGS, open_vowels(), FINAL_SPELLINGS


@lru_cache(maxsize=1)
def cyrillic_tables() -> tuple[Table, Table, Table, Table]:
    """The same for Cyrillic."""
    return CYRILLIC_INITIALS, CYRILLIC_VOWELS, CYRILLIC_VOWELS, CYRILLIC_FINALS


def by_rule(char: str, piece: str) -> float:
    """P(spelling | syllable) under the tables of the systems, letter by letter."""
    initial, vowel, final = decompose(char)
    starts, inner, heads, ends = latin_tables()
    vowels = (heads if initial == "ㅇ" else inner)[vowel]
    total = by_rule(char, _turned(piece)) * _TURNED if piece[:2] == "wh" else 0.0
    for first, middle, last in cuts(piece):
        total += starts[initial].get(first, 0.0) * vowels.get(middle, 0.0) * ends[final].get(last, 0.0)
    return total


def _turned(piece: str) -> str:
    return "hw" + piece[2:]


def cuts(piece: str) -> Iterator[tuple[str, str, str]]:
    """Every way to cut a written syllable into initial, vowel and final."""
    size = len(piece)
    for start in range(min(4, size)):
        for end in range(start + 1, min(start + 4, size + 1)):
            if size - end <= 3:
                yield piece[:start], piece[start:end], piece[end:]


def invert(table: Table) -> dict[str, list[tuple[str, float]]]:
    """Spelling -> letters that may be written so, with P(spelling | letter)."""
    inverse: dict[str, list[tuple[str, float]]] = {}
    for letter, row in table.items():
        for spelling, weight in row.items():
            inverse.setdefault(spelling, []).append((letter, weight))
    return inverse


class Inverse:
    """The tables of one script turned round: which syllables a written piece may stand for."""

    def __init__(self, tables: tuple[Table, Table, Table, Table]) -> None:
        self._starts, self._inner, self._heads, self._ends = (invert(table) for table in tables)

    def syllables(self, piece: str) -> dict[str, float]:
        """Hangul syllable -> P(piece | syllable) for every syllable that may be written so."""
        found: dict[str, float] = {}
        if piece[:2] == "wh":
            found = {char: chance * _TURNED for char, chance in self.syllables(_turned(piece)).items()}
        for first, middle, last in cuts(piece):
            for initial, a in self._starts.get(first, ()):
                vowels = self._heads if initial == "ㅇ" else self._inner
                for vowel, b in vowels.get(middle, ()):
                    for final, c in self._ends.get(last, ()):
                        char = compose(initial, vowel, final)
                        found[char] = found.get(char, 0.0) + a * b * c
        return found
