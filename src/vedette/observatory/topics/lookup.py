"""Finding phrases of the dictionary in a text: whole words only, the longest first, each in the sense that was meant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from vedette.observatory.topics.hangul import Bounds
from vedette.observatory.topics.model import Found
from vedette.observatory.topics.tokens import BREAK, Token, composed, tokens
from vedette.policy.controls import Dictionary, PhraseKind, Sense, Topic, dictionary

_STATED = (PhraseKind.CIVIL, PhraseKind.FRAME)
CIVILIAN_TOPICS = ("civil_health", "civil_economy", "civil_society")
"""Topics of stated civilian uses; their other senses say that no such use is meant."""


@dataclass(slots=True)
class _Entry:
    """A phrase in the tree: what it tells, or None where it is another sense of a word of the topic ``home``."""

    phrase: str
    topic: Topic | None
    kind: PhraseKind | None
    paragraph: str
    sense: Sense | None
    home: str


@dataclass(slots=True)
class _Node:
    """One step of the tree of tokens."""

    next: dict[str, _Node] = field(default_factory=dict)
    entries: list[_Entry] = field(default_factory=list)
    contexts: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Match:
    start: int
    end: int
    entry: _Entry


class Lookup:
    """The dictionary as a tree of tokens."""

    def __init__(self, dictionary: Dictionary) -> None:
        self.version = dictionary.version
        self._root = _Node()
        for topic in dictionary.topics:
            self._add(topic, dictionary)

    def _add(self, topic: Topic, dictionary: Dictionary) -> None:
        paragraph = dictionary.paragraph(topic.controls[0]) if topic.controls else ""
        senses = {(sense.language, sense.phrase): sense for sense in topic.senses}
        for phrase in topic.phrases:
            sense = senses.get((phrase.language, phrase.text))
            entry = _Entry(phrase.text, topic, phrase.kind, paragraph, sense, topic.id)
            self._place(phrase.text).entries.append(entry)
        for phrase in topic.other_senses:
            self._place(phrase.text).entries.append(_Entry(phrase.text, None, None, "", None, topic.id))
        for context in {word for sense in topic.senses for word in (*sense.needs, *sense.unless)}:
            self._place(context).contexts.append(context)

    def _place(self, phrase: str) -> _Node:
        node = self._root
        for token in tokens(composed(phrase)):
            node = node.next.setdefault(token.plain, _Node())
        return node

    def find(self, title: str, abstract: str = "") -> Iterator[Found]:
        """Every phrase of the title, then of the abstract. What surrounds a phrase in either settles its sense."""
        texts = [("title", composed(title)), ("abstract", composed(abstract))]
        cut = [(name, text, tokens(text)) for name, text in texts if text]
        seen = [(name, text, pieces, *self._walk(pieces)) for name, text, pieces in cut]
        contexts = {word for *_, found in seen for word in found}
        for name, text, pieces, matches, _ in seen:
            meant = [match for match in matches if _meant(match.entry, contexts)]
            for match in _outermost(meant):
                if match.entry.topic is not None:
                    yield _found(match, name, text, pieces)

    def _walk(self, pieces: Sequence[Token]) -> tuple[list[_Match], set[str]]:
        spans = list(self._spans(pieces))
        bounds = Bounds(pieces, [(start, end) for start, end, _ in spans])
        matches: list[_Match] = []
        contexts: set[str] = set()
        for start, end, node in spans:
            if bounds.whole(start, end):
                matches += [_Match(start, end, entry) for entry in node.entries]
                contexts.update(node.contexts)
        return matches, contexts

    def _spans(self, pieces: Sequence[Token]) -> Iterator[tuple[int, int, _Node]]:
        """Every place where a phrase or a word of context is written."""
        for start in range(len(pieces)):
            node: _Node | None = self._root
            for end in range(start, len(pieces)):
                node = node.next.get(pieces[end].plain) if node else None
                if node is None or pieces[end].plain is BREAK:
                    break
                if node.entries or node.contexts:
                    yield start, end, node


@cache
def lookup() -> Lookup:
    """The shipped dictionary, built once."""
    return Lookup(dictionary())


def _meant(entry: _Entry, contexts: set[str]) -> bool:
    sense = entry.sense
    if sense is None:
        return True
    if any(word in contexts for word in sense.unless):
        return False
    return not sense.needs or any(word in contexts for word in sense.needs)


def _outermost(matches: Iterable[_Match]) -> Iterator[_Match]:
    """Matches that stand within no longer one, by place."""
    last: _Match | None = None
    for match in sorted(matches, key=lambda each: (each.start, -each.end)):
        if last is None or match.end > last.end:
            last = match
        elif not _stands_within(match, last):
            continue
        yield match


def _stands_within(inner: _Match, outer: _Match) -> bool:
    """A civilian use within another sense of a listed word still stands: the spine in the fusion of vertebrae."""
    other_sense = outer.entry.topic is None and outer.entry.home not in CIVILIAN_TOPICS
    return other_sense and inner.entry.kind in _STATED


def _found(match: _Match, name: str, text: str, pieces: Sequence[Token]) -> Found:
    entry = match.entry
    assert entry.topic is not None and entry.kind is not None  # other senses are told to nobody
    start, end = pieces[match.start].start, pieces[match.end].end
    return Found(
        phrase=text[start:end],
        field=name,
        start=start,
        end=end,
        kind=entry.kind,
        topic=entry.topic.id,
        controls=entry.topic.controls,
        paragraph=entry.paragraph,
    )
