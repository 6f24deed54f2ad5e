"""Pairs of persons' names for the bench: one bearer written twice by a rule, and strangers that come close."""

from __future__ import annotations

import hashlib
import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from bench import pair_rules as rules
from bench.pair_lists import Entry
from vedette.names import Kind, fold

Tokens = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two written names, whether they are one bearer's, and by which rule the pair was made."""

    left: str
    right: str
    kind: Kind
    same: bool
    sort: str


def named(entry: Entry) -> Tokens:
    """The words of the main name, given names first, without brackets and quotation marks."""
    return rules.spoken(re.sub(r"\(.*?\)|[\"“”‘’]", "", entry.names[0]))


def half(cells: list[tuple[str, str]], held: bool) -> list[tuple[str, str]]:
    """The cells of a table that belong to one half, by hash."""
    return [
        cell for cell in cells if (hashlib.sha256(cell[0].encode() + cell[1].encode()).digest()[0] % 2 == 1) == held
    ]


def person_pairs(pool: list[Entry], size: int, rng: random.Random) -> Iterator[Pair]:
    """One positive by a rule drawn at random and one negative for each sampled entry."""
    usable = [entry for entry in pool if 2 <= len(named(entry)) <= 4 and "/" not in entry.names[0]]
    nicknames = half(rules.NICKNAME_PAIRS, pool[0].held)
    for entry in rng.sample(usable, min(size, len(usable))):
        name = entry.names[0] if rng.random() < 0.5 else " ".join(named(entry))
        yield from changed(name, "person", rules.SAME_PERSON, rng)
        if rng.random() < 0.08:
            yield _swapped(entry, rng.choice(nicknames), True, "familiar form")
    yield from _strangers(usable, size, rng)


def changed(name: str, kind: Kind, ways: dict[str, rules.Change], rng: random.Random) -> Iterator[Pair]:
    """The name against itself rewritten by the first rule, in random order, that applies."""
    for sort in rng.sample(sorted(ways), len(ways)):
        other = ways[sort](name, rng)
        if other and other != name:
            yield Pair(name, " ".join(other.split()), kind, True, sort)
            return


def _swapped(entry: Entry, cell: tuple[str, str], same: bool, sort: str) -> Pair:
    """Two given names before the entry's family name."""
    one, two = (f"{given} {named(entry)[-1]}" for given in cell)
    return Pair(one, two, "person", same, sort)


# ---- strangers ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Crowd:
    """A pool of entries, findable by family name, given name and initials."""

    entries: list[Entry]
    folded: list[str]
    known: dict[tuple[str, str], list[Entry]]

    def given(self, rng: random.Random) -> str:
        """A given name at random."""
        return named(rng.choice(self.entries))[0]


def _keys(entry: Entry) -> Iterator[tuple[str, str]]:
    first, last = fold(named(entry)[0]), fold(named(entry)[-1])
    yield from (("same surname", last), ("same given name", first), ("same initials", first[:1] + last[:1]))


def crowd(pool: list[Entry]) -> Crowd:
    """The pool with its indexes."""
    known: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in pool:
        for key in _keys(entry):
            known[key].append(entry)
    return Crowd(pool, [_sorted(entry) for entry in pool], known)


def _sorted(entry: Entry) -> str:
    return " ".join(sorted(fold(entry.names[0]).split()))


def one_bearer(one: Entry, two: Entry) -> bool:
    """Whether two entries may be one person on two lists: every word of the shorter name resembles one of the longer."""
    return fuzz.token_set_ratio(fold(one.names[0]), fold(two.names[0])) > 92


def _sharing(entry: Entry, people: Crowd, rng: random.Random) -> Iterator[Pair]:
    """Another entry with the same surname, given name or initials."""
    keys = list(_keys(entry))
    sort, value = rng.choice((keys[0], keys[0], keys[1], keys[2]))
    others = [other for other in people.known[sort, value] if not one_bearer(entry, other)]
    if others:
        yield Pair(entry.names[0], rng.choice(others).names[0], "person", False, sort)


def _other_middle(entry: Entry, people: Crowd, rng: random.Random) -> Iterator[Pair]:
    first, last = named(entry)[0], named(entry)[-1]
    one, two = (f"{first} {people.given(rng)} {last}" for _ in "ab")
    yield Pair(one, two, "person", False, "other middle name")


def _other_initial(entry: Entry, people: Crowd, rng: random.Random) -> Iterator[Pair]:
    first, last = named(entry)[0], named(entry)[-1]
    one, two = rng.sample("ABCDEFGHJKLMNPRSTVW", 2)
    yield Pair(f"{first} {one}. {last}", f"{first} {two}. {last}", "person", False, "other middle initial")


def _sibling(entry: Entry, people: Crowd, rng: random.Random) -> Iterator[Pair]:
    """Another given name before the same father's and family name."""
    tokens = named(entry)
    if len(tokens) >= 3:
        yield Pair(" ".join(tokens), " ".join((people.given(rng), *tokens[1:])), "person", False, "sibling")


def _son(entry: Entry, people: Crowd, rng: random.Random) -> Iterator[Pair]:
    first, last = named(entry)[0], named(entry)[-1]
    yield Pair(
        f"{first} {people.given(rng)} {last}", f"{people.given(rng)} {first} {last}", "person", False, "father and son"
    )


def _junior(entry: Entry, people: Crowd, rng: random.Random) -> Iterator[Pair]:
    name = " ".join(named(entry))
    one, two = rng.choice((("Jr.", "Sr."), ("II", "III"), ("Senior", "Junior")))
    yield Pair(f"{name} {one}", f"{name} {two}", "person", False, "senior and junior")


def _near_given(entry: Entry, people: Crowd, rng: random.Random) -> Iterator[Pair]:
    yield _swapped(entry, rng.choice(half(rules.NEAR_PAIRS, entry.held)), False, "near given name")


def _near_family(entry: Entry, people: Crowd, rng: random.Random) -> Iterator[Pair]:
    one, two = (f"{named(entry)[0]} {family}" for family in rng.choice(half(rules.NEAR_FAMILIES, entry.held)))
    yield Pair(one, two, "person", False, "near surname")


def _neighbour(entry: Entry, people: Crowd, rng: random.Random) -> Iterator[Pair]:
    yield from nearest(entry, people.entries, people.folded, "person")


def _anyone(entry: Entry, people: Crowd, rng: random.Random) -> Iterator[Pair]:
    yield Pair(entry.names[0], rng.choice(people.entries).names[0], "person", False, "stranger")


_STRANGERS: tuple[Callable[[Entry, Crowd, random.Random], Iterator[Pair]], ...] = (
    *(_sharing,) * 4, _other_middle, _other_initial, _sibling, _son, _junior, _near_given, _near_family, *(_neighbour,) * 2, _anyone,
)  # fmt: skip


def _strangers(pool: list[Entry], size: int, rng: random.Random) -> Iterator[Pair]:
    people = crowd(pool)
    for entry in rng.sample(pool, min(size, len(pool))):
        for pair in rng.choice(_STRANGERS)(entry, people, rng):
            if set(fold(pair.left).split()) != set(fold(pair.right).split()):
                yield pair


def nearest(entry: Entry, pool: list[Entry], folded: list[str], kind: Kind) -> Iterator[Pair]:
    """The most alike entry that is another bearer."""
    mine = " ".join(sorted(fold(entry.names[0]).split()))
    for text, _, at in process.extract(mine, folded, scorer=fuzz.ratio, limit=6):
        if text != mine and not one_bearer(entry, pool[at]):
            yield Pair(entry.names[0], pool[at].names[0], kind, False, "nearest other")
            return
