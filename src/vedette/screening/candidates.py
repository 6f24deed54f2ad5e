"""Which entries are worth judging: alike forms by brute force, equal forms and tags by look-up, rare words in common."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process

from vedette.screening.identifiers import Tag
from vedette.screening.index import Index
from vedette.screening.question import Question

#: Entries judged for one party.
CANDIDATES = 20
#: Forms less alike than this (0..100) are not candidates by likeness.
LIKENESS = 66
# A form shorter than this share of another cannot be as alike as that.
_SHORTER = LIKENESS / (200 - LIKENESS)
_GROUP = 32
_FORMS_KEPT = 40
_NAMES_OF_ENTRY = 4
_COMMON_WORD = 400
_IN_COMMON = 0.7
_BY_WORDS = 8
# Words in common rank below any likeness, so that they only fill what room is left.
_GRADE = 60.0


Ratios = npt.NDArray[np.uint8]
_NOTHING: Ratios = np.zeros(0, dtype=np.uint8)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry to judge, and the ranks of its names that led there; none where an identifier did."""

    entry: int
    ranks: tuple[int, ...]


def candidates(index: Index, questions: Sequence[Question]) -> Iterator[tuple[Candidate, ...]]:
    """The entries worth judging for each question, in its order."""
    likeness = _alike(index, {form for question in questions for form in question.forms})
    for question in questions:
        scores: dict[int, float] = {}
        for form in question.forms:
            for number, score in (*likeness[form], *_words_in_common(index, form)):
                scores[number] = max(score, scores.get(number, 0.0))
        yield _chosen(index, scores, _tagged(index, question.tags))


def _alike(index: Index, wanted: Iterable[str]) -> dict[str, list[tuple[int, float]]]:
    """The most alike forms of each wanted one. Those of about the same length are compared in one go."""
    found: dict[str, list[tuple[int, float]]] = {}
    order = sorted(wanted, key=lambda form: (len(form), form))
    for start in range(0, len(order), _GROUP):
        group = order[start : start + _GROUP]
        first, known = index.of_length(len(group[0]) * _SHORTER, len(group[-1]) / _SHORTER)
        rows = _ratios(group, known) if known else [_NOTHING] * len(group)
        for form, row in zip(group, rows, strict=True):
            found[form] = [(first + number, score) for number, score in _top(row)]
    return found


def _ratios(group: Sequence[str], known: Sequence[str]) -> Ratios:
    matrix: Ratios = process.cdist(group, known, scorer=fuzz.ratio, score_cutoff=LIKENESS, dtype=np.uint8, workers=1)
    return matrix


def _top(row: Ratios) -> list[tuple[int, float]]:
    """The most alike forms of a row that is nearly all zeros: eight scores are looked at in one."""
    eights = np.flatnonzero(row.view(np.uint64)) * 8
    near = (eights[:, None] + np.arange(8)).ravel()
    found = near[row[near] > 0]
    if len(found) > _FORMS_KEPT:
        # Stable: of equally alike forms the first in the index are kept, however the rows were chunked.
        found = found[np.argsort(-row[found].astype(np.int16), kind="stable")[:_FORMS_KEPT]]
    return list(zip(found.tolist(), row[found].tolist(), strict=True))


def _words_in_common(index: Index, form: str) -> list[tuple[int, float]]:
    """Forms of which the shorter is held by the longer, weighed by the rarity of the words: short names of companies."""
    shared: dict[int, float] = {}
    whole = 0.0
    for word in set(form.split()):
        numbers = index.by_word.get(word, ())
        weight = index.rarity(len(numbers))
        whole += weight
        if len(numbers) <= _COMMON_WORD:
            for number in numbers:
                shared[number] = shared.get(number, 0.0) + weight
    weights = index.weights
    graded = ((number, weight / min(whole, weights[number])) for number, weight in shared.items())
    near = sorted((-part, number) for number, part in graded if part >= _IN_COMMON)
    return [(number, _GRADE * min(-part, 1.0)) for part, number in near[:_BY_WORDS]]


def _tagged(index: Index, own: Iterable[Tag]) -> list[int]:
    return sorted({entry for tag in own for entry in index.by_tag.get(tag.key, ())})


def _chosen(index: Index, scores: dict[int, float], tagged: list[int]) -> tuple[Candidate, ...]:
    """Entries led to by an identifier first, then by the likeness of their best form."""
    ranks: dict[int, list[int]] = {entry: [] for entry in tagged}
    for number in sorted(scores, key=lambda number: (-scores[number], number)):
        for entry, rank in index.bearers(number):
            if entry not in ranks and len(ranks) >= CANDIDATES + len(tagged):
                continue
            known = ranks.setdefault(entry, [])
            if rank not in known and len(known) < _NAMES_OF_ENTRY:
                known.append(rank)
    return tuple(Candidate(entry, tuple(found)) for entry, found in ranks.items())
