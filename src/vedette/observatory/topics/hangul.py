"""Where a word of Hangul begins and ends: at gaps, before particles, and within compounds between words that are known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files

from vedette.observatory.topics.tokens import Token

_ENDS = frozenset(
    "은 는 이 가 을 를 의 에 에서 에게 에의 에로 와 과 로 으로 도 만 부터 까지 들 들의 들을 들이 들에 으로서 로서 으로써 로써 "
    "이란 란 및 용 별 에서의 으로의 로의 과의 와의 에대한 을위한 를위한 적 적인".split()
)
_LONG = 4
_MOST_SYLLABLES = 4


@cache
def nouns() -> frozenset[str]:
    """Words of which compounds are made."""
    text = (files("vedette.observatory") / "topics" / "nouns_ko.txt").read_text("utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())


class Bounds:
    """Tells of a text's places whether a word can begin or end there. ``known`` are spans of phrases, both ends included."""

    def __init__(self, pieces: Sequence[Token], known: Iterable[tuple[int, int]]) -> None:
        self._pieces = pieces
        self._begins: set[int] = set()
        self._ends: set[int] = set()
        if any(piece.hangul for piece in pieces):
            self._chain(sorted({*self._words(), *(span for span in known if span[1] > span[0])}))

    def whole(self, start: int, end: int) -> bool:
        """Whether a match stands as a word. Four syllables and more may stand anywhere, three need a beginning, two both."""
        pieces, length = self._pieces, end - start + 1
        if length >= _LONG or not (pieces[start].hangul or pieces[end].hangul):
            return True
        if pieces[start].hangul and start not in self._begins:
            return False
        parted = any(not piece.glued for piece in pieces[start + 1 : end + 1])
        return (length == _LONG - 1 and not parted) or end in self._ends

    def _words(self) -> Iterable[tuple[int, int]]:
        """Spans of the words of which compounds are made."""
        held, pieces = nouns(), self._pieces
        for start, piece in enumerate(pieces):
            text = piece.plain if piece.hangul else ""
            for end in range(start + 1, min(start + _MOST_SYLLABLES, len(pieces))):
                if not text or not pieces[end].hangul or not pieces[end].glued:
                    break
                text += pieces[end].plain
                if text in held:
                    yield start, end

    def _chain(self, spans: Sequence[tuple[int, int]]) -> None:
        """Places reached from gaps over known words: beginnings forwards, ends backwards."""
        for place, piece in enumerate(self._pieces):
            if not (piece.hangul and piece.glued and place and self._pieces[place - 1].hangul):
                self._begins.add(place)
            if self._tail(place) in _ENDS or not self._tail(place):
                self._ends.add(place)
        for start, end in spans:
            if start in self._begins:
                self._begins.add(end + 1)
        for start, end in sorted(spans, key=lambda span: -span[1]):
            if end in self._ends:
                self._ends.add(start - 1)

    def _tail(self, place: int) -> str:
        """What is written without a gap behind a place."""
        rest = []
        for piece in self._pieces[place + 1 : place + 6]:
            if not piece.glued or not piece.hangul:
                break
            rest.append(piece.plain)
        return "".join(rest)
