"""Which entries are worth judging: alike forms by brute force, equal forms and tags by look-up, rare words in common."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz, process

from vedette.screening.identifiers import Tag
from vedette.screening.index import Index
from vedette.screening.question import Question
from vedette.screening.words import Ratios, most

#: Entries judged for one party by the likeness of whole forms, and by rare words in common.
BY_LIKENESS, BY_WORDS = 14, 6
#: Forms as alike as this (0..100) are candidates; where they are few, the next best down to ``LEAST`` join them.
LIKENESS, LEAST = 66, 58
_AT_LEAST = 6
# A form shorter than this share of another cannot be as alike as that.
_SHORTER = LEAST / (200 - LEAST)
_GROUP = 32
_FORMS_KEPT = 40
_NAMES_OF_ENTRY = 4

_NOTHING: Ratios = np.zeros(0, dtype=np.uint8)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry to judge, and the ranks of its names that led there; none where an identifier did."""

    entry: int
    ranks: tuple[int, ...]


def candidates(index: Index, questions: Sequence[Question]) -> Iterator[tuple[Candidate, ...]]:
    """The entries worth judging for each question, in its order."""
    wanted = {form for question in questions for form in question.forms}
    likeness = _alike(index, wanted)
    index.words.learn(wanted)
    for question in questions:
        ranks: dict[int, list[int]] = {entry: [] for entry in _tagged(index, question.tags)}
        _add(index, ranks, (pair for form in question.forms for pair in likeness[form]), BY_LIKENESS)
        _add(index, ranks, (pair for form in question.forms for pair in index.words.sharing(form)), BY_WORDS)
        yield tuple(Candidate(entry, tuple(found)) for entry, found in ranks.items())


def _alike(index: Index, wanted: Iterable[str]) -> dict[str, list[tuple[int, float]]]:
    """The most alike forms of each wanted one. Those of about the same length are compared in one go."""
    found: dict[str, list[tuple[int, float]]] = {}
    order = sorted(wanted, key=lambda form: (len(form), form))
    for start in range(0, len(order), _GROUP):
        group = order[start : start + _GROUP]
        first, known = index.of_length(len(group[0]) * _SHORTER, len(group[-1]) / _SHORTER)
        rows = _ratios(group, known) if known else [_NOTHING] * len(group)
        for form, row in zip(group, rows, strict=True):
            best = most(row, _FORMS_KEPT)
            found[form] = [(first + n, s) for at, (n, s) in enumerate(best) if s >= LIKENESS or at < _AT_LEAST]
    return found


def _ratios(group: Sequence[str], known: Sequence[str]) -> Ratios:
    matrix: Ratios = process.cdist(group, known, scorer=fuzz.ratio, score_cutoff=LEAST, dtype=np.uint8, workers=1)
    return matrix


def _tagged(index: Index, own: Iterable[Tag]) -> list[int]:
    return sorted({entry for tag in own for entry in index.by_tag.get(tag.key, ())})


def _add(index: Index, ranks: dict[int, list[int]], found: Iterable[tuple[int, float]], room: int) -> None:
    """Add the bearers of the best forms to the entries known so far, up to so many new entries."""
    best: dict[int, float] = {}
    for number, score in found:
        best[number] = max(score, best.get(number, 0.0))
    full = len(ranks) + room
    for number in sorted(best, key=lambda number: (-best[number], number)):
        for entry, rank in index.bearers(number):
            if entry not in ranks and len(ranks) >= full:
                continue
            known = ranks.setdefault(entry, [])
            if rank not in known and len(known) < _NAMES_OF_ENTRY:
                known.append(rank)
