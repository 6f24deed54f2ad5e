"""Soft identity on public personal records, beside Splink 5: `python -m bench.records FOLDER [--splink PYTHON]`.

FOLDER holds FEBRL's dataset3, dataset4a and dataset4b and Splink's fake_1000 as CSV files; PYTHON is an interpreter of its own with
splink 5 and pandas. Both read the same columns and learn without labels; labels only judge. Nothing here was tuned on labels of any
of these sets: levels, keys and the number of holders are those of the first run. Printed for each set: seconds, pairs compared,
precision, recall and F1 of pairs at even odds, and the best F1 of any threshold.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from vedette.linking.soft import Comparer, Record, learn, record
from vedette.linking.soft.block import candidates
from vedette.store.engines.duckdb import DuckEngine

_STRANGERS = 60_000
Rows = list[dict[str, str]]


@dataclass(frozen=True)
class RecordSet:
    """A set of records, and who is behind each."""

    name: str
    kind: str
    rows: Rows
    records: list[Record]
    truth: list[str]

    @property
    def true_pairs(self) -> int:
        """How many pairs are one person."""
        return sum(size * (size - 1) // 2 for size in Counter(self.truth).values())


def _fake(row: Mapping[str, str]) -> Record:
    name = f"{row['first_name']} {row['surname']}"
    return record(name=name, birth_date=row["dob"], mail=row["email"], town=row["city"])


def _febrl(row: Mapping[str, str]) -> Record:
    return record(
        name=f"{row['given_name']} {row['surname']}",
        birth_date=row["date_of_birth"],
        number=row["soc_sec_id"],
        street=row["address_1"],
        house=row["street_number"],
        town=row["suburb"],
        postcode=row["postcode"],
    )


def read(folder: Path, name: str, files: Iterable[str]) -> RecordSet:
    """Read a set."""
    rows: Rows = []
    for file in files:
        with (folder / file).open(encoding="utf-8") as text:
            rows += csv.DictReader(text, skipinitialspace=True)
    fake = name.startswith("fake")
    made = [_fake(row) if fake else _febrl(row) for row in rows]
    truth = [row["cluster"] if fake else row["rec_id"].split("-")[1] for row in rows]
    return RecordSet(name, "fake" if fake else "febrl", rows, made, truth)


def ours(found: RecordSet) -> tuple[float, list[tuple[int, int]], npt.NDArray[np.float64]]:
    """Seconds, pairs and bits."""
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as name, DuckEngine({}, Path(name), memory="400MB", threads=2) as engine:
        pairs = candidates(engine, found.records)
    comparer, draw, size = Comparer(found.records), random.Random(1), len(found.records)
    drawn = (draw.sample(range(size), 2) for _ in range(_STRANGERS))
    strangers = comparer.pairs((found.records[a], found.records[b]) for a, b in drawn)
    compared = comparer.pairs((found.records[a], found.records[b]) for a, b in pairs)
    bits = learn(compared, strangers, size * (size - 1) / 2).bits(compared)
    return time.perf_counter() - started, pairs, bits


def splink(found: RecordSet, python: str) -> tuple[float, list[tuple[int, int]], npt.NDArray[np.float64]]:
    """The same from Splink, in its own process."""
    with tempfile.TemporaryDirectory() as name:
        given, answer = Path(name) / "in.csv", Path(name) / "out.jsonl"
        with given.open("w", encoding="utf-8", newline="") as text:
            writer = csv.DictWriter(text, ["id", *found.rows[0]])
            writer.writeheader()
            writer.writerows({"id": number, **row} for number, row in enumerate(found.rows))
        script = Path(__file__).with_name("records_splink.py")
        # -P: the folder of this bench has modules named as those of the standard library.
        command = [python, "-P", str(script), str(given), found.kind, str(answer)]
        subprocess.run(command, check=True, capture_output=True)
        first, *lines = [json.loads(line) for line in answer.read_text(encoding="utf-8").splitlines()]
    pairs = [(min(a, b), max(a, b)) for a, b, _ in lines]
    chance = np.clip(np.array([row[2] for row in lines]), 1e-12, 1 - 1e-12)
    return float(first["seconds"]), pairs, np.log2(chance / (1 - chance))


def judged(found: RecordSet, pairs: Sequence[tuple[int, int]], bits: npt.NDArray[np.float64]) -> str:
    """Precision, recall and F1 at even odds, and the best F1."""
    right = np.array([found.truth[a] == found.truth[b] for a, b in pairs])
    total = found.true_pairs
    told = bits >= 0
    hits = int((told & right).sum())
    precision, recall = hits / max(int(told.sum()), 1), hits / total
    order = np.argsort(-bits, kind="stable")
    true = np.cumsum(right[order])
    best = float((2 * true / (np.arange(1, len(true) + 1) + total)).max())
    f1 = 2 * precision * recall / (precision + recall)
    return f"P {precision:.4f}  R {recall:.4f}  F1 {f1:.4f}  best F1 {best:.4f}  reach of candidates {right.sum() / total:.4f}"


def main() -> None:
    """Print both side by side."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=Path)
    options.add_argument("--splink", default="", help="A Python that has splink 5 and pandas.")
    given = options.parse_args()
    sets = {
        "fake_1000": ["fake_1000.csv"],
        "FEBRL dataset3": ["dataset3.csv"],
        "FEBRL dataset4": ["dataset4a.csv", "dataset4b.csv"],
    }
    for name, files in sets.items():
        found = read(given.folder, name, files)
        print(f"{name}: {len(found.rows):,} records, {found.true_pairs:,} true pairs", flush=True)
        for who, run in (("vedette", ours), ("splink 5", lambda one: splink(one, given.splink))):
            if who == "vedette" or given.splink:
                seconds, pairs, bits = run(found)
                print(f"  {who:<9} {seconds:5.1f} s  {len(pairs):>7,} pairs  {judged(found, pairs, bits)}", flush=True)


if __name__ == "__main__":
    main()
