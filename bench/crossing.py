"""Train and measure names across scripts: `crossing.py train DATA` writes the tables, `crossing.py measure DATA` prints figures.

The word pairs of shared data are halved by the hash of the Latin word. Tables are learnt and rules tuned on the first half;
`measure` prints the second half, which neither has seen.
"""

from __future__ import annotations

import argparse
import hashlib
import random
from pathlib import Path

from rapidfuzz import fuzz, process

from names import TABLES, Pair, report
from vedette.names import compare, fold
from vedette.names.crossing.learn import learn
from vedette.names.crossing.signs import heard, signs

FILES = {"arabic": "arabic", "cyrillic": "russian", "han": "chinese"}
_LEARNT = 20_000
_HEAD = """\
# How signs of {script} writing are spelt in Latin, learnt by bench/crossing.py train from word pairs (NETransliteration, MIT,
# facts from Wikidata, CC0): {number} words of the half of wd_{file} whose hash is even. Rows: n, signs in a word, share;
# s, sign, share of all signs, spelling:chance in ten-thousandths ($ ends a word; an empty spelling: the sign is silent).
"""

Row = tuple[str, str, int]


def halves(data: Path, script: str) -> tuple[list[Row], list[Row]]:
    """(Latin, native, count) of the half to learn and tune on, and of the half held out."""
    parts: tuple[list[Row], list[Row]] = ([], [])
    for line in (data / "names" / f"netranslit_wd_{FILES[script]}_80.tsv").read_text(encoding="utf-8").splitlines():
        latin, native, number = line.split("\t")
        if fold(latin).replace(" ", ""):
            parts[hashlib.sha256(latin.encode()).digest()[0] % 2].append((latin, native.replace(" ", ""), int(number)))
    return parts


def train(data: Path) -> None:
    """Write the tables."""
    for script, file in FILES.items():
        rows = halves(data, script)[0]
        random.Random(1).shuffle(rows)
        pairs = [
            (heard(fold(a).replace(" ", ""), script), signs(b, script), min(n, 5) ** 0.5) for a, b, n in rows[:_LEARNT]
        ]
        spelt, shares, lengths = learn([pair for pair in pairs if pair[1]])
        lines = [f"n\t{length}\t{share:.5f}" for length, share in sorted(lengths.items())]
        for sign in sorted(spelt):
            ranked = sorted(spelt[sign].items(), key=lambda cell: (-cell[1], cell[0]))
            cells = " ".join(f"{piece}:{chance * 10_000:.0f}" for piece, chance in ranked if chance >= 1e-4)
            lines.append(f"s\t{sign}\t{shares.get(sign, 0.0):.6f}\t{cells}")
        text = _HEAD.format(script=script.capitalize(), number=f"{len(pairs):,}", file=file) + "\n".join(lines) + "\n"
        (TABLES / f"crossing_{script}.tsv").write_text(text, encoding="utf-8")
        print(f"crossing_{script}.tsv: {len(spelt)} signs from {len(pairs):,} words, {len(text):,} bytes")


def words(rows: list[Row], rng: random.Random, size: int) -> tuple[list[Pair], list[Pair]]:
    """Word pairs, and five shuffled ones for each."""
    pairs = [(latin, native) for latin, native, _ in rng.sample(rows, size)]
    return pairs, [(one[0], two[1]) for one in pairs for two in rng.choices(pairs, k=5) if one[0] != two[0]]


def near_words(rows: list[Row], rng: random.Random, size: int) -> tuple[list[Pair], list[Pair]]:
    """Word pairs, and for each the three other words most alike in Latin letters that are not spelt the same."""
    pairs = [(latin, native) for latin, native, _ in rng.sample(rows, 4 * size)]
    folded = [fold(latin) for latin, _ in pairs]
    wrong: list[Pair] = []
    for at in range(size):
        close = process.extract(folded[at], folded, scorer=fuzz.ratio, limit=5)
        other = [place for word, _, place in close if word != folded[at] and pairs[place][1] != pairs[at][1]]
        wrong += [(pairs[at][0], pairs[place][1]) for place in other[:3]]
    return pairs[:size], wrong


def full_names(rows: list[Row], rng: random.Random, size: int, gap: str) -> tuple[list[Pair], list[Pair]]:
    """Names of two words, a third of them in the other order; negatives share one word with the other side."""
    some = [row for row in rows if 3 <= len(row[0]) <= 12 and " " not in row[0]]
    same: list[Pair] = []
    other: list[Pair] = []
    for _ in range(size):
        (a, x, _), (b, y, _), (c, z, _) = rng.sample(some, 3)
        latin = f"{b}, {a}" if rng.random() < 0.33 else f"{a} {b}"
        same.append((latin, f"{x}{gap}{y}"))
        other += [(latin, f"{x}{gap}{z}"), (latin, f"{z}{gap}{y}")]
    return same, other


def measure(data: Path, *, held_out: bool = True) -> None:
    """Recall at .1 % and 1 % false positives and at the alert."""
    for script in FILES:
        rng, rows = random.Random(11), halves(data, script)[held_out]
        gap = "·" if script == "han" else " "
        for what, (same, other) in (
            ("words, shuffled", words(rows, rng, 3000)),
            ("words, nearest others", near_words(rows, rng, 1000)),
            ("names, one word apart", full_names(rows, rng, 2000, gap)),
        ):
            scores = [[compare(one, two, "person").score for one, two in pairs] for pairs in (same, other)]
            report(f"Latin/{script} {what} [{'held out' if held_out else 'tuned on'}]", *scores)


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("act", choices=("train", "measure", "tune"))
    parser.add_argument("data", type=Path, help="folder of shared data")
    choice = parser.parse_args()
    if choice.act == "train":
        train(choice.data)
    else:
        measure(choice.data, held_out=choice.act == "measure")


if __name__ == "__main__":
    main()
