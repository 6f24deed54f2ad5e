"""Learn how signs of a script are spelt in Latin from pairs of words, by expectation and maximisation over all ways to cut."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from vedette.names.crossing.channel import MOST
from vedette.names.crossing.signs import END

Pair = tuple[str, tuple[str, ...], float]
Table = dict[str, float]
Spelt = dict[str, Table]

_FIRST = (0.05, 0.6, 0.2, 0.1, 0.05)  # how many letters a sign is spelt with, before anything is learnt
_LONGEST = 20
_LEAST = 0.3
_OWN_END = 25.0  # the last sign of a word is learnt apart where it is met this often


def learn(pairs: Sequence[Pair], rounds: int = 8) -> tuple[Spelt, dict[str, float], dict[int, float]]:
    """Spellings of each sign, share of each sign and of each length, from (Latin, signs, weight)."""
    met: Table = defaultdict(float)
    lengths: dict[int, float] = defaultdict(float)
    for _, written, weight in pairs:
        lengths[len(written)] += weight
        for sign in written:
            met[sign] += weight
    known = [(latin, tuple(_common(sign, met) for sign in written), weight) for latin, written, weight in pairs]
    spelt: Spelt = {}
    for _ in range(rounds):
        spelt = _round(known, spelt)
    shares: Table = defaultdict(float)
    for _, written, weight in known:
        for sign in written:
            shares[sign] += weight
    whole, words = sum(shares.values()), sum(lengths.values())
    return (
        _with_plain(spelt, shares),
        {sign: n / whole for sign, n in shares.items()},
        {n: w / words for n, w in lengths.items()},
    )


def _common(sign: str, met: Table) -> str:
    return sign if met[sign] >= _OWN_END else sign.removesuffix(END)


def _with_plain(spelt: Spelt, shares: Table) -> Spelt:
    """A sign met at the end of words only serves inside words too."""
    return {**{sign.removesuffix(END): row for sign, row in spelt.items()}, **spelt}


def _round(pairs: Sequence[Pair], spelt: Spelt) -> Spelt:
    counts: dict[str, Table] = defaultdict(lambda: defaultdict(float))
    for latin, written, weight in pairs:
        if len(latin) <= min(MOST * len(written), _LONGEST):
            _expect(latin, written, weight, spelt, counts)
    return {sign: row for sign, table in counts.items() if (row := _shares(table))}


def _shares(table: Table) -> dict[str, float]:
    least = max(_LEAST, sum(table.values()) * 1e-4)
    kept = {piece: number for piece, number in table.items() if number > least}
    total = sum(kept.values())
    return {piece: number / total for piece, number in kept.items()}


def _chance(spelt: Spelt, sign: str, piece: str) -> float:
    if not spelt:
        return _FIRST[len(piece)] / 26.0 ** len(piece)
    return spelt.get(sign, {}).get(piece, 0.0)


def _expect(latin: str, written: tuple[str, ...], weight: float, spelt: Spelt, counts: dict[str, Table]) -> None:
    """Add to the counts how often each sign is spelt with each piece, over all ways to cut the word."""
    size = len(latin)
    ahead = [[1.0] + [0.0] * size]
    steps: list[list[tuple[int, int, float]]] = []
    for sign in written:
        last, row, step = ahead[-1], [0.0] * (size + 1), []
        for at in (at for at in range(size + 1) if last[at] > 0.0):
            for end in range(at, min(at + MOST, size) + 1):
                if chance := _chance(spelt, sign, latin[at:end]):
                    row[end] += last[at] * chance
                    step.append((at, end, chance))
        ahead.append(row)
        steps.append(step)
    if ahead[-1][size] <= 0.0:
        return
    behind = [0.0] * size + [1.0]
    for place in range(len(written) - 1, -1, -1):
        row = [0.0] * (size + 1)
        for at, end, chance in steps[place]:
            if behind[end] > 0.0:
                row[at] += chance * behind[end]
                share = weight * ahead[place][at] * chance * behind[end] / ahead[-1][size]
                counts[written[place]][latin[at:end]] += share
        behind = row
