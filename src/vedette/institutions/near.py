"""Names that are nearly in the text: misspelt, shortened or in another order, found by the words that tell most."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import OSA

from vedette.institutions.index import HUNDREDTHS, Index
from vedette.institutions.spans import Span
from vedette.institutions.words import Text

#: Below this likeness a form is not considered.
LEAST = 0.6
#: A near form is never as good as the exact one, however the words repeat.
MOST = 0.98
#: What is asked where the form holds no word that tells an institution.
SURE = 0.8
IMPOSSIBLE = 2.0
#: Words that tell an institution from a person or a place.
KINDS = frozenset(
    "university institute academy college hospital center laboratory school ministry company corporation council agency "
    "foundation society department faculty clinic museum observatory library polytechnic association bureau office "
    "authority commission federation union limited incorporated hochschule ecole politecnico inserm cnrs group services "
    "universitatsklinikum klinikum medical research technology".split()
)
_MOST_FORMS = 4
# Names of persons in Han and Hangul have up to four signs.
_FEWEST_SIGNS = 5
_TELLING = 6.0
#: A stretch that opens with one of these names a part of an organisation that is named elsewhere.
_INSIDE = frozenset(
    "department division faculty section unit group laboratory service program chair team servicio servico "
    "departamento klinik clinic graduate abteilung area key".split()
)
_WORDS_ASKED = 3
_MOST_COMPARED = 12
_SHORTEST_SLIP = 5
_MOST_REPAIRED = 100_000


def near(text: Text, index: Index, held: list[Span], places: set[int]) -> list[Span]:
    """Forms like the stretches between commas that no exact form and no name of a country (``places``) accounts for."""
    covered = places | {
        place
        for span in held
        if sum(map(index.weight, text.tokens[span.start : span.end])) > 2 * _TELLING
        for place in range(span.start, span.end)
    }
    found: list[Span] = []
    for start, end in _stretches(text):
        if text.tokens[start] in _INSIDE and end - start > 1 and covered:
            continue
        open_places = [place for place in range(start, end) if place not in covered]
        if all(len(text.tokens[place]) < 2 and text.tokens[place].isascii() for place in open_places):
            continue
        if any(index.weight(text.tokens[place]) > _TELLING for place in open_places):
            found += _like(text, index, start, end)
    return found


def _stretches(text: Text) -> list[tuple[int, int]]:
    """Runs of tokens between commas, as (start, end)."""
    found, start = [], 0
    for place in range(1, len(text.tokens) + 1):
        if place == len(text.tokens) or text.segments[place] != text.segments[start]:
            if place - start >= 1:
                found.append((start, place))
            start = place
    return found


def _like(text: Text, index: Index, start: int, end: int) -> list[Span]:
    words = [_known(index, token) for token in text.tokens[start:end]][:24]
    weights = {word: index.weight(word) for word in words}
    asked = sorted((word for word in weights if word in index.of_word), key=lambda word: -weights[word])[:_WORDS_ASKED]
    found = []
    institution = not KINDS.isdisjoint(words)
    for form in _likeliest(index, asked, weights):
        likeness, first, last = _likeness(words, weights, index, form)
        if likeness >= _least(index.forms[form], institution, last - first + 1):
            found.append(Span(start + first, start + last + 1, form, likeness, "near"))
    found.sort(key=lambda span: -span.likeness)
    return found[:_MOST_FORMS]


def _least(form: str, institution: bool, width: int) -> float:
    """How like a form must be. A stretch without a word such as "university" may be a person's name after whom one is named."""
    if not form.isascii() and any(len(word) == 1 and not word.isascii() for word in form.split(" ")):
        return SURE if width >= _FEWEST_SIGNS else IMPOSSIBLE
    kind = not KINDS.isdisjoint(form.split(" "))
    if institution and kind:
        return LEAST
    return IMPOSSIBLE if kind else SURE


def _likeliest(index: Index, asked: list[str], weights: dict[str, float]) -> list[int]:
    """The forms that share most of the words that tell most, for the length that they have."""
    held = [(forms, weights[word]) for word in asked if len(forms := _forms_of(index, word))]
    if not held:
        return []
    forms, place = np.unique(np.concatenate([part for part, _ in held]), return_inverse=True)
    shared = np.bincount(place, np.repeat([weight for _, weight in held], [len(part) for part, _ in held]))
    total = sum(weights[word] for word in asked)
    likeness = shared / (total + index.form_bits[forms] / HUNDREDTHS)
    if len(forms) > _MOST_COMPARED:
        forms = forms[np.argpartition(-likeness, _MOST_COMPARED)[:_MOST_COMPARED]]
    found: list[int] = forms.tolist()
    return found


def _forms_of(index: Index, word: str) -> npt.NDArray[np.int32]:
    place = index.of_word[word]
    return index.word_forms[index.word_starts[place] : index.word_starts[place + 1]]


def _likeness(words: list[str], weights: dict[str, float], index: Index, form: int) -> tuple[float, int, int]:
    """Weighted share of common words over the stretch that holds them, from its first to its last common word."""
    own = index.forms[form].split(" ")
    wanted = set(own)
    at = [place for place, word in enumerate(words) if word in wanted]
    if not at:
        return 0.0, 0, 0
    first, last = at[0], at[-1]
    window = words[first : last + 1]
    shared = sum(weights[word] for word in wanted.intersection(window))
    total = sum(weights[word] for word in set(window)) + float(index.form_bits[form]) / HUNDREDTHS
    return min(2 * shared / total, MOST) if total else 0.0, first, last


def _known(index: Index, word: str) -> str:
    """The word, or the known word one slip of the keyboard away where it is unknown itself."""
    if word in index.of_word or len(word) < _SHORTEST_SLIP or not word.isalpha():
        return word
    known = index.repaired.get(word)
    if known is None:
        if len(index.repaired) > _MOST_REPAIRED:
            index.repaired.clear()
        known = index.repaired[word] = _repaired(index, word)
    return known


def _repaired(index: Index, word: str) -> str:
    for length in (len(word), len(word) + 1, len(word) - 1):
        bucket = index.alike(word[0], length)
        found = process.extractOne(word, bucket, scorer=OSA.distance, score_cutoff=1)
        if found:
            return str(found[0])
    return word
