"""How well a Latin spelling stands for the signs of another script: bits from learnt spellings of each sign."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import log2

from vedette.names.crossing.signs import END, heard, signs
from vedette.names.tables import rows
from vedette.names.weighing import Weighed

MOST = 4  # letters that one sign may be spelt with
_STRAY = 0.01
_FAINT = 1e-7
_NEAR = -5.0  # log2 weight of "another word with one sign exchanged" beside "a word met by chance"
_NOTHING = Weighed(-40.0, -40.0)

Spellings = Mapping[str, Mapping[str, float]]


class Channel:
    """P(Latin letters | sign) for one script; ``shares``: how often each sign is met; ``lengths``: signs in a word."""

    def __init__(self, spellings: Spellings, shares: Mapping[str, float], lengths: Mapping[int, float]) -> None:
        self._spellings = spellings
        self._lengths = lengths
        self._any: dict[str, float] = {}
        for sign, row in spellings.items():
            for piece, chance in row.items():
                self._any[piece] = self._any.get(piece, 0.0) + chance * shares.get(sign, 0.0)
        self._chances: dict[str, float] = {}

    def weigh(self, latin: str, written: Sequence[str]) -> Weighed:
        """Bits for "this spelling of these signs" against any Latin word, and odds against a word with one sign exchanged."""
        size = len(latin)
        if not 1 <= size <= MOST * len(written):
            return _NOTHING
        pieces = self._pieces(latin)
        exact, changed = [1.0] + [0.0] * size, [0.0] * (size + 1)
        for sign in written:
            exact, changed = _step(self._row(sign), pieces, exact, changed)
        if exact[size] <= 0.0:
            return _NOTHING
        spelt = log2(exact[size])
        bits = spelt - log2(self.chance(latin))
        near = spelt - log2(changed[size] / len(written)) if changed[size] > 0.0 else bits
        return Weighed(bits, -log2(2.0**-bits + 2.0 ** (_NEAR - near)))

    def likeliest(self, written: Sequence[str]) -> str:
        """Each sign as it is spelt most often, silent signs left out."""
        rows = (
            self._spellings.get(sign) or self._spellings.get(sign.removesuffix(END)) or {"": 1.0} for sign in written
        )
        return "".join(max(row.items(), key=lambda item: (item[1], item[0]))[0] for row in rows)

    def chance(self, latin: str) -> float:
        """P(these Latin letters) as the spelling of any word of the script."""
        known = self._chances.get(latin)
        if known is None:
            known, size, pieces = 0.0, len(latin), self._pieces(latin)
            row = [1.0] + [0.0] * size
            for length in range(1, max(self._lengths) + 1):
                row = _once(pieces, row)
                known += self._lengths.get(length, 1e-5) * row[size]
            self._chances[latin] = known
        return known

    def _row(self, sign: str) -> Mapping[str, float]:
        """Spellings of a sign; one that was never met says nothing."""
        return self._spellings.get(sign) or self._spellings.get(sign.removesuffix(END)) or self._any

    def _pieces(self, latin: str) -> list[list[tuple[str, float]]]:
        """For every place the pieces that begin there, the shortest first, with P(piece) of any sign."""
        size = len(latin)
        return [
            [(latin[at:end], self._any.get(latin[at:end], _FAINT)) for end in range(at, min(at + MOST, size) + 1)]
            for at in range(size + 1)
        ]


def _once(pieces: list[list[tuple[str, float]]], row: list[float]) -> list[float]:
    out = [0.0] * len(row)
    for at, weight in enumerate(row):
        if weight > 0.0:
            for end, (_, chance) in enumerate(pieces[at], at):
                out[end] += weight * chance
    return out


def _step(
    spelt: Mapping[str, float], pieces: list[list[tuple[str, float]]], exact: list[float], changed: list[float]
) -> tuple[list[float], list[float]]:
    """One sign further: spelt as it is, or exchanged for any other once."""
    out, other = [0.0] * len(exact), [0.0] * len(exact)
    for at, weight in enumerate(exact):
        before = changed[at]
        if weight > 0.0 or before > 0.0:
            for end, (piece, stray) in enumerate(pieces[at], at):
                chance = _STRAY * stray + spelt.get(piece, 0.0)
                out[end] += weight * chance
                other[end] += before * chance + weight * stray
    return out, other


@lru_cache(maxsize=4)
def channel(script: str) -> Channel:
    """The channel learnt into data/crossing_<script>.tsv."""
    spellings: dict[str, dict[str, float]] = {}
    shares: dict[str, float] = {}
    lengths: dict[int, float] = {}
    for mark, sign, share, *cells in rows(f"crossing_{script}.tsv"):
        if mark == "n":
            lengths[int(sign)] = float(share)
            continue
        shares[sign] = float(share)
        parted = (cell.rpartition(":") for cell in cells[0].split(" "))
        spellings[sign] = {piece: int(chance) * (1.0 - _STRAY) / 10_000 for piece, _, chance in parted}
    return Channel(spellings, shares, lengths)


@lru_cache(maxsize=100_000)
def weigh(latin: str, native: str, script: str) -> Weighed:
    """What a Latin word and a word in another script say; cached."""
    return channel(script).weigh(heard(latin, script), signs(native, script))


@lru_cache(maxsize=50_000)
def likeliest(native: str, script: str) -> str:
    """The likeliest Latin spelling of a word in another script; cached."""
    return channel(script).likeliest(signs(native, script))
