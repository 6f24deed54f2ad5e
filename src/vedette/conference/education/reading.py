"""How hard a text is to read, by sentence and word length; a sign for the writer, not a verdict on the text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from vedette.conference.education.model import Language, Made
from vedette.documents import Bullets, Paragraph

_ENDS = re.compile(r"(?<=[.!?。！？])[\s”’」』)）]*|\n+")
_WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
_VOWELS = re.compile(r"[aeiouy]+")
_LETTERS = re.compile(r"[^\W\d_]")


def grade(text: str) -> float:
    """The Flesch-Kincaid grade of English text, 0.39 words a sentence + 11.8 syllables a word - 15.59.

    Source: Kincaid, Fishburne, Rogers and Chissom, Research Branch Report 8-75, Naval Technical Training, 1975.
    """
    found = words(text)
    if not found:
        return 0.0
    syllables = sum(map(_syllables, found))
    return 0.39 * len(found) / len(sentences(text)) + 11.8 * syllables / len(found) - 15.59


def words(text: str) -> list[str]:
    """The words of a text; numbers and marks are none."""
    return _WORD.findall(text)


def sentences(text: str) -> list[str]:
    """The sentences of a text: they end with a stop in any of the kit's scripts, or with the line."""
    return [piece for piece in _ENDS.split(text) if piece and _LETTERS.search(piece)]


def _syllables(word: str) -> int:
    """Groups of vowels, less a silent e: right for nine words in ten, which is enough for a mean."""
    bare = word.casefold()
    count = len(_VOWELS.findall(bare))
    if bare.endswith("e") and not bare.endswith(("le", "ee")) and count > 1:
        count -= 1
    return max(1, count)


def mean_words(text: str) -> float:
    """Mean number of words a sentence."""
    return len(words(text)) / max(1, len(sentences(text)))


def mean_characters(text: str) -> float:
    """Mean number of letters a sentence, for scripts that do not part words."""
    return len(_LETTERS.findall(text)) / max(1, len(sentences(text)))


_MEASURES = {"grade": grade, "words": mean_words, "characters": mean_characters}


def measure(language: Language, text: str) -> float:
    """The language's own measure of a text, to one decimal."""
    return round(_MEASURES[language.level.measure](text), 1)


def prose(made: Made) -> str:
    """What a reader reads as sentences: no headings, no names of rules, no labels of fields."""
    return "\n".join(_sentences(made.parts))


def _sentences(parts: Iterable[object]) -> Iterator[str]:
    for part in parts:
        if isinstance(part, Paragraph):
            yield part.text
        elif isinstance(part, Bullets):
            yield from (item for item in part.items if item[:1] not in "[(")
