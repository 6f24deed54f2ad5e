"""A party made ready for the search: its order-free forms and its identifiers, the same way for lists and customers."""

from __future__ import annotations

from dataclasses import dataclass

from vedette import names
from vedette.base import Party, PartyKind
from vedette.screening.identifiers import Tag, tags

#: Longer forms are cut: they cost time and no listed name differs only beyond.
LONGEST = 96
#: How many written names of one customer are read.
NAMES_READ = 12

_KINDS: dict[PartyKind, names.Kind] = {PartyKind.PERSON: "person", PartyKind.ORGANIZATION: "organization"}


@dataclass(frozen=True, slots=True)
class Question:
    """A party, the forms under which its names are looked up, and its identifiers in normal form."""

    party: Party
    forms: tuple[str, ...]
    tags: tuple[Tag, ...]


def question(party: Party) -> Question:
    """Make a party ready; of very many names the first dozen are searched."""
    found = (form for name in party.names[:NAMES_READ] for form in forms(name.text, party.kind))
    return Question(party, tuple(dict.fromkeys(found)), tags(party))


def kind_for(*kinds: PartyKind) -> names.Kind:
    """How names are to be read: as the first party whose kind is known would have it."""
    return next((_KINDS[kind] for kind in kinds if kind in _KINDS), "unknown")


def forms(text: str, kind: PartyKind) -> tuple[str, ...]:
    """Order-free forms of a written name. Where the kind is unknown, it is read in every way that names are."""
    readings: tuple[names.Kind, ...] = (_KINDS[kind],) if kind in _KINDS else ("unknown", "person", "organization")
    found = (ordered(key) for reading in readings for key in names.keys(text, reading))
    return tuple(dict.fromkeys(form for form in found if form))


def ordered(key: str) -> str:
    """The words of a key in alphabetical order, so that both orders of a name are one form."""
    return " ".join(sorted(key.split()))[:LONGEST].strip()
