"""Compare a Latin name with one in Cyrillic, Arabic or Han writing, word by word and with neighbours run together."""

from __future__ import annotations

from dataclasses import dataclass

from vedette.names.aligning import Alignment
from vedette.names.crossing.channel import weigh
from vedette.names.folding import fold
from vedette.names.weighing import Weighed, nearest
from vedette.names.words import PARTICLES

Words = tuple[str, ...]

_LEAST = -3.0  # odds below which two words are not taken for one
_CLASH = 8.0
_OMITTED = 1.5
_ONE_OF_SEVERAL = -3.0  # evidence of one word alone where a side has more
_MOST = 9
_LETTERS = 80
_CLEAR = 3.0
_JOINS = 4
_ARTICLE = "ال"
_NATIVE_PARTICLES = frozenset("بن ابن بنت أبو ابو أبي ابي آل ال бен бин ибн абу аль эль ал".split())


@dataclass(frozen=True, slots=True)
class Crossing:
    """Evidence (see ``nearest``), bits, and the words that were paired, Latin first."""

    evidence: float
    bits: float
    alignment: Alignment


def cross(latin: Words, native: Words, script: str) -> Crossing | None:
    """The most favourable way to pair the words of two names; None where a side is empty or longer than any name."""
    one, two = _own(latin), _own(native)
    if not 1 <= len(one) <= _MOST or not 1 <= len(two) <= _MOST or max(len("".join(one)), len("".join(two))) > _LETTERS:
        return None
    best = _pair(one, two, script)
    for _ in range(min(abs(len(one) - len(two)), _JOINS)):
        ways = [(way, two) for way in _runs(one)] if len(one) > len(two) else [(one, way) for way in _runs(two)]
        found, one, two = max(((_pair(*way, script), *way) for way in ways), key=_worth)
        if found.evidence <= best.evidence:
            break
        best = found
    return best


def _worth(found: tuple[Crossing, Words, Words]) -> float:
    return found[0].evidence


def _own(words: Words) -> Words:
    """Words without particles, which one script writes and the other leaves out; all of them where nothing else is left."""
    return tuple(word for word in words if word not in _NATIVE_PARTICLES and fold(word) not in PARTICLES) or words


def _runs(words: Words) -> list[Words]:
    """The words with two neighbours of the longer side run together, the Arabic article between them left out."""
    return [
        (*words[:at], words[at] + words[at + 1].removeprefix(_ARTICLE), *words[at + 2 :])
        for at in range(len(words) - 1)
    ]


def _weigh(latin: str, native: str, script: str) -> Weighed:
    whole = weigh(latin, native, script)
    if not native.startswith(_ARTICLE) or len(native) < 5:
        return whole
    return max(whole, weigh(latin, native.removeprefix(_ARTICLE), script), key=lambda found: found.odds)


def _pair(latin: Words, native: Words, script: str) -> Crossing:
    weights = {(i, j): _weigh(a, b, script) for i, a in enumerate(latin) for j, b in enumerate(native)}
    taken: dict[int, int] = {}
    for (i, j), found in sorted(weights.items(), key=lambda item: (-item[1].odds, item[0])):
        if found.odds >= _LEAST and i not in taken and j not in taken.values():
            taken[i] = j
    paired = [weights[pair] for pair in taken.items()]
    over = len(latin) - len(taken), len(native) - len(taken)
    evidence, bits = _evidence(paired, *over)
    order = list(dict(sorted(taken.items())).values())
    alignment = Alignment(
        tuple((latin[i], native[j], 0.95 if weights[i, j].odds >= _CLEAR else 0.8) for i, j in sorted(taken.items())),
        tuple(word for i, word in enumerate(latin) if i not in taken),
        tuple(word for j, word in enumerate(native) if j not in taken.values()),
        order != sorted(order),
    )
    return Crossing(evidence, bits, alignment)


def _evidence(paired: list[Weighed], left: int, right: int) -> tuple[float, float]:
    loss = _CLASH * min(left, right) + _OMITTED * abs(left - right)
    bits = sum(found.bits for found in paired) - loss
    evidence = nearest(bits, [found.odds for found in paired]) - loss if paired else -20.0
    alone = len(paired) == 1 and (left or right)
    return (min(evidence, _ONE_OF_SEVERAL + 0.1 * evidence) if alone else evidence), bits
