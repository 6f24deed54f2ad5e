"""The index over organisations: every name form, the places of all, and the words by which a near form is found; to bytes and back."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate
from math import log2
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from vedette.base import Place
from vedette.institutions.model import InstitutionError, Organisation
from vedette.institutions.tables import pairs
from vedette.institutions.words import clean, key

Numbers = npt.NDArray[np.int32]

#: Raised whenever forms or the layout change, so that old files are built again.
LAYOUT = 3
HUNDREDTHS = 100
REFERENCE = 142_000
SHOWN, NAME, SHORT, ACRONYM = 0, 1, 2, 3
ACTIVE, COMPANY, MERGED, EDUCATION, HEALTH, FACILITY = 1, 2, 4, 8, 16, 32
_TYPE_FLAGS = (("company", COMPANY), ("education", EDUCATION), ("healthcare", HEALTH), ("facility", FACILITY))
_MAGIC = b"vedette-institutions\n"
_HASH_BYTES = 32
_LONGEST = 24
_SHORT_NAME = 5
_SHIPPED = "kp:"
_COMMON = 60
_BRACKETED = re.compile(r"\s*\([^()]*\)|\s*（[^（）]*）")
_STRINGS = ("ids", "names", "countries", "cities", "domains", "sources", "forms", "words", "towns", "town_countries")
_ARRAYS = (
    *("flags", "form_starts", "form_owners", "form_kinds", "parent_starts", "parents"),
    *("word_starts", "word_forms", "word_counts", "size", "form_bits"),
)
_MOST_POSTINGS = 4_000


@dataclass(slots=True, kw_only=True)
class Index:
    """Organisation i is ``ids[i]``, ``names[i]`` and so on; ``parents[parent_starts[i]:parent_starts[i + 1]]`` are its parents.

    Form f belongs to the organisations ``form_owners[form_starts[f]:form_starts[f + 1]]``, each as SHOWN (the name to show),
    NAME, SHORT (a name without its bracket or town, as in "Acme (Germany)") or ACRONYM. ``literal`` holds the names letter
    by letter as ``literal_mark`` gives them. Word w stands in the forms ``word_forms[word_starts[w]:...]``; words of
    more forms than can tell anything have none. ``towns`` maps a town to the countries of the organisations there.
    """

    ids: list[str]
    names: list[str]
    countries: list[str]
    cities: list[str]
    domains: list[str]
    sources: list[str]
    forms: list[str]
    words: list[str]
    towns: list[str]
    town_countries: list[str]
    flags: Numbers
    form_starts: Numbers
    form_owners: Numbers
    form_kinds: Numbers
    parent_starts: Numbers
    parents: Numbers
    word_starts: Numbers
    word_forms: Numbers
    word_counts: Numbers
    literal_marks: npt.NDArray[np.uint64]
    size: Numbers
    form_bits: Numbers
    literal: set[int] = field(default_factory=set)
    of_form: dict[str, int] = field(default_factory=dict)
    of_word: dict[str, int] = field(default_factory=dict)
    of_town: dict[str, int] = field(default_factory=dict)
    of_domain: dict[str, int] = field(default_factory=dict)
    of_id: dict[str, int] = field(default_factory=dict)
    reach: dict[str, int] = field(default_factory=dict)
    weights: list[float] = field(default_factory=list)
    rarest: float = 0.0
    tops: dict[int, float] = field(default_factory=dict)
    repaired: dict[str, str] = field(default_factory=dict)
    buckets: dict[tuple[str, int], list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.of_form = dict(zip(self.forms, range(len(self.forms)), strict=True))
        self.of_word = dict(zip(self.words, range(len(self.words)), strict=True))
        self.of_town = dict(zip(self.towns, range(len(self.towns)), strict=True))
        self.literal = set(self.literal_marks.tolist())
        self.of_id = dict(zip(self.ids, range(len(self.ids)), strict=True))
        for place, hosts in enumerate(self.domains):
            for host in hosts.split():
                self.of_domain.setdefault(host, place)
        for form in self.forms:
            first, _, rest = form.partition(" ")
            length = rest.count(" ") + 2 if rest else 1
            if length > self.reach.get(first, 0):
                self.reach[first] = length
        self.rarest = log2((REFERENCE + 1) / 2.0)
        self.weights = _weights(len(self.forms), self.words, self.word_counts).tolist()

    def owners(self, form: int) -> list[tuple[int, int]]:
        """The organisations of a form, each with the kind of the form."""
        start, end = self.form_starts[form], self.form_starts[form + 1]
        return list(zip(self.form_owners[start:end].tolist(), self.form_kinds[start:end].tolist(), strict=True))

    def weight(self, word: str) -> float:
        """How much a word tells, in bits; a word of no name tells as much as the rarest."""
        place = self.of_word.get(word)
        return self.weights[place] if place is not None else self.rarest

    def alike(self, letter: str, length: int) -> list[str]:
        """The words of names that begin with this letter and are so long."""
        if not self.buckets:
            for word in self.words:
                if word.isalpha():
                    self.buckets.setdefault((word[0], len(word)), []).append(word)
        return self.buckets.get((letter, length), [])

    def telling(self, form: int) -> float:
        """How much the most telling word of a form tells, in bits."""
        known = self.tops.get(form)
        if known is None:
            known = self.tops[form] = max(map(self.weight, self.forms[form].split(" ")))
        return known

    def ancestors(self, organisation: int) -> set[int]:
        """The organisations above this one."""
        found: set[int] = set()
        waiting = [organisation]
        while waiting:
            place = waiting.pop()
            for above in self.parents[self.parent_starts[place] : self.parent_starts[place + 1]].tolist():
                if above not in found:
                    found.add(above)
                    waiting.append(above)
        return found


def build(organisations: Iterable[Organisation]) -> Index:
    """Index the organisations. A row that says it is the same as one of an earlier registry lends that one its names."""
    known: dict[str, Organisation] = {}
    for item in organisations:
        known.setdefault(item.id, item)
    rows = [known[name] for name in sorted(known)]
    at = {row.id: place for place, row in enumerate(rows)}
    merged = _merged(rows, at)
    owned, town_counts = _owned(rows, merged)
    forms = sorted(owned)
    words, word_starts, word_forms, word_counts = _postings(forms)
    parents = _parents(rows, at)
    return Index(
        ids=[row.id for row in rows],
        names=[_flat(row.name) for row in rows],
        countries=[row.country for row in rows],
        cities=["|".join(filter(None, map(key, row.cities))) for row in rows],
        domains=[" ".join(_flat(host).replace(" ", "") for host in row.domains) for row in rows],
        sources=[_flat(row.source) for row in rows],
        forms=forms,
        words=words,
        towns=sorted(town_counts),
        town_countries=[_tally(town_counts[town]) for town in sorted(town_counts)],
        flags=_numbers(_flags(row) | MERGED * (row.id in merged) for row in rows),
        form_starts=_starts(len(owned[form]) for form in forms),
        form_owners=_numbers(place for form in forms for place in sorted(owned[form])),
        form_kinds=_numbers(owned[form][place] for form in forms for place in sorted(owned[form])),
        parent_starts=_starts(len(parents[place]) for place in range(len(rows))),
        parents=_numbers(above for place in range(len(rows)) for above in sorted(parents[place])),
        word_starts=word_starts,
        word_forms=word_forms,
        word_counts=word_counts,
        literal_marks=_literal(rows, merged),
        form_bits=_form_bits(forms, words, word_counts),
        size=_numbers(len(row.names) + 2 * len(row.children) for row in rows),
    )


def _merged(rows: list[Organisation], at: dict[str, int]) -> dict[str, int]:
    """Rows that are another row under another id: by their own word, or by name and country where they come with the program."""
    found = {row.id: at[other] for row in rows for other in row.same_as if other in at and other != row.id}
    shipped_countries = {row.country for row in rows if row.id.startswith(_SHIPPED)}
    named = {
        (row.country, key(name)): at[row.id]
        for row in rows
        if row.country in shipped_countries and not row.id.startswith(_SHIPPED)
        for name in row.names
    }
    for row in rows:
        same = named.get((row.country, key(row.name))) if row.id.startswith(_SHIPPED) else None
        if same is not None:
            found.setdefault(row.id, same)
    return found


def _flags(row: Organisation) -> int:
    return row.active * ACTIVE | sum(flag for kind, flag in _TYPE_FLAGS if kind in row.types)


def _flat(text: str) -> str:
    return " ".join(text.split())


def _tally(counts: Counter[str]) -> str:
    return " ".join(f"{code}:{count}" for code, count in sorted(counts.items()))


def _owned(
    rows: list[Organisation], merged: dict[str, int]
) -> tuple[dict[str, dict[int, int]], dict[str, Counter[str]]]:
    """Each form with its owners and kinds, and each town with the countries of the organisations there."""
    owned: dict[str, dict[int, int]] = defaultdict(dict)
    towns: dict[str, Counter[str]] = defaultdict(Counter)
    common = Counter(word for row in rows for word in set(key(row.name).split(" ")))
    for place, row in enumerate(rows):
        owner = merged.get(row.id, place)
        for form, kind in _forms(row, common):
            if form and form.count(" ") < _LONGEST:
                owned[form][owner] = min(kind, owned[form].get(owner, ACRONYM))
        for city in row.cities:
            if row.country and (town := key(city)):
                towns[town][row.country] += 1
    return owned, towns


def _forms(row: Organisation, common: Counter[str]) -> Iterator[tuple[str, int]]:
    cities = [key(city) for city in row.cities]
    for place, name in enumerate(row.names):
        form = key(name)
        if name.isupper() and len(name) <= _SHORT_NAME:
            yield form, ACRONYM
            continue
        yield form, NAME if place else SHOWN
        bare = _BRACKETED.sub("", name)
        if bare != name:
            yield key(bare), SHORT
        for city in cities:
            short = form.removesuffix(f" {city}")
            if short != form and " " in short and any(common[word] <= _COMMON for word in short.split(" ")):
                yield short, SHORT
    for acronym in row.acronyms:
        yield key(acronym), ACRONYM


def literal_mark(written: str, organisation: int) -> int:
    """A number for a name letter by letter and whose it is: it tells "University of the Andes" from "Universidad de los Andes"."""
    plain = "".join(filter(str.isalnum, written.casefold()))
    return zlib.crc32(plain.encode()) << 32 | organisation


def _literal(rows: list[Organisation], merged: dict[str, int]) -> npt.NDArray[np.uint64]:
    marks = {
        literal_mark(clean(name), merged.get(row.id, place))
        for place, row in enumerate(rows)
        for name in (*row.names, *row.acronyms)
    }
    return np.fromiter(sorted(marks), dtype=np.uint64)


def _parents(rows: list[Organisation], at: dict[str, int]) -> list[set[int]]:
    above: list[set[int]] = [set() for _ in rows]
    for place, row in enumerate(rows):
        above[place] |= {at[name] for name in row.parents if name in at}
        for name in row.children:
            if name in at:
                above[at[name]].add(place)
    return above


def _postings(forms: list[str]) -> tuple[list[str], Numbers, Numbers, Numbers]:
    """Every word with the forms it stands in; the most common words keep their count only."""
    held: dict[str, list[int]] = defaultdict(list)
    for place, form in enumerate(forms):
        for word in set(form.split(" ")):
            held[word].append(place)
    words = sorted(held)
    kept = [held[word] if len(held[word]) <= _MOST_POSTINGS else [] for word in words]
    counts = _numbers(len(held[word]) for word in words)
    return words, _starts(map(len, kept)), _numbers(place for places in kept for place in places), counts


def _weights(forms: int, words: list[str], counts: Numbers) -> npt.NDArray[np.float64]:
    """How much each word tells, in bits: by how many forms hold it here, or in the world where that is known to be more.

    Reckoned for a registry of REFERENCE forms whatever the size at hand, so that a probability means the same with few rows.
    """
    scale = min(1.0, REFERENCE / max(forms, 1))
    world = _world()
    known = np.fromiter((world.get(word, 0) for word in words), dtype=np.float64, count=len(words))
    found: npt.NDArray[np.float64] = np.log2((REFERENCE + 1) / (np.maximum(counts * scale, known) + 1.0))
    return found


@lru_cache(maxsize=1)
def _world() -> dict[str, int]:
    return {word: int(count) for word, count in pairs("common_words.tsv")}


def _form_bits(forms: list[str], words: list[str], counts: Numbers) -> Numbers:
    """How much the distinct words of each form tell together, in hundredths of a bit."""
    weight = dict(zip(words, _weights(len(forms), words, counts).tolist(), strict=True))
    return _numbers(round(HUNDREDTHS * sum(weight[word] for word in set(form.split(" ")))) for form in forms)


def _numbers(values: Iterable[int]) -> Numbers:
    return np.fromiter(values, dtype=np.int32)


def _starts(lengths: Iterable[int]) -> Numbers:
    return _numbers(accumulate(lengths, initial=0))


def dump(index: Index) -> bytes:
    """The index as bytes: magic, SHA-256 of the rest, then MessagePack with the arrays as little-endian 32-bit numbers."""
    fields: dict[str, Any] = {name: "\n".join(getattr(index, name)) for name in _STRINGS}
    fields |= {name: getattr(index, name).astype("<i4").tobytes() for name in _ARRAYS}
    fields["literal_marks"] = index.literal_marks.astype("<u8").tobytes()
    body = msgspec.msgpack.encode({"layout": LAYOUT, "reading": reading(), "count": len(index.ids), **fields})
    return _MAGIC + hashlib.sha256(body).digest() + body


def restore(data: bytes, name: str) -> Index:
    """Read what ``dump`` wrote. Raises InstitutionError where the bytes are damaged or of another layout."""
    head = len(_MAGIC) + _HASH_BYTES
    body = memoryview(data)[head:]
    if data[: len(_MAGIC)] != _MAGIC or hashlib.sha256(body).digest() != data[len(_MAGIC) : head]:
        raise InstitutionError("is damaged or no index", place=Place(name), remedy="It is built again by itself")
    try:
        fields = msgspec.msgpack.decode(body, type=dict[str, Any])
        if fields["layout"] != LAYOUT or fields["reading"] != reading():
            raise ValueError("it was written by another version of the program")
        texts: dict[str, Any] = {item: fields[item].split("\n") if fields["count"] else [] for item in _STRINGS}
        arrays: dict[str, Any] = {item: np.frombuffer(fields[item], dtype="<i4") for item in _ARRAYS}
        arrays["literal_marks"] = np.frombuffer(fields["literal_marks"], dtype="<u8")
        return Index(**texts, **arrays)
    except (msgspec.MsgspecError, KeyError, TypeError, ValueError) as fault:
        raise InstitutionError(f"cannot be read: {fault}", place=Place(name), remedy="It is built again") from None


def reading() -> int:
    """A number that changes with the way words are read, so that an index of another reading is not used."""
    probe = (
        "Univ. Lille; Kim Il-Sung University, D.P.R. Korea; Institut d'Hématologie; Xi'an; 김일성종합대학 2nd Hosp of X"
    )
    return zlib.crc32(key(probe).encode())
