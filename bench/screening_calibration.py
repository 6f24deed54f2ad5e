"""Fit and measure the probability that a match is the listed party, on pairs whose truth is known.

    python bench/screening_calibration.py DATA        fit on one half, measure on the other half, print the numbers to ship

Pairs: persons of the SDN list and the Security Council's list with their own data and noise (aliases, typing errors,
word order, dates cut or one year off, country left out), and invented innocents, some of them Korean. Innocents who bear
a listed name are also given the listed birth date, at the weight at which that happens by chance.
"""

from __future__ import annotations

import argparse
import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bench.screening import GIVEN, edition, lists, mistyped, ordinary, person, persons
from vedette import screening
from vedette.base import Name, Party
from vedette.screening import Index, Match
from vedette.screening.calibration import PRIOR, weights
from vedette.screening.segment import build
from vedette.watchlists import Listing, ReadList

_LISTED, _INNOCENT = 1600, 8000
# Days among which a birth date falls by chance, and the share of listed persons taken to be customers, of a million.
_DAYS, _SHARE, _POPULATION = 20_454, 0.01, 1_000_000
_RIDGE = 1e-3

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pair:
    """A match with its truth, the half it belongs to, and its weight (1, or less for what chance rarely gives)."""

    match: Match
    true: bool
    half: int
    weight: float = 1.0


def noisy(listing: Listing, draw: random.Random) -> Party:
    """A listed person as a customer of this person's data, with slips."""
    text = draw.choice(listing.party.names).text
    if draw.random() < 0.3:
        text = mistyped(text, draw)
    if draw.random() < 0.2:
        words = text.replace(",", "").split()
        draw.shuffle(words)
        text = " ".join(words)
    known = draw.random()
    born = listing.party.birth_dates[0] if listing.party.birth_dates else ""
    born = born if known < 0.5 else born[:4] if known < 0.7 else ""
    if born and draw.random() < 0.05:
        born = f"{int(born[:4]) + draw.choice((-1, 1))}{born[4:]}"
    country = listing.party.countries[0] if listing.party.countries and draw.random() < 0.7 else ""
    return person(listing.entity_id, text, born, country)


def innocents(seed: int, count: int, korean: Sequence[str]) -> Iterator[Party]:
    """Invented customers, one in ten with a Korean name, whose data is as complete as that of the listed ones."""
    draw = random.Random(seed)
    for party in ordinary(seed, count, list(GIVEN)):
        known, named = draw.random(), draw.random() < 0.1
        births = party.birth_dates if known < 0.5 else (party.birth_dates[0][:4],) if known < 0.7 else ()
        countries = (("KR",) if named else party.countries) if draw.random() < 0.7 else ()
        names = (Name(draw.choice(korean)),) if named else party.names
        yield replace(party, names=names, birth_dates=births, countries=countries)


def pairs(index: Index, found: Sequence[ReadList], korean: Sequence[str]) -> Iterator[Pair]:
    """True and false pairs, in two halves by party."""
    draw = random.Random(71)
    people = draw.sample([(one.list_id, listing) for one in found for listing in persons(one)], _LISTED)
    asked = [noisy(listing, draw) for _, listing in people]
    for number, matches in enumerate(screening.screen(asked, against=index)):
        own = people[number][0], asked[number].id
        yield from (Pair(match, True, number % 2) for match in matches if match.key == own)
    born = {(one.list_id, listing.entity_id): listing.party.birth_dates for one in found for listing in persons(one)}
    others = list(innocents(91, _INNOCENT, korean))
    for number, matches in enumerate(screening.screen(others, against=index)):
        yield from (Pair(match, False, number % 2) for match in matches)
        day = next((d for m in matches for d in born.get(m.key, ()) if len(d) == 10), "")
        if day:
            twin = replace(others[number], birth_dates=(day,))
            for match in screening.score(twin, against=index):
                yield Pair(match, False, number % 2, 1 / _DAYS)


def sides(found: Sequence[Pair]) -> tuple[Numbers, Numbers, Numbers]:
    """Features, truth and weights; both sides weigh the same in total."""
    rows = np.array([weights(pair.match.margin, pair.match.name_score, pair.match.level.value) for pair in found])
    truth = np.array([float(pair.true) for pair in found])
    each = np.array([pair.weight for pair in found])
    for side in (0.0, 1.0):
        each[truth == side] *= len(found) / 2 / each[truth == side].sum()
    return rows, truth, each


def fitted(found: Sequence[Pair]) -> Numbers:
    """Logistic regression by Newton's method."""
    rows, truth, each = sides(found)
    factors = np.zeros(rows.shape[1])
    for _ in range(200):
        told = chances(rows, factors)
        slope = (rows * (each * told * (1 - told))[:, None]).T @ rows + _RIDGE * np.eye(len(factors))
        factors -= np.linalg.solve(slope, rows.T @ (each * (told - truth)) + _RIDGE * factors)
    return factors


def chances(rows: Numbers, factors: Numbers) -> Numbers:
    """Probabilities of rows under factors."""
    return np.asarray(1 / (1 + np.exp(-np.clip(rows @ factors, -36, 36))), dtype=np.float64)


def error(found: Sequence[Pair], factors: Numbers) -> float:
    """Expected calibration error over ten bins, 0..1, printed by bin."""
    rows, truth, each = sides(found)
    told = chances(rows, factors)
    total = 0.0
    for low in np.arange(0, 1, 0.1):
        held = (told >= low) & ((told < low + 0.1) | (low > 0.85))
        if held.any():
            weight = each[held].sum()
            mean, share = (each * told)[held].sum() / weight, (each * truth)[held].sum() / weight
            total += abs(mean - share) * weight
            print(f"    told {low:.1f}-{low + 0.1:.1f}: mean {mean:.3f}, true {share:.3f}, {held.sum()} pairs")
    return float(total / each.sum())


def prior(found: Sequence[Pair]) -> float:
    """What moves log odds from equal sides to a million customers among whom one listed person in a hundred is."""
    true, false = (sum(pair.weight for pair in found if pair.true is side) for side in (True, False))
    return math.log(7584 * _SHARE * true / _LISTED) - math.log(_POPULATION * false / _INNOCENT)


def main() -> None:
    """Read the command line, make the pairs, fit and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="the folder of measuring data")
    data = parser.parse_args().data
    found = lists(data)
    index = Index([build(edition(one), one.reading.listings) for one in found])
    lines = (data / "names" / "wd_korean_personal_names_train.tsv").read_text(encoding="utf-8").splitlines()
    made = list(pairs(index, found, sorted({line.split("\t")[1] for line in lines})))
    learnt, held = ([pair for pair in made if pair.half == half] for half in (0, 1))
    factors = fitted(learnt)
    print("fitted factors", [round(float(one), 3) for one in factors], "prior", round(prior(made), 2), "shipped", PRIOR)
    print(f"calibration error, fitted on the other half  {error(held, factors):.3f}   target < 0.05")
    from vedette.screening.calibration import FACTORS

    print(f"calibration error, numbers shipped, held out {error(held, np.array(FACTORS)):.3f}   target < 0.05")


if __name__ == "__main__":
    main()
