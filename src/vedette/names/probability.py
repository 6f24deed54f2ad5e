"""From a score to a probability, by curves measured on labelled pairs (data/probability.tsv)."""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache

from vedette.names.tables import rows

_ANY = "words"


@lru_cache(maxsize=1)
def _curves() -> dict[str, tuple[tuple[float, ...], tuple[float, ...]]]:
    found = {}
    for channel, cells in rows("probability.tsv"):
        knots = [cell.split(":") for cell in cells.split(" ")]
        found[channel] = tuple(float(score) for score, _ in knots), tuple(float(chance) for _, chance in knots)
    return found


def probability(score: float, channel: str) -> float:
    """P(one name in two writings) at a score, where half the pairs are one name and half are names chosen to be alike.

    Straight lines between the measured points of the channel; a channel without labelled pairs borrows the curve of words.
    """
    curves = _curves()
    scores, chances = curves.get(channel, curves[_ANY])
    at = bisect_right(scores, score)
    if at == 0 or at == len(scores):
        return chances[min(at, len(scores) - 1)]
    share = (score - scores[at - 1]) / (scores[at] - scores[at - 1])
    return chances[at - 1] + share * (chances[at] - chances[at - 1])


def at_prior(chance: float, prior: float) -> float:
    """The same evidence where another share of the pairs is one name; both strictly between 0 and 1.

    >>> round(at_prior(0.9, 0.01), 3)
    0.083
    """
    odds = chance / (1.0 - chance) * prior / (1.0 - prior)
    return odds / (1.0 + odds)
