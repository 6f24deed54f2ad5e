"""What a text's phrases say of its civilian and military potential: evidence for a reader, never a verdict."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from vedette.base import Json
from vedette.policy.controls import CONTROLLED, PhraseKind


class Level(StrEnum):
    """How far the words of a text carry."""

    CIVILIAN = "civilian"
    DUAL = "dual"
    MILITARY = "military-significant"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One phrase as it stands in the title or the abstract (``field``), at characters ``start`` to ``end`` of its NFC form.

    ``controls`` are the categories the topic touches, the nearest first; ``paragraph`` is where the first of them is written.
    """

    phrase: str
    field: str
    start: int
    end: int
    kind: PhraseKind
    topic: str
    controls: tuple[str, ...]
    paragraph: str

    @property
    def controlled(self) -> bool:
        """Whether it touches a control list."""
        return self.kind in CONTROLLED

    def as_json(self) -> dict[str, Json]:
        """The form on the wire."""
        return {
            "phrase": self.phrase,
            "category": self.controls[0] if self.controls else self.topic,
            "paragraph": self.paragraph,
            "start": self.start,
            "end": self.end,
            "field": self.field,
            "kind": self.kind.value,
            "topic": self.topic,
            "controls": list(self.controls),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Potential:
    """What a title and abstract say. ``categories`` and ``phrases`` touch control lists; ``civilian`` states a use; ``methods`` settle nothing.

    Only the text is read: who wrote it, and for whom, are other questions.
    """

    title: str
    potential: Level
    categories: tuple[str, ...]
    phrases: tuple[Found, ...]
    civilian: tuple[Found, ...]
    methods: tuple[Found, ...]
    reasons: tuple[str, ...]
    dictionary: str

    @property
    def topics(self) -> tuple[str, ...]:
        """Subjects whose phrases were found, controlled ones first."""
        return tuple(dict.fromkeys(found.topic for found in (*self.phrases, *self.civilian, *self.methods)))

    def as_json(self) -> dict[str, Json]:
        """The form on the wire."""
        return {
            "title": self.title,
            "potential": self.potential.value,
            "categories": list(self.categories),
            "phrases": [found.as_json() for found in self.phrases],
            "civilian": [found.as_json() for found in self.civilian],
            "methods": [found.phrase for found in self.methods],
            "topics": list(self.topics),
            "reasons": list(self.reasons),
            "dictionary": self.dictionary,
        }
