"""A party made ready for the search: order-free forms, marks of how its names read, identifiers; the same for lists."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache

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
# One invented name or body for each way of reading.
_PROBES = (
    *(
        "Kim Chol-su",
        "김철수",
        "金哲洙",
        "Ким Чхоль Су",
        "Wang Xiaoming",
        "王小明",
        "Hsiao Ming-tao",
        "Yamada Tarō",
        "山田太郎",
    ),
    *(
        "Abdul Rahman al-Hasani",
        "عبد الرحمن الحسني",
        "Aleksandr Petrovich Sidorov",
        "Александр Сидоров",
        "Jürgen Müller",
    ),
    *(
        "Korea Sample Trading Corporation",
        "조선견본무역회사",
        "北京样品技术有限公司",
        "ООО Образец",
        "SAMPLE Technologies GmbH",
    ),
)
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
    """A print of how names are read by this version of the program: kept indexes that were read otherwise are void."""
    found = [(__version__, each.forms, each.skeletons, each.marks) for name in _PROBES for each in _all_keys(name)]
    return hashlib.sha256(repr(found).encode()).hexdigest()


def _all_keys(name: str) -> list[Keys]:
    return [keys(name, kind) for kind in (PartyKind.PERSON, PartyKind.ORGANIZATION)]


def mark(key: str) -> int:
    """A key as a number of 64 bits, the same on every machine."""
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "little")


def ordered(key: str) -> str:
    """The words of a key in alphabetical order, so that both orders of a name are one form."""
    return " ".join(sorted(key.split()))[:LONGEST].strip()
