"""What a title and abstract could serve, as the observatory reads topics: evidence for a question, never a verdict."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

MILITARY = "military-significant"
UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True)
class Potential:
    """civilian, dual, military-significant or undetermined, with the phrases and control categories that speak for it."""

    potential: str = UNDETERMINED
    phrases: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()

    @property
    def military(self) -> bool:
        """Whether a military significance is written out."""
        return self.potential == MILITARY and bool(self.phrases)


def each_once(phrases: Iterable[str]) -> tuple[str, ...]:
    """Each phrase as it is first written, whatever the case of its letters."""
    first: dict[str, str] = {}
    for phrase in phrases:
        first.setdefault(" ".join(phrase.casefold().split()), phrase)
    return tuple(first.values())


class Classifier(Protocol):
    """Whoever tells the potential of a paper from its title and abstract."""

    def __call__(self, title: str, abstract: str) -> Potential:
        """The potential with its phrases."""
        ...


def shipped_classifier() -> Classifier:
    """The observatory's reading of topics."""
    from vedette.observatory.topics import classify

    def told(title: str, abstract: str) -> Potential:
        found = classify(title, abstract)
        phrases = each_once(each.phrase for each in found.phrases)
        return Potential(found.potential.value, phrases, found.categories)

    return told
