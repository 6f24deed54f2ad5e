"""Which parties a list delta can reach: only they have to be screened again for the result of a full screening."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from vedette.screening.candidates import candidates
from vedette.screening.index import Index
from vedette.screening.question import Question

_CHUNK = 1024


def reached(questions: Iterable[Question], indexes: Sequence[Index]) -> Iterator[bool]:
    """For each party asked for, in order, whether any entry of these small indexes could be a candidate for it.

    Give an index of the changed entries as they are now and another of what they were: a removed entry makes room for
    others. What an entry shares with a party hangs on these two only (``words``, ``pool``), and in a small index an entry
    has fewer rivals than in the whole one. So a party that is not reached has the candidates that it had before.
    """
    waiting = iter(questions)
    while chunk := list(islice(waiting, _CHUNK)):
        found = [False] * len(chunk)
        for index in indexes:
            for number, near in enumerate(candidates(index, chunk)):
                found[number] = found[number] or bool(near) or _marked(index, chunk[number])
        yield from found


def _marked(index: Index, asked: Question) -> bool:
    """Also by a mark that is too common in the small index to lead anywhere there."""
    return any(index.marked(asked.marks))
