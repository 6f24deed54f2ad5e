"""Pairs of organisations' names for the bench: one bearer written twice by a rule, and strangers that come close."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from bench import pair_rules as rules
from bench.pair_lists import Entry
from bench.pair_people import Pair, changed, nearest
from vedette.names import fold


def organization_pairs(pool: list[Entry], size: int, rng: random.Random) -> Iterator[Pair]:
    """One positive by a rule drawn at random and one negative for each sampled entry."""
    usable = [entry for entry in pool if 4 <= len(entry.names[0]) <= 70 and not re.search(r"[(/;]", entry.names[0])]
    for entry in rng.sample(usable, min(size, len(usable))):
        if rng.random() < 0.15:
            one, two = rules.reformed(entry.names[0], rng)
            yield Pair(one, two, "organization", True, "legal form respelt")
        else:
            yield from changed(entry.names[0], "organization", rules.SAME_COMPANY, rng)
    folded = [" ".join(sorted(fold(entry.names[0]).split())) for entry in usable]
    counts = Counter(word for text in folded for word in set(text.split()))
    for entry in rng.sample(usable, min(size, len(usable))):
        for pair in _stranger(entry, Crowd(usable, folded, counts), rng):
            if fold(pair.left) != fold(pair.right):
                yield pair


@dataclass(frozen=True, slots=True)
class Crowd:
    """A pool of entries with their folded names and how many names hold each word."""

    entries: list[Entry]
    folded: list[str]
    counts: Counter[str]

    def own(self, words: list[str]) -> str:
        """The word that fewest names hold."""
        return min(words, key=lambda word: (self.counts[fold(word)], word))


def _stranger(entry: Entry, others: Crowd, rng: random.Random) -> Iterator[Pair]:
    stem, other = rules.bare(entry.names[0]), rules.bare(rng.choice(others.entries).names[0])
    own, strange = others.own(stem.split()), others.own(other.split())
    draw = rng.random()
    if draw < 0.2:
        one, two = rng.choice(rules.BRANCHES).split("|")
        yield Pair(f"{stem} {one}", f"{stem} {two}", "organization", False, "other branch")
    elif draw < 0.35:
        one, two = rng.sample(rules.TRADES, 2)
        yield Pair(f"{own} {one}", f"{own} {two} Ltd", "organization", False, "other trade")
    elif draw < 0.55 and " " in stem and fold(own) != fold(strange):
        yield Pair(stem, stem.replace(own, strange), "organization", False, "other own word")
    elif draw < 0.62 and (short := rules.acronymed(other, rng)) and short != rules.acronymed(stem, rng):
        yield Pair(short, stem, "organization", False, "other acronym")
    elif draw < 0.87:
        yield from nearest(entry, others.entries, others.folded, "organization")
    else:
        yield Pair(entry.names[0], rng.choice(others.entries).names[0], "organization", False, "stranger")
