"""Count how syllables are spelt in pairs of Hangul and Latin names. Only counts of syllables leave, never names."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from vedette.names.korean.letters import is_hangul
from vedette.names.korean.writing import by_rule

Counts = dict[str, Counter[str]]

_GAP = re.compile(r"[\s\-]+")


def tidy(text: str) -> str:
    """Lower-case Latin letters, breves kept, other marks and punctuation dropped."""
    return re.sub(r"[^a-zŏŭ\s\-]", "", text.lower())


def _cuts(token: str, count: int) -> Iterator[tuple[str, ...]]:
    if count == 1:
        yield (token,)
        return
    for at in range(1, min(8, len(token) - count + 2)):
        for rest in _cuts(token[at:], count - 1):
            yield (token[:at], *rest)


def align(hangul: str, token: str) -> tuple[str, ...] | None:
    """Cut a Latin token into the syllables of a Hangul one, the most plausible way by rule; None where no way exists."""
    best: tuple[float, tuple[str, ...]] = (0.0, ())
    for cut in _cuts(token, len(hangul)):
        weight = 1.0
        for char, piece in zip(hangul, cut, strict=True):
            weight *= by_rule(char, piece)
        if weight > best[0]:
            best = (weight, cut)
    return best[1] or None


def count(pairs: Iterable[tuple[str, str]]) -> tuple[Counts, Counts]:
    """Spelling counts of surnames and of given syllables from (Hangul, Latin) pairs, surname first in both."""
    surnames: Counts = defaultdict(Counter)
    given: Counts = defaultdict(Counter)
    for hangul, latin in pairs:
        tokens = [token for token in _GAP.split(tidy(latin)) if token]
        if len(hangul) != 3 or len(tokens) not in (2, 3) or not all(map(is_hangul, hangul)):
            continue
        cut = tokens[1:] if len(tokens) == 3 else align(hangul[1:], tokens[1])
        surnames[hangul[0]][tokens[0]] += 1
        for char, piece in zip(hangul[1:], cut or (), strict=False):
            given[char][piece] += 1
    return _without_slips(surnames, least=1), _without_slips(given, least=2)


def _without_slips(table: Counts, least: int) -> Counts:
    """Spellings that no system explains count only when met often: most others are errors of the source."""
    kept = {
        char: Counter({piece: number for piece, number in row.items() if number >= least or by_rule(char, piece)})
        for char, row in table.items()
    }
    return {char: row for char, row in kept.items() if row}
