"""A bench of labelled general pairs made with a seed from the shared lists: `pairs.py measure DATA`, `pairs.py write DATA FOLDER`.

Persons and organisations written twice by the rules of ``pair_rules``, aliases of one entry, names in two scripts; against strangers that come close.
Entries are split in two halves by the hash of their id: rules and tables were written looking at errors of the *tune* half only; of the *held* half only totals were seen.
"""

from __future__ import annotations

import argparse
import csv
import random
import re
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from bench.pair_groups import organization_pairs
from bench.pair_lists import Entry, organizations, persons, research
from bench.pair_people import Pair, nearest, person_pairs
from vedette.names import Kind, compare, fold

SETS = ("person", "organization", "person aliases", "organization aliases", "organization native", "person native")
STRENGTH = {
    **dict.fromkeys(("order", "hyphens", "accents put on", "accents dropped", "title", "legal form respelt", "legal form left out", "accents", "article", "acronym added"), 0),
    **dict.fromkeys(("respelt", "particles", "part dropped", "given names joined", "abbreviation", "word order", "spacing", "typing error", "middle initial"), 1),
    **dict.fromkeys(("two typing errors", "initial", "double surname", "familiar form", "acronym"), 2),
    **dict.fromkeys(("near given name", "nearest other", "father and son", "other middle name", "other middle initial", "senior and junior", "sibling", "near surname", "other branch", "other trade"), 3),
    **dict.fromkeys(("same surname", "same given name", "same initials", "other own word", "other acronym"), 4),
    **dict.fromkeys(("stranger",), 5),
}  # fmt: skip
_LEVELS = ("strong match", "match", "weak match", "near stranger", "usual stranger", "any stranger")


# ---- aliases and scripts ------------------------------------------------------------------------------------------


def alias_pairs(pool: list[Entry], kind: Kind, size: int, rng: random.Random) -> Iterator[Pair]:
    """Names of one entry as listed, with all pseudonyms and translations; strangers are the nearest others and any other."""
    usable = [entry for entry in pool if len(entry.names) > 1]
    folded = [" ".join(sorted(fold(entry.names[0]).split())) for entry in usable]
    for entry in rng.sample(usable, min(size, len(usable))):
        yield Pair(entry.names[0], rng.choice(entry.names[1:]), kind, True, "alias")
        yield from nearest(entry, usable, folded, kind)
        yield Pair(entry.names[0], rng.choice(usable).names[0], kind, False, "stranger")


def native_pairs(pool: list[Entry], kind: Kind, size: int, rng: random.Random) -> Iterator[Pair]:
    """A name in another script against the Latin name; strangers are the nearest other of the same country or list, and any other of it."""
    usable = [entry for entry in pool if entry.native]
    places = defaultdict(list)
    for entry in usable:
        places[entry.place].append(entry)
    for entry in rng.sample(usable, min(size, len(usable))):
        native = entry.native[0]
        yield Pair(native, entry.names[0], kind, True, _script(native))
        near = places[entry.place]
        folded = [" ".join(sorted(fold(other.names[0]).split())) for other in near]
        for pair in (*nearest(entry, near, folded, kind), Pair("", rng.choice(near).names[0], kind, False, "")):
            if pair.right not in entry.names:
                yield Pair(native, pair.right, kind, False, "nearest other" if pair.sort else "stranger")


def _script(text: str) -> str:
    for name, letters in (
        ("kana", "ぁ-ヿ"),
        ("hangul", "가-힣"),
        ("han", "一-鿿"),
        ("cyrillic", "Ѐ-ӿ"),
        ("persian", "پچگژکی"),
        ("arabic", "ء-ي"),
    ):
        if re.search(f"[{letters}]", text):
            return name
    return "other script"


def build(data: Path, held: bool, size: int = 2000, seed: int = 11) -> dict[str, list[Pair]]:
    """All sets of one half; the same pairs for the same seed."""
    people = [entry for entry in persons(data) if entry.held == held]
    groups = [entry for entry in organizations(data) if entry.held == held]
    scripts = [entry for entry in research(data) if entry.held == held]
    makers = (
        person_pairs(people, size, random.Random(seed)), organization_pairs(groups, size, random.Random(seed + 1)),
        alias_pairs(people, "person", size // 2, random.Random(seed + 2)), alias_pairs(groups, "organization", size // 2, random.Random(seed + 3)),
        native_pairs(scripts + groups, "organization", size // 2, random.Random(seed + 4)), native_pairs(people, "person", size // 2, random.Random(seed + 5)),
    )  # fmt: skip
    return {name: [pair for pair in made if pair.left != pair.right] for name, made in zip(SETS, makers, strict=True)}


# ---- figures ------------------------------------------------------------------------------------------------------


def figures(scored: list[tuple[float, bool]], alert: float = 0.7) -> tuple[float, float, float, float, float]:
    """Precision, recall and F1 at the alert threshold; the best F1 and its threshold."""
    truth = sum(same for _, same in scored)

    def at(cut: float) -> tuple[float, float, float]:
        hit = sum(same for score, same in scored if score >= cut)
        called = sum(score >= cut for score, _ in scored)
        return hit / max(called, 1), hit / max(truth, 1), 2 * hit / max(called + truth, 1)

    best, cut = max((at(step / 100)[2], step / 100) for step in range(5, 100))
    return (*at(alert), best, cut)


def show(name: str, pairs: list[Pair], scores: list[float], sorts: bool) -> None:
    """One line for the set; with ``sorts`` one for each rule: the share on the right side of the threshold, and the mean score."""
    precision, recall, f1, best, cut = figures(list(zip(scores, (pair.same for pair in pairs), strict=True)))
    print(
        f"{name:22} {sum(p.same for p in pairs):5} {sum(not p.same for p in pairs):5}  P {precision:.3f} R {recall:.3f} F1 {f1:.3f}  best {best:.3f} @ {cut:.2f}"
    )
    groups: dict[tuple[bool, str], list[float]] = defaultdict(list)
    for pair, score in zip(pairs, scores, strict=True):
        groups[not pair.same, pair.sort].append(score)
    for (other, sort), found in sorted(groups.items()) if sorts else ():
        right = sum((score >= 0.7) != other for score in found) / len(found)
        print(
            f"    {'not ' if other else 'same'} {sort:22} {len(found):5}  right {right:.3f}  mean {sum(found) / len(found):.3f}"
        )


def falling(pairs: list[Pair], scores: list[float]) -> str:
    """Mean score from the strongest matches to the strongest non-matches, and whether it falls all the way."""
    levels: dict[int, list[float]] = defaultdict(list)
    for pair, score in zip(pairs, scores, strict=True):
        if pair.sort in STRENGTH:
            levels[STRENGTH[pair.sort]].append(score)
    means = [(level, sum(found) / len(found)) for level, found in sorted(levels.items())]
    falls = all(one[1] > two[1] for one, two in zip(means, means[1:], strict=False))
    return f"falls {'all the way' if falls else 'NOT all the way'}: " + ", ".join(
        f"{_LEVELS[level]} {mean:.3f}" for level, mean in means
    )


def measure(data: Path, held: bool, sorts: bool, misses: int) -> None:
    """Print every set of one half; misses only for the tune half."""
    print(f"{'held-out' if held else 'tune'} half; positives, negatives")
    general: list[tuple[Pair, float]] = []
    spent, count = 0.0, 0
    for name, pairs in build(data, held).items():
        start = time.process_time()
        scores = [compare(pair.left, pair.right, pair.kind).score for pair in pairs]
        spent, count = spent + time.process_time() - start, count + len(pairs)
        show(name, pairs, scores, sorts)
        if name in ("person", "organization"):
            general += zip(pairs, scores, strict=True)
            print("    mean score " + falling(pairs, scores))
        wrong = [(pair, score) for pair, score in zip(pairs, scores, strict=True) if pair.same != (score >= 0.7)]
        for pair, score in random.Random(misses).sample(wrong, min(misses, len(wrong))) if not held else ():
            print(f"      {'missed' if pair.same else 'false '} {score:.2f} {pair.sort:20} {pair.left} | {pair.right}")
    show("both general sets", [pair for pair, _ in general], [score for _, score in general], False)
    print(f"{count / spent:,.0f} pairs a second of CPU, names not analysed before")


def write(data: Path, folder: Path) -> None:
    """Each set of both halves as a CSV file: left, right, kind, label, sort."""
    folder.mkdir(parents=True, exist_ok=True)
    for held in (False, True):
        for name, pairs in build(data, held).items():
            file = folder / f"{name.replace(' ', '_')}_{'held' if held else 'tune'}.csv"
            with file.open("w", encoding="utf-8", newline="") as text:
                rows = csv.writer(text)
                rows.writerow(("left", "right", "kind", "label", "sort"))
                rows.writerows((pair.left, pair.right, pair.kind, int(pair.same), pair.sort) for pair in pairs)


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    measured = commands.add_parser("measure", help="print figures of one half or both")
    measured.add_argument("data", type=Path)
    measured.add_argument("--half", choices=("tune", "held", "both"), default="both")
    measured.add_argument("--sorts", action="store_true", help="a line for every rule")
    measured.add_argument("--misses", type=int, default=0, help="examples of errors of the tune half")
    written = commands.add_parser("write", help="write the pairs as CSV files")
    written.add_argument("data", type=Path)
    written.add_argument("folder", type=Path)
    choice = parser.parse_args()
    if choice.command == "write":
        write(choice.data, choice.folder)
        return
    for held in {"tune": (False,), "held": (True,), "both": (False, True)}[choice.half]:
        measure(choice.data, held, choice.sorts, choice.misses)


if __name__ == "__main__":
    main()
