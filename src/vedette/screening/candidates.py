"""Which entries are worth judging: equal readings and identifiers, forms alike by brute force, rare words in common."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from vedette.screening.identifiers import Tag
from vedette.screening.index import Index
from vedette.screening.pool import Bearer, Pool
from vedette.screening.question import Question

#: Entries judged for one party by how its names read, by the likeness of whole forms, and by rare words in common.
BY_MARKS, BY_LIKENESS, BY_WORDS = 5, 7, 4
# A mark that more names bear than this tells nothing.
_COMMON_MARK = 300
# What rarity is counted against, whatever the size of the index: a candidate's rank must not hang on entries unlike it.
_NAMES_WEIGHED = 50_000
_NAMES_OF_ENTRY = 4


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry to judge, and the ranks of its names that led there; none where an identifier did."""

    entry: int
    ranks: tuple[int, ...]


def candidates(index: Index, questions: Sequence[Question]) -> Iterator[tuple[Candidate, ...]]:
    """The entries worth judging for each question, in its order."""
    searches = (
        _Search(index.forms, {form for question in questions for form in question.forms}),
        _Search(index.skeletons, {form for question in questions for form in question.skeletons}),
    )
    for question in questions:
        ranks: dict[int, list[int]] = {entry: [] for entry in _tagged(index, question.tags)}
        _add(ranks, _read_alike(index, question.marks), BY_MARKS)
        for search, forms in zip(searches, (question.forms, question.skeletons), strict=True):
            _add(ranks, search.alike(forms), BY_LIKENESS)
            _add(ranks, search.sharing(forms), BY_WORDS)
        yield tuple(Candidate(entry, tuple(found)) for entry, found in ranks.items())


class _Search:
    """A search of many texts in one pool, done in one go for speed."""

    def __init__(self, pool: Pool, wanted: set[str]) -> None:
        self._pool = pool
        self._alike = pool.alike(wanted)
        if wanted:
            pool.words.learn(wanted)

    def alike(self, forms: Iterable[str]) -> Iterator[Bearer]:
        """The bearers of the texts alike to these, best first."""
        return self._bearers(pair for form in forms for pair in self._alike[form])

    def sharing(self, forms: Iterable[str]) -> Iterator[Bearer]:
        """The bearers of the texts that share rare words with these, best first."""
        return self._bearers(pair for form in forms for pair in self._pool.words.sharing(form))

    def _bearers(self, found: Iterable[tuple[int, float]]) -> Iterator[Bearer]:
        best: dict[int, float] = {}
        for number, score in found:
            best[number] = max(score, best.get(number, 0.0))
        for number in sorted(best, key=lambda number: (-best[number], number)):
            yield from self._pool.owners[number]


def _tagged(index: Index, own: Iterable[Tag]) -> list[int]:
    return sorted({entry for tag in own for entry in index.by_tag.get(tag.key, ())})


def _read_alike(index: Index, marks: Sequence[int]) -> Iterator[Bearer]:
    """Written names by the marks that they share with the question, weighed by rarity: readings in any script."""
    weights: dict[Bearer, float] = {}
    for bearers in index.marked(marks):
        if 0 < len(bearers) <= _COMMON_MARK:
            weight = math.log2(1 + _NAMES_WEIGHED / (1 + len(bearers)))
            for bearer in bearers:
                weights[bearer] = weights.get(bearer, 0.0) + weight
    yield from sorted(weights, key=lambda bearer: (-weights[bearer], bearer))


def _add(ranks: dict[int, list[int]], bearers: Iterable[Bearer], room: int) -> None:
    """Add written names to the entries known so far, up to so many new entries; names of known ones as well."""
    full = len(ranks) + room
    for entry, rank in bearers:
        if entry not in ranks and len(ranks) >= full:
            continue
        known = ranks.setdefault(entry, [])
        if rank not in known and len(known) < _NAMES_OF_ENTRY:
            known.append(rank)
