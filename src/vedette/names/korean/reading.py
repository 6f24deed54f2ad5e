"""Read a written name as Korean: which sign is the family name, which are the given syllables, at what cost."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from math import log2

from vedette.names.han.characters import is_han
from vedette.names.korean.letters import is_hangul
from vedette.names.korean.model import SyllableModel

_LONGEST = 7
_FAINT = 3e-8
_KEPT = 16
_ACROSS = 3.0
_GIVEN_FIRST = 0.5
_SPLIT_LOSS = 7.0
_ORDER_LOSS = 2.0  # the less plausible order of a name stays possible: 현정리 is written "Hyeon Jeong Ri" too
_SIZE_BITS = (0.0, -4.0, 0.0, -6.0)  # given names of one and of three syllables are rare


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a name as Korean. ``cost`` in bits: how much less plausible than the plainest way."""

    family: str
    given: tuple[str, ...]
    cost: float

    @property
    def loss(self) -> float:
        """What the reading takes off the evidence: at most a little for a rarer order or cut, which stays possible."""
        return min(self.cost, _ORDER_LOSS + (_ACROSS if self.family[0] == "p" else 0.0))


def tidy(text: str) -> str:
    """Lower-case letters with breves on o and u and the Cyrillic ё and й kept, aspiration marks kept as an apostrophe, other marks dropped."""
    lowered = unicodedata.normalize(
        "NFD", text.lower().replace("’", "'").replace("‘", "'").replace("`", "'").replace("ʻ", "'")
    )
    breves = lowered.replace("o\u0306", "ŏ").replace("u\u0306", "ŭ").replace("o\u030c", "ŏ").replace("u\u030c", "ŭ")
    letters = breves.replace("е\u0308", "ё").replace("и\u0306", "й")
    flat = "".join(char for char in letters if not unicodedata.combining(char))
    flat = re.sub(r"o'(?=[bcdghjklmnprst])", "ŏ", flat)
    flat = re.sub(r"(?<!k|t|p|h)'|(?<=[^c]h)'", "", re.sub(r"u'(?=[bcdghjklmnprst])", "ŭ", flat))
    return unicodedata.normalize("NFC", flat)


def read(model: SyllableModel, text: str) -> tuple[Reading, ...]:
    """The plausible Korean readings of a name in Hangul, Hanja, Latin or Cyrillic; empty where it reads as none."""
    compact = re.sub(r"[\s·・\-]+", "", unicodedata.normalize("NFKC", text))
    if not 2 <= len(compact) <= 40:
        return ()
    if all(map(is_hangul, compact)):
        return _blocks(model, text, compact, "h")
    if all(map(is_han, compact)):
        return _blocks(model, text, compact, "j")
    words = [[part for part in word.split("-") if part] for word in re.sub(r"[^\w'ŏŭ\-]+", " ", tidy(text)).split()]
    words = [word for word in words if word]
    letters = "".join(part for word in words for part in word)
    if re.fullmatch(r"[a-zŏŭ']+", letters):
        return _latin(model, words, "," in text)
    return _spelt(model, words, "c") if re.fullmatch(r"[а-яё]+", letters) else ()


def _blocks(model: SyllableModel, text: str, compact: str, mark: str) -> tuple[Reading, ...]:
    if len(compact) > 5:
        return ()
    found = []
    for size in (1, 2):
        given = compact[size:]
        if 1 <= len(given) <= 3 and model.family(mark + compact[:size]):
            cost = 0.0 if size == 1 or len(given) > 1 or len(compact) > 2 else 4.0
            found.append(
                Reading(
                    mark + compact[:size],
                    tuple(mark + char for char in given),
                    cost + (1.0 if len(given) == 3 else 0.0),
                )
            )
    return tuple(found)


def _latin(model: SyllableModel, words: list[list[str]], comma: bool) -> tuple[Reading, ...]:
    if len(words) == 1 and len(words[0]) > 1:
        words = [[words[0][0]], words[0][1:]]
    return tuple(sorted({*_spelt(model, words, "l", comma), *_spelt(model, words, "p", comma)}, key=_order)[:6])


def _order(reading: Reading) -> tuple[float, str, tuple[str, ...]]:
    return reading.cost, reading.family, reading.given


def _spelt(model: SyllableModel, words: list[list[str]], mark: str, comma: bool = False) -> tuple[Reading, ...]:
    if not 2 <= len(words) <= 4:
        return ()
    found: list[tuple[str, tuple[str, ...], float]] = []
    for family, rest, cost in _splits(words, comma):
        chance = model.family_chance(mark + family)
        if chance:
            for given, weight in _given(model, [part for word in rest for part in word], mark):
                found.append((mark + family, given, weight + log2(chance) - cost))
    best = max((weight for _, _, weight in found), default=0.0)
    across = _ACROSS if mark == "p" else 0.0
    readings: list[Reading] = []
    for family, given, weight in sorted(found, key=lambda entry: (-entry[2], entry[0], entry[1])):
        order_met = any(reading.family == family for reading in readings)
        if best - weight < _SPLIT_LOSS or not order_met:
            readings.append(Reading(family, given, best - weight + across))
    return tuple(sorted(readings, key=_order)[:4])


def _splits(words: list[list[str]], comma: bool) -> list[tuple[str, list[list[str]], float]]:
    options = []
    if len(words[0]) == 1:
        options.append((words[0][0], words[1:], 0.0))
    if len(words[-1]) == 1 and not comma:
        options.append((words[-1][0], words[:-1], _GIVEN_FIRST))
    if len(words) >= 3 and len(words[0]) == len(words[1]) == 1:
        options.append((words[0][0] + words[1][0], words[2:], 1.0))
    return options


def _given(model: SyllableModel, pieces: list[str], mark: str) -> list[tuple[tuple[str, ...], float]]:
    """Ways to cut the given name into one to three syllables, with log2 of their chance."""
    ways: list[tuple[tuple[str, ...], float]] = [((), 0.0)]
    for piece in pieces:
        cuts = syllable_cuts(model, piece, mark)
        ways = [(done + cut, weight + more) for done, weight in ways for cut, more in cuts if len(done) + len(cut) <= 3]
    sized = [(cut, weight + _SIZE_BITS[len(cut)]) for cut, weight in ways if cut]
    return sorted(sized, key=lambda way: (-way[1], way[0]))[:3]


def syllable_cuts(model: SyllableModel, piece: str, mark: str, most: int = 3) -> list[tuple[tuple[str, ...], float]]:
    """The likeliest ways to cut one written piece into at most so many syllables, with log2 of their chance."""
    if len(piece) > most * _LONGEST:
        return []
    ways: list[list[tuple[tuple[str, ...], float]]] = [[((), 0.0)], *([] for _ in piece)]
    for at in range(len(piece)):
        ahead = [way for way in _likeliest(ways[at]) if len(way[0]) < most]
        for end in range(at + 1, min(at + _LONGEST, len(piece)) + 1) if ahead else ():
            sign = mark + piece[at:end]
            chance = model.chance(sign)
            if chance > _FAINT:
                bits = log2(chance)
                ways[end] += [((*done, sign), weight + bits) for done, weight in ahead]
    return _likeliest(ways[-1])


def _likeliest(ways: list[tuple[tuple[str, ...], float]]) -> list[tuple[tuple[str, ...], float]]:
    """At most so many ways that a long piece cannot multiply them."""
    return sorted(ways, key=lambda way: (-way[1], way[0]))[:_KEPT] if len(ways) > _KEPT else ways
