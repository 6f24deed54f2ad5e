"""Fit scores to probabilities and measure the fit: `calibrate.py fit DATA` writes the table, `calibrate.py measure DATA` prints errors.

Half the weight lies on pairs of one name, half on names chosen to be alike. Fitted: Korean folds 0-1, the even half of the word
files, even OFAC entries. Measured: Korean folds 2-4, the odd half, odd entries.
"""

from __future__ import annotations

import argparse
import random
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from crossing import FILES, full_names, halves, near_words, words
from names import TABLES, korean_sets, listed_sets
from vedette.names import compare
from vedette.names.calibration import korean_score
from vedette.names.korean.reading import read
from vedette.names.korean.scoring import best
from vedette.names.probability import probability

Labelled = dict[str, list[tuple[float, bool]]]
_LEAST = 0.01  # share of the weight that a step of the curve rests on
_HEAD = """\
# Score to probability by channel, fitted by bench/calibrate.py: isotonic means of scores on labelled pairs, half the weight on
# pairs of one name, half on names chosen to be alike. Korean: public name pairs (NETransliteration, MIT; folds 0-1 of 5), negatives of
# the same family name, most of them one syllable apart. Across: its word pairs (even half), negatives nearest and one word apart.
# Words, organization: OFAC's SDN list and aliases (even entries; public domain), negatives the nearest entries; aliases hold
# pseudonyms that no comparison of names can see. Columns: channel, score:probability ...
"""


@dataclass(frozen=True)
class Block:
    """A run of scores with one probability: weight, weight of pairs of one name, lowest and highest score."""

    weight: float
    hit: float
    low: float
    high: float

    @property
    def chance(self) -> float:
        """P(one name)."""
        return self.hit / self.weight

    def joined(self, other: Block) -> Block:
        """Both runs as one."""
        return Block(self.weight + other.weight, self.hit + other.hit, self.low, other.high)


def korean(data: Path, folds: tuple[int, ...]) -> list[tuple[float, bool]]:
    """Scores of Korean pairs by models that have not seen them."""
    found: list[tuple[float, bool]] = []
    for model, same, other, near in korean_sets(data, folds):
        for label, pairs in ((True, same), (False, other[: len(near) // 2]), (False, near)):
            for left, right in pairs:
                agreement = best(model, read(model, left), read(model, right))
                found.append((korean_score(agreement) if agreement else 0.0, label))
    return found


def labelled(data: Path, *, held_out: bool) -> Labelled:
    """Scores with labels by channel."""
    found: Labelled = defaultdict(list)
    found["korean"] = korean(data, (2, 3, 4) if held_out else (0, 1))
    for script in FILES:
        rows, rng = halves(data, script)[held_out], random.Random(23)
        gap = "·" if script == "han" else " "
        sets = (words(rows, rng, 1500), near_words(rows, rng, 700), full_names(rows, rng, 1500, gap))
        for same, other in sets:
            for label, pairs in ((True, same), (False, rng.sample(other, min(len(other), 2 * len(same))))):
                found["across"] += [(compare(one, two, "person").score, label) for one, two in pairs]
    for kind, same, other in listed_sets(data, int(held_out)):
        for label, pairs in ((True, same), (False, other)):
            for one, two in pairs:
                result = compare(one, two, kind)
                if result.channel in ("words", "organization"):
                    found[result.channel].append((result.score, label))
    return found


def weights(pairs: list[tuple[float, bool]]) -> tuple[float, float]:
    """Weight of a negative and of a positive, so that either label holds half."""
    positive = sum(label for _, label in pairs)
    return 0.5 / (len(pairs) - positive), 0.5 / positive


def isotonic(pairs: list[tuple[float, bool]]) -> list[tuple[float, float]]:
    """(score, probability) knots: pooled neighbours that never fall, each with its lowest and highest score."""
    light = weights(pairs)
    blocks: list[Block] = []
    ties: dict[float, list[bool]] = defaultdict(list)
    for score, label in pairs:
        ties[score].append(label)
    for score, labels in sorted(ties.items()):
        hit = light[True] * sum(labels)
        blocks.append(Block(hit + light[False] * (len(labels) - sum(labels)), hit, score, score))
        while len(blocks) > 1 and (blocks[-2].chance >= blocks[-1].chance or blocks[-2].weight < _LEAST):
            last = blocks.pop()
            blocks[-1] = blocks[-1].joined(last)
    edge = 1.0 / len(pairs)
    knots: dict[float, float] = {}
    for block in blocks:
        chance = min(max(block.chance, edge), 1.0 - edge)
        for score in (block.low, block.high):
            knots.setdefault(round(score, 4), chance)
    return sorted(knots.items())


def fit(data: Path) -> None:
    """Write data/probability.tsv."""
    lines = []
    for channel, pairs in labelled(data, held_out=False).items():
        cells = " ".join(f"{score:.4f}:{min(chance, 0.9998):.4f}" for score, chance in isotonic(pairs))
        lines.append(f"{channel}\t{cells}")
    (TABLES / "probability.tsv").write_text(_HEAD + "\n".join(sorted(lines)) + "\n", encoding="utf-8")
    print("\n".join(lines))


def error(pairs: list[tuple[float, bool]], channel: str) -> tuple[float, float]:
    """Expected calibration error over ten bins, and the Brier score, both at even weight of the labels."""
    light = weights(pairs)
    bins: dict[int, list[float]] = defaultdict(lambda: [0.0, 0.0])
    brier = 0.0
    for score, label in pairs:
        chance = probability(score, channel)
        one = bins[min(int(chance * 10), 9)]
        one[0] += light[label] * chance
        one[1] += light[label] * label
        brier += light[label] * (chance - label) ** 2
    return sum(abs(said - met) for said, met in bins.values()), brier


def measure(data: Path) -> None:
    """Expected calibration error on pairs that were not fitted."""
    found = labelled(data, held_out=True)
    for channel, pairs in sorted(found.items()):
        same = sum(label for _, label in pairs)
        ece, brier = error(pairs, channel)
        print(
            f"{channel:14} {same:6} of one name, {len(pairs) - same:6} alike: calibration error {ece:.3f}, Brier {brier:.3f} [held out]"
        )


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("act", choices=("fit", "measure"))
    parser.add_argument("data", type=Path, help="folder of shared data")
    choice = parser.parse_args()
    (fit if choice.act == "fit" else measure)(choice.data)


if __name__ == "__main__":
    main()
