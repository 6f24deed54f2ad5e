"""How titles are classified: made titles in three languages by part, names of ordinary organisations, and titles a second.

Run: python -m bench.topics [--misses]. The part "early" was written by the dictionary's author
beside it, so that the dictionary knows many of its words; "last" after the tuning had ended, and nothing was changed for it.
"""

from __future__ import annotations

import csv
import gzip
import json
import os
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from vedette.observatory.topics import Level, classify

_FORCES = (
    "militar",
    "army",
    "navy",
    "naval",
    "warfare",
    "combat",
    "defen",
    "air force",
    "armed",
    "missile",
    "weapon",
    "armament",
)
_HERE = Path(__file__).parent
_SHARED = Path(os.environ.get("VEDETTE_SHARED_DATA", _HERE.parents[1] / "shared" / "data"))


def _titles() -> list[dict[str, str]]:
    with (_HERE / "topic_titles.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def _part(rows: list[dict[str, str]], part: str, *, misses: bool) -> None:
    pairs = Counter((row["potential"], classify(row["title"]).potential.value) for row in rows if row["part"] == part)
    right = sum(count for (wanted, given), count in pairs.items() if wanted == given)
    armed = sum(count for (_, given), count in pairs.items() if given == Level.MILITARY)
    held = pairs[Level.MILITARY, Level.MILITARY]
    wanted = sum(count for (true, _), count in pairs.items() if true == Level.MILITARY)
    print(
        f"{part}: {right} of {sum(pairs.values())} as meant; military-significant: {held} of {wanted} found, {held} of {armed} right"
    )
    for language in ("en", "ko", "zh"):
        own = [row for row in rows if row["part"] == part and row["language"] == language]
        good = sum(classify(row["title"]).potential.value == row["potential"] for row in own)
        print(f"  {language}: {good} of {len(own)}")
    for (true, given), count in sorted(pairs.items()):
        if true != given:
            print(f"  {true} taken for {given}: {count}")
    if misses and part == "dev":
        for row in rows:
            answer = classify(row["title"])
            if row["part"] == part and answer.potential.value != row["potential"]:
                print(f"    {row['title']}: {answer.potential.value} ({'; '.join(answer.reasons)})")


def _names() -> None:
    """Affiliation strings and names of organisations: nearly none is a weapon, except where it says so itself."""
    folder = _SHARED / "academia"
    if not folder.is_dir():
        print("ordinary names: the measuring data is not on this machine")
        return
    with (folder / "ror_gold" / "crossref_train.csv").open(encoding="utf-8", newline="") as file:
        _ordinary("affiliations", [row["affiliation"] for row in csv.DictReader(file)])
    with gzip.open(folder / "ror_union.jsonl.gz", "rt", encoding="utf-8") as file:
        records = [json.loads(line) for line in file]
    _ordinary("names of organisations", [name for record in records if (name := _name(record))])


def _name(record: dict[str, Any]) -> str:
    names = record.get("names") or [record.get("name") or ""]
    first = names[0]
    return str(first["value"] if isinstance(first, dict) else first)


def _ordinary(what: str, lines: list[str]) -> None:
    answers = [classify(line) for line in lines]
    armed = [answer for answer in answers if answer.potential is Level.MILITARY]
    named = sum(any(word in answer.title.casefold() for word in _FORCES) for answer in armed)
    print(f"{what}: {len(armed)} of {len(lines)} military-significant, {named} of them name forces or arms themselves")


def _speed(rows: list[dict[str, str]]) -> None:
    titles = [row["title"] for row in rows] * 40
    began = time.perf_counter()
    for title in titles:
        classify(title)
    print(f"speed: {len(titles) / (time.perf_counter() - began):,.0f} titles/s")


def main() -> int:
    """Every figure."""
    began = time.perf_counter()
    classify("start")
    print(f"dictionary read in {time.perf_counter() - began:.2f} s")
    rows = _titles()
    for part in ("dev", "early", "last"):
        _part(rows, part, misses="--misses" in sys.argv)
    _names()
    _speed(rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
