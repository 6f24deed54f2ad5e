"""Screen parties against an index: candidates first, then each judged; one answer for every party, in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from vedette.base import Name, Party, PartyKind
from vedette.screening.candidates import Candidate, candidates
from vedette.screening.index import Index
from vedette.screening.judge import Scale, judge
from vedette.screening.model import POPULATION, THRESHOLD, Level, Match, ranked
from vedette.screening.question import Question, question

#: Parties searched for in one go.
CHUNK = 256
_NAMES_FOR_IDENTIFIER = 10
_LIMIT = 5
_SAME_WORD = 0.97
_SHORT_WORD = 7


def _no_step(_done: int) -> None:
    """Nobody watches."""


def score(
    party: Party, *, against: Index, limit: int = _LIMIT, threshold: float = THRESHOLD, population: int = POPULATION
) -> tuple[Match, ...]:
    """The entries that a party may be, best first.

    Returned is whatever reaches ``threshold`` (0..1) by its score or by its name alone: an entry of the same name with
    another birth date scores below and is shown as context. An empty answer means "not found on ``against.editions``",
    never "clear". Raises ScreeningError where the index holds no list.
    """
    return next(screen([party], against=against, limit=limit, threshold=threshold, population=population))


def screen(
    parties: Iterable[Party],
    *,
    against: Index,
    limit: int = _LIMIT,
    threshold: float = THRESHOLD,
    population: int = POPULATION,
    on_step: Callable[[int], object] = _no_step,
) -> Iterator[tuple[Match, ...]]:
    """``score`` for many parties: one answer each, in order, read lazily. ``on_step`` is told how many were finished."""
    against.require_lists()
    scale = Scale(threshold=threshold, population=population)
    waiting = iter(parties)
    while chunk := [question(party) for party in islice(waiting, CHUNK)]:
        for asked, found in zip(chunk, candidates(against, chunk), strict=True):
            judged = (_judged(against, asked, candidate, scale) for candidate in found)
            yield ranked((match for match in judged if match is not None and _tells(asked, match)), limit)
        on_step(len(chunk))


def _tells(asked: Question, match: Match) -> bool:
    """Whether a match may count. One short word is too little to resemble a listed name: it must be that name, letter by
    letter, or an identifier must agree; otherwise every Peter and Anna would be reviewed.
    """
    return match.name_score >= _SAME_WORD or match.level is Level.IDENTIFIED or not _one_short_word(asked.party)


def _one_short_word(party: Party) -> bool:
    """Whether all that is known of a name is one short Latin word. A word of another script may be a whole name."""
    if party.kind is PartyKind.ORGANIZATION or not party.names:
        return False
    words = [name.text.split() for name in party.names]
    return all(len(found) == 1 and found[0].isascii() and len(found[0]) <= _SHORT_WORD for found in words)


def _judged(index: Index, asked: Question, candidate: Candidate, scale: Scale) -> Match | None:
    listing = index.listed(candidate.entry)
    forms: tuple[Name, ...] = index.named(candidate.entry, candidate.ranks)
    forms = forms or listing.party.names[:_NAMES_FOR_IDENTIFIER]
    return judge(asked, listing, index.edition(candidate.entry), forms=forms, scale=scale)
