"""Measure the resolution of affiliations on ROR's gold strings, or fit the shipped numbers on one half of them.

    python -m bench.affiliations DATA            fit on one half, figures on the other, with the abstention curve; speed
    python -m bench.affiliations DATA --ship     fit data/model.json of the room on both halves

DATA is the folder of measuring data (see tests/conftest.py). The halves are told apart by a hash of the string. The words, tables and
signs of the room were written while looking at misses, those of the fitting half and, before there were halves, of a random half: the
figures are a little kind to themselves. "Strings that name one" leaves out the strings that name no organisation at hand.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import re
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt

from vedette.institutions.candidates import SIGNS, look
from vedette.institutions.index import Index, build, dump, restore
from vedette.institutions.judge import Judge, Model, judge_of, shipped_judge
from vedette.institutions.load import read
from vedette.institutions.registry import shipped
from vedette.institutions.resolve import resolve

Floats = npt.NDArray[np.float64]
SETS = ("logs", "crossref")
DEPTH, TREES, RATE, RIDGE, BINS = 4, 120, 0.15, 8.0, 24
WEIGHT = {"logs": 3.0, "crossref": 1.0}
SPECIFICITY = 0.78
STRICT = 0.945
MODEL = Path(__file__).resolve().parents[1] / "src" / "vedette" / "institutions" / "data" / "model.json"


@dataclass(frozen=True)
class Row:
    """One gold string with the ids that it means; none where nothing in the registry is meant."""

    text: str
    ids: frozenset[str]
    fitting: bool


def gold(data: Path, name: str, index: Index) -> list[Row]:
    """The strings whose ids are all in the registry at hand."""
    found = []
    with (data / "academia" / "ror_gold" / f"{name}_train.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            ids = frozenset(re.findall(r"https://ror\.org/\w+", row["ror_id"]))
            if ids <= index.of_id.keys():
                fitting = hashlib.sha256(row["affiliation"].encode()).digest()[0] < 128
                found.append(Row(row["affiliation"], ids, fitting))
    return found


@dataclass(frozen=True)
class Table:
    """The candidates of many strings: signs, truth, and to which string each belongs."""

    signs: Floats
    truth: Floats
    rows: list[Row]
    string: list[int]
    organisation: list[str]
    spans: list[tuple[int, int]]
    parts: list[int]


def table(rows: list[Row], index: Index) -> Table:
    """Look at every string."""
    signs, truth, string, organisations, spans, parts = [], [], [], [], [], []
    for place, row in enumerate(rows):
        seen = look(row.text, index)
        for candidate in seen.candidates:
            name = index.ids[candidate.organisation]
            signs.append(candidate.signs)
            truth.append(float(name in row.ids))
            string.append(place)
            organisations.append(name)
            spans.append((candidate.span.start, candidate.span.end))
            parts.append(seen.text.parts[candidate.span.start])
    return Table(np.array(signs), np.array(truth), rows, string, organisations, spans, parts)


@dataclass(frozen=True)
class Figures:
    """Precision, recall and F1 over matched ids, and the share of no-match strings that got none."""

    precision: float
    recall: float
    f1: float
    specificity: float

    def __str__(self) -> str:
        empty = f" specificity {self.specificity:.3f}" if self.specificity == self.specificity else ""
        return f"precision {self.precision:.3f} recall {self.recall:.3f} F1 {self.f1:.3f}{empty}"


def figures(rows: Sequence[Row], answers: Sequence[set[str]]) -> Figures:
    """Micro-averaged over the strings."""
    right = sum(len(answer & row.ids) for row, answer in zip(rows, answers, strict=True))
    given = sum(map(len, answers))
    wanted = sum(len(row.ids) for row in rows)
    empty = [not answer for row, answer in zip(rows, answers, strict=True) if not row.ids]
    precision, recall = right / max(given, 1), right / max(wanted, 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    return Figures(precision, recall, f1, sum(empty) / len(empty) if empty else float("nan"))


def named(rows: Sequence[Row], answers: Sequence[set[str]]) -> tuple[list[Row], list[set[str]]]:
    """The strings that name an organisation at hand, with their answers."""
    kept = [(row, answer) for row, answer in zip(rows, answers, strict=True) if row.ids]
    return [row for row, _ in kept], [answer for _, answer in kept]


def chosen(found: Table, probabilities: Floats, limit: float, further: float) -> list[set[str]]:
    """What resolve would accept: the best at each place of a string, from the limit on; a further one from its own limit on."""
    answers: list[set[str]] = [set() for _ in found.rows]
    taken: list[list[tuple[int, int]]] = [[] for _ in found.rows]
    begun: set[tuple[int, int]] = set()
    for place in np.argsort(-probabilities, kind="stable").tolist():
        if probabilities[place] < limit:
            break
        start, end = found.spans[place]
        string = found.string[place]
        affiliation = (string, found.parts[place])
        if affiliation in begun and probabilities[place] < max(limit, further):
            continue
        if all(end <= other[0] or other[1] <= start for other in taken[string]):
            taken[string].append((start, end))
            begun.add(affiliation)
            answers[string].add(found.organisation[place])
    return answers


def logistic(signs: Floats, truth: Floats, weights: Floats, ridge: float = 2.0) -> Floats:
    """Newton's method with a ridge."""
    found = np.zeros(signs.shape[1])
    for _ in range(40):
        p = 1 / (1 + np.exp(-np.clip(signs @ found, -30, 30)))
        slope = signs.T @ (weights * (p - truth)) + ridge * found
        curve = (signs * (weights * p * (1 - p))[:, None]).T @ signs + ridge * np.eye(signs.shape[1])
        step = np.linalg.solve(curve, slope)
        found -= step
        if abs(step).max() < 1e-6:
            break
    return found


@dataclass(frozen=True)
class Trees:
    """Complete trees of one depth."""

    features: list[list[int]]
    limits: list[list[float]]
    leaves: list[list[float]]


def boosted(signs: Floats, truth: Floats, weights: Floats, start: Floats, seed: int = 0) -> Trees:
    """Trees fitted to what the weighted sum leaves open, each on four fifths of the rows and three fifths of the signs."""
    edges = [
        np.unique(np.quantile(signs[:, column], np.linspace(0, 1, BINS + 1)[1:-1])) for column in range(signs.shape[1])
    ]
    binned = np.stack([np.searchsorted(edge, signs[:, at], side="left") for at, edge in enumerate(edges)], 1)
    total, random = start.copy(), np.random.default_rng(seed)
    made = Trees([], [], [])
    for _ in range(TREES):
        p = 1 / (1 + np.exp(-total))
        slope, curve = weights * (truth - p), weights * p * (1 - p)
        use = random.random(len(truth)) < 0.8
        node = np.zeros(len(truth), dtype=np.int64)
        features, limits = [0] * (2**DEPTH - 1), [sys.float_info.max] * (2**DEPTH - 1)
        for level in range(DEPTH):
            for leaf in range(2**level):
                here = node == leaf if level == 0 else (node == leaf)
                split = _split(binned, edges, slope, curve, here & use, random)
                at = 2**level - 1 + leaf
                if split is not None:
                    features[at], limits[at] = split[0], float(edges[split[0]][split[1]])
            at_nodes = 2**level - 1 + node
            column = np.array(features)[at_nodes]
            node = 2 * node + (signs[np.arange(len(signs)), column] > np.array(limits)[at_nodes])
        leaves = [
            RATE * slope[(node == leaf) & use].sum() / (curve[(node == leaf) & use].sum() + RIDGE)
            for leaf in range(2**DEPTH)
        ]
        total += np.array(leaves)[node]
        made.features.append(features)
        made.limits.append(limits)
        made.leaves.append([float(leaf) for leaf in leaves])
    return made


def _split(
    binned: npt.NDArray[np.int64],
    edges: list[Floats],
    slope: Floats,
    curve: Floats,
    here: npt.NDArray[np.bool_],
    random: np.random.Generator,
) -> tuple[int, int] | None:
    if here.sum() < 50:
        return None
    inside, g, h = binned[here], slope[here], curve[here]
    whole_g, whole_h = g.sum(), h.sum()
    best, found = 1e-3, None
    for column in random.permutation(len(edges))[: int(0.6 * len(edges))].tolist():
        count = len(edges[column])
        if not count:
            continue
        left_g = np.cumsum(np.bincount(inside[:, column], g, minlength=count + 1))[:count]
        left_h = np.cumsum(np.bincount(inside[:, column], h, minlength=count + 1))[:count]
        gain = left_g**2 / (left_h + RIDGE) + (whole_g - left_g) ** 2 / (whole_h - left_h + RIDGE)
        gain = np.where((left_h > 2.5) & (whole_h - left_h > 2.5), gain - whole_g**2 / (whole_h + RIDGE), -1)
        if gain.max() > best:
            best, found = float(gain.max()), (column, int(gain.argmax()))
    return found


def fitted(signs: Floats, truth: Floats, weights: Floats) -> Model:
    """Weights and trees without calibration."""
    linear = logistic(signs, truth, weights)
    trees = boosted(signs, truth, weights, signs @ linear)
    return Model(
        signs=SIGNS,
        weights=tuple(round(float(weight), 5) for weight in linear),
        depth=DEPTH,
        features=tuple(map(tuple, trees.features)),
        limits=tuple(tuple(min(limit, 1e9) for limit in limits) for limits in trees.limits),
        leaves=tuple(tuple(round(leaf, 5) for leaf in leaves) for leaves in trees.leaves),
        calibration=((-1.0, 0.0), (1.0, 1.0)),
        threshold=0.5,
        strict=0.8,
        further=0.5,
        trained_on="",
    )


def isotonic(sums: Floats, truth: Floats, groups: int = 24) -> tuple[tuple[float, float], ...]:
    """Probabilities that never fall as the sum rises, as points of a line."""
    order = np.argsort(sums)
    blocks: list[list[float]] = []
    for part in np.array_split(order, min(len(order), 400)):
        blocks.append([float(sums[part].mean()), float(truth[part].sum()), float(len(part))])
        while len(blocks) > 1 and blocks[-2][1] * blocks[-1][2] >= blocks[-1][1] * blocks[-2][2]:
            last = blocks.pop()
            before = blocks[-1]
            share = before[2] + last[2]
            blocks[-1] = [(before[0] * before[2] + last[0] * last[2]) / share, before[1] + last[1], share]
    points = [(place, (hits + 0.5) / (count + 1)) for place, hits, count in blocks]
    keep = np.unique(np.linspace(0, len(points) - 1, groups).round().astype(int)).tolist()
    # Straight lines keep two different sums apart where the steps would tie them.
    return tuple((round(points[at][0], 4), round(points[at][1], 5)) for at in keep)


def fit(rows: dict[str, list[Row]], index: Index) -> Model:
    """Fit on these strings; calibrate and choose limits on predictions for strings that each fold did not see."""
    tables = {name: table(rows[name], index) for name in SETS}
    signs = np.vstack([tables[name].signs for name in SETS])
    truth = np.concatenate([tables[name].truth for name in SETS])
    weights = np.concatenate([np.full(len(tables[name].truth), WEIGHT[name]) for name in SETS])
    fold = np.concatenate([np.array(tables[name].string) % 2 for name in SETS])
    sums = np.zeros(len(truth))
    for part in (0, 1):
        seen = fold != part
        sums[~seen] = judge_of(fitted(signs[seen], truth[seen], weights[seen])).sums(signs[~seen])
    points = isotonic(sums, truth)
    probabilities = np.interp(sums, [point[0] for point in points], [point[1] for point in points])
    cut = len(tables["logs"].truth)
    limits = _limits(tables, {"logs": probabilities[:cut], "crossref": probabilities[cut:]})
    return msgspec.structs.replace(
        fitted(signs, truth, weights),
        calibration=points,
        threshold=limits[0],
        further=limits[1],
        strict=limits[2],
        trained_on="ROR's API-log and Crossref gold strings (training halves), those whose ids are in the registry at hand",
    )


def _limits(tables: dict[str, Table], parts: dict[str, Floats]) -> tuple[float, float, float]:
    """The limits with the best F1 over strings that name an organisation at hand, and the strict one.

    A limit that answers too many of the strings that name none is out.
    """

    def mean_f1(limits: tuple[float, float]) -> float:
        scores = []
        for name in SETS:
            answers = chosen(tables[name], parts[name], *limits)
            if figures(tables[name].rows, answers).specificity < SPECIFICITY:
                return 0.0
            scores.append(figures(*named(tables[name].rows, answers)).f1)
        return sum(scores)

    def precise(limit: float) -> bool:
        """On the strings that name one; on all of them where the limit must also hold."""
        return all(
            figures(*named(tables[name].rows, chosen(tables[name], parts[name], limit, limit))).precision >= STRICT
            for name in SETS
        )

    grid = [round(0.1 + 0.02 * step, 2) for step in range(43)]
    best = max(((limit, more) for limit in grid[:16] for more in grid[15:38:2]), key=mean_f1)
    return (*best, next((limit for limit in grid if precise(limit)), grid[-1]))


def measure(data: Path, index: Index, judge: Judge) -> Iterator[str]:
    """Figures on the half that nothing was fitted on."""
    for name in SETS:
        rows = [row for row in gold(data, name, index) if not row.fitting]
        for strict in (False, True):
            answers = [
                {match.id for match in resolve(row.text, index, strict=strict, judge=judge).matches} for row in rows
            ]
            mode = "strict" if strict else "normal"
            yield f"{name:9} {mode} ({len(rows):,} strings): {figures(rows, answers)}"
            yield f"{name:9} {mode}, strings that name one: {figures(*named(rows, answers))}"
        found = table(rows, index)
        probabilities = np.array(judge.probabilities(found.signs.tolist()))
        for limit in (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9):
            answers = chosen(found, probabilities, limit, judge.model.further)
            one = figures(*named(rows, answers))
            yield f"{name:9} accepted from {limit:.1f}: {figures(rows, answers)}; strings that name one: {one}"


def speed(data: Path, index: Index, judge: Judge) -> Iterator[str]:
    """Distinct strings a second of processor time, load time of the index, memory."""
    texts = list({row.text for name in SETS for row in gold(data, name, index)})
    started = time.process_time()
    for text in texts:
        resolve(text, index, judge=judge)
    spent = time.process_time() - started
    yield f"resolve: {len(texts) / spent:,.0f} distinct strings/s of processor time ({len(texts):,} strings)"
    packed = dump(index)
    started = time.process_time()
    restore(packed, "bench")
    yield f"index: {len(index.ids):,} organisations, {len(packed) / 2**20:.0f} MiB, read in {time.process_time() - started:.2f} s"
    yield f"memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10:.0f} MiB"


def main() -> None:
    """Fit on one half and measure on the other, or fit what is shipped."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--ship", action="store_true")
    asked = parser.parse_args()
    found = read(asked.data / "academia" / "ror_union.jsonl.gz").reading
    index = build([*found.organisations, *shipped()])
    rows = {name: gold(asked.data, name, index) for name in SETS}
    if asked.ship:
        model = fit(rows, index)
        MODEL.write_bytes(msgspec.json.encode(model) + b"\n")
        print(f"threshold {model.threshold}, further {model.further}, strict {model.strict}: {MODEL.name} written")
        return
    half = fit({name: [row for row in rows[name] if row.fitting] for name in SETS}, index)
    print(f"threshold {half.threshold}, further {half.further}, strict {half.strict}")
    for line in (*measure(asked.data, index, judge_of(half)), *speed(asked.data, index, shipped_judge())):
        print(line)


if __name__ == "__main__":
    main()
