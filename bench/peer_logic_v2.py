"""Our comparison and nomenklatura's logic-v2 side by side on the same pairs: `peer_logic_v2.py DATA FOLDER [--install]`.

FOLDER holds the peer's own virtual environment (655 MB; needs libicu-dev, pkg-config and g++, because PyICU has no wheel) and the pairs as CSV files.
The peer runs in a process of its own; without it the table shows our side and says why.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from bench.pair_lists import united_nations
from bench.pair_people import Pair
from bench.pairs import figures, write
from vedette.names import Kind, compare

VERSION = "nomenklatura==4.17.4"
_PEER = """
import csv, json, sys, time
from followthemoney import model
from nomenklatura.matching.logic_v2.model import LogicV2
from nomenklatura.matching.types import ScoringConfig
config = ScoringConfig.defaults()
count = 0
def entity(name, kind):
    global count
    count += 1  # the peer keeps the names of an entity by its id
    schema = "Person" if kind == "person" else "Organization"
    return model.get_proxy({"id": str(count), "schema": schema, "properties": {"name": [name]}})
LogicV2.compare(entity("Jane Doe", "person"), entity("John Doe", "person"), config)
for file in sys.argv[1:]:
    rows = list(csv.DictReader(open(file, encoding="utf-8", newline="")))
    start = time.process_time()
    scores = [LogicV2.compare(entity(row["left"], row["kind"]), entity(row["right"], row["kind"]), config).score for row in rows]
    print(json.dumps({"file": file, "seconds": time.process_time() - start, "scores": scores}), flush=True)
"""


# ---- the Korean and native sets of bench/names.py as pairs --------------------------------------------------------


def hangul_pairs(data: Path, near: bool, size: int = 750) -> Iterator[Pair]:
    """E1 and E1h: Hangul against Latin; ten others of the same surname, or others that differ in one syllable only."""
    lines = (data / "names" / "wd_korean_personal_names_train.tsv").read_text(encoding="utf-8").splitlines()
    rows = [(line.split("\t")[0], line.split("\t")[1]) for line in lines]
    rng = random.Random(17)
    for hangul, latin in rng.sample(rows, size):
        yield Pair(hangul, latin, "person", True, "E1")
        others = [row for row in rows if row[0][0] == hangul[0] and row[0] != hangul]
        if near:
            others = [row for row in others if (row[0][1] == hangul[1]) != (row[0][2] == hangul[2])]
        for _, other in rng.sample(others, min(len(others), 4 if near else 10)):
            yield Pair(hangul, other, "person", False, "E1")


def alias_groups(data: Path, publisher: str) -> Iterator[Pair]:
    """E3: DPRK persons against their aliases, pseudonyms included; twenty others of the list each."""
    lines = (data / "names" / "dprk_alias_groups.tsv").read_text(encoding="utf-8").splitlines()[1:]
    cells = [line.split("\t") for line in lines]
    groups = [(row[3], row[4].split("|")) for row in cells if row[0] == publisher and row[2] == "individual"]
    rng = random.Random(18)
    for name, aliases in groups:
        yield from (Pair(name, alias, "person", True, "E3") for alias in aliases if alias)
        others = [other for other, _ in groups if other != name]
        yield from (Pair(name, other, "person", False, "E3") for other in rng.sample(others, 20))


def original_script(data: Path, kind: str) -> Iterator[Pair]:
    """UN names in original script against the Latin name; ten others of the list each."""
    entries = [entry for entry in united_nations(data) if entry.kind == kind and entry.native and entry.names]
    rng = random.Random(19)
    for entry in entries:
        chosen: Kind = "person" if kind == "person" else "organization"
        yield Pair(entry.native[0], entry.names[0], chosen, True, "UN")
        others = [other for other in entries if other is not entry]
        yield from (Pair(entry.native[0], other.names[0], chosen, False, "UN") for other in rng.sample(others, 10))


def prepare(data: Path, folder: Path) -> list[Path]:
    """Write every set as CSV; held-out halves of the general pairs only."""
    write(data, folder)
    sets = {
        "E1_hangul_latin": hangul_pairs(data, near=False),
        "E1h_one_syllable_apart": hangul_pairs(data, near=True),
        "E3_UN_DPRK_aliases": alias_groups(data, "UN"),
        "E3_OFAC_DPRK_aliases": alias_groups(data, "OFAC"),
        "UN_original_script_person": original_script(data, "person"),
        "UN_original_script_organization": original_script(data, "organization"),
    }
    for name, pairs in sets.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as text:
            rows = csv.writer(text)
            rows.writerow(("left", "right", "kind", "label", "sort"))
            rows.writerows((pair.left, pair.right, pair.kind, int(pair.same), pair.sort) for pair in pairs)
    return [*sorted(folder.glob("*_held.csv")), *(folder / f"{name}.csv" for name in sets)]


# ---- both sides ---------------------------------------------------------------------------------------------------


def install(folder: Path) -> str:
    """Make the peer's environment where it is missing; the reason where that fails, otherwise an empty text."""
    python = folder / "venv" / "bin" / "python"
    if (folder / "venv" / "lib").is_dir() and not _fails([str(python), "-c", "import nomenklatura"]):
        return ""
    return _fails([sys.executable, "-m", "venv", str(folder / "venv")]) or _fails(
        ["nice", "-n", "10", str(python), "-m", "pip", "install", "--quiet", VERSION]
    )


def _fails(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else (done.stderr or done.stdout).strip().splitlines()[-1]


def theirs(folder: Path, files: list[Path]) -> dict[str, tuple[float, list[float]]]:
    """File name -> seconds of CPU and scores of the peer."""
    command = ["nice", "-n", "5", str(folder / "venv" / "bin" / "python"), "-c", _PEER, *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"the peer stopped: {done.stderr.strip().splitlines()[-1:]}")
    answers = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return {Path(answer["file"]).name: (answer["seconds"], answer["scores"]) for answer in answers}


def ours(rows: list[dict[str, str]]) -> tuple[float, list[float]]:
    """Seconds of CPU and our scores."""
    start = time.process_time()
    kinds = [("person" if row["kind"] == "person" else "organization") for row in rows]
    scores = [
        compare(row["left"], row["right"], "person" if kind == "person" else "organization").score
        for row, kind in zip(rows, kinds, strict=True)
    ]
    return time.process_time() - start, scores


def table(folder: Path, files: list[Path], peer: bool) -> None:
    """Print one line a set and side."""
    other = theirs(folder, files) if peer else {}
    print(f"{'set':34} {'pos':>5} {'neg':>6}  {'':8} {'P':>5} {'R':>5} {'F1':>5}  best F1 @ cut  pairs/s")
    for file in files:
        with file.open(encoding="utf-8", newline="") as text:
            rows = list(csv.DictReader(text))
        truth = [row["label"] == "1" for row in rows]
        sides = {"ours": ours(rows), **({"logic-v2": other[file.name]} if file.name in other else {})}
        for side, (seconds, scores) in sides.items():
            precision, recall, f1, best, cut = figures(list(zip(scores, truth, strict=True)))
            head = f"{file.stem:34} {sum(truth):5} {len(truth) - sum(truth):6}" if side == "ours" else " " * 47
            rate = len(rows) / max(seconds, 1e-9)
            print(f"{head}  {side:8} {precision:.3f} {recall:.3f} {f1:.3f}  {best:.3f} @ {cut:.2f}   {rate:7,.0f}")


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--install", action="store_true", help="make the peer's environment where it is missing")
    choice = parser.parse_args()
    choice.folder.mkdir(parents=True, exist_ok=True)
    files = prepare(choice.data, choice.folder / "pairs")
    python = choice.folder / "venv" / "bin" / "python"
    reason = (
        install(choice.folder)
        if choice.install
        else _fails([str(python), "-c", "import nomenklatura"])
        if python.exists()
        else "no environment: use --install"
    )
    print(f"peer: {VERSION}" if not reason else f"our side only, the peer cannot run: {reason}")
    print(
        "threshold 0.7; E1, E1h: our shipped table holds counts of these spellings; E3, UN: our misses were read; *_held: only totals were seen"
    )
    table(choice.folder, files, not reason)


if __name__ == "__main__":
    main()
