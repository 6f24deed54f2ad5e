"""A party made ready for the search: order-free forms, marks of how its names read, identifiers; the same for lists."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from vedette import __version__, names
from vedette.base import Party, PartyKind
from vedette.screening.identifiers import Tag, tags

#: Longer forms are cut: they cost time and no listed name differs only beyond.
LONGEST = 96
#: How many written names of one customer are read.
NAMES_READ = 12
# The key of an organisation's words, translated where a table knows them: compared letter by letter like a written name.
_WORDS = "or "
_CONSONANTS = "co "
_LATIN = re.compile("[A-Za-z]")
# What decides how names are read and parties judged: the program text and tables of these two rooms.
_ROOMS = (Path(__file__).parents[1] / "names", Path(__file__).parent)
_KINDS_OF_FILE = frozenset({".py", ".tsv", ".txt"})
#: Stands before a skeleton where it is kept among forms.
SKELETON = "~"

_KINDS: dict[PartyKind, names.Kind] = {PartyKind.PERSON: "person", PartyKind.ORGANIZATION: "organization"}


@dataclass(frozen=True, slots=True)
class Question:
    """A party, what its names are looked up under, and its identifiers in normal form.

    Skeletons are the consonants of names in other than Latin letters: many scripts write no vowels.
    """

    party: Party
    forms: tuple[str, ...]
    skeletons: tuple[str, ...]
    marks: tuple[int, ...]
    tags: tuple[Tag, ...]


@dataclass(frozen=True, slots=True)
class Keys:
    """A written name's forms and consonants, which are compared letter by letter, and its marks, which agree or do not."""

    forms: tuple[str, ...]
    skeletons: tuple[str, ...]
    marks: tuple[int, ...]


def question(party: Party) -> Question:
    """Make a party ready; of very many names the first dozen are searched."""
    found = [keys(name.text, party.kind) for name in party.names[:NAMES_READ]]
    foreign = [each for each, name in zip(found, party.names, strict=False) if not _LATIN.search(name.text)]
    return Question(
        party,
        tuple(dict.fromkeys(form for each in found for form in each.forms)),
        tuple(dict.fromkeys(form for each in foreign for form in each.skeletons)),
        tuple(dict.fromkeys(mark for each in found for mark in each.marks)),
        tags(party),
    )


def kind_for(*kinds: PartyKind) -> names.Kind:
    """How names are to be read: as the first party whose kind is known would have it."""
    return next((_KINDS[kind] for kind in kinds if kind in _KINDS), "unknown")


@lru_cache(maxsize=16_384)
def keys(text: str, kind: PartyKind) -> Keys:
    """The keys of a written name. Where the kind is unknown, it is read in every way that names are."""
    readings: tuple[names.Kind, ...] = (_KINDS[kind],) if kind in _KINDS else ("unknown", "person", "organization")
    found = dict.fromkeys(key for reading in readings for key in names.keys(text, reading))
    plain = [names.fold(text), " ".join(names.parts(text))]
    plain += [key.removeprefix(_WORDS) for key in found if key.startswith(_WORDS)]
    forms = dict.fromkeys(form for key in plain if (form := ordered(key)))
    bare = (ordered(key.removeprefix(_CONSONANTS)) for key in found if key.startswith(_CONSONANTS))
    skeletons = dict.fromkeys(form for form in bare if form)
    return Keys(tuple(forms), tuple(skeletons), tuple(mark(key) for key in found if key not in plain))


@lru_cache(maxsize=1)
def reading() -> str:
    """A print of how this program reads names and judges parties: what was indexed or screened otherwise is void.

    It is over the files themselves, so that no change is missed and none of their tables has to be loaded.
    """
    state = hashlib.sha256(__version__.encode())
    for path in sorted(path for room in _ROOMS for path in room.rglob("*") if path.suffix in _KINDS_OF_FILE):
        state.update(f"\n{path.name} {path.stat().st_size}\n".encode() + path.read_bytes())
    return state.hexdigest()


def mark(key: str) -> int:
    """A key as a number of 64 bits, the same on every machine."""
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "little")


def ordered(key: str) -> str:
    """The words of a key in alphabetical order, so that both orders of a name are one form; free of the mark of skeletons."""
    return " ".join(sorted(key.replace(SKELETON, " ").split()))[:LONGEST].strip()
