"""One small invented provider, written once for all tests of the room."""

from __future__ import annotations

import csv
import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest

from vedette import simulate

Rows = list[dict[str, str]]


class Written:
    """A written provider, read back."""

    def __init__(self, folder: Path, plan: simulate.Plan) -> None:
        self.plan = plan
        self.summary = simulate.write(folder / "export", plan)
        self.truth = read(self.summary.truth)
        self.by_id = {row["account_id"]: row for row in self.truth}

    def rows(self, name: str) -> Rows:
        return read(self.summary.export / f"{name}.csv.gz")

    def log(self) -> list[dict[str, Any]]:
        found = []
        for path in sorted((self.summary.export / "logs" / "cloudtrail").iterdir()):
            with gzip.open(path, "rt", encoding="utf-8") as lines:
                found += [json.loads(line) for line in lines]
        return found

    def accounts_of(self, kind: str, *, evasive: bool = False) -> list[list[str]]:
        """The accounts of every actor of a kind."""
        actors: dict[str, list[str]] = {}
        for row in self.truth:
            if row["kind"] == kind and (row["evasive"] == "true") == evasive:
                actors.setdefault(row["actor_id"], []).append(row["account_id"])
        return list(actors.values())


def read(path: Path) -> Rows:
    """A CSV file, gzip or not."""
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode()
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    return Written(tmp_path_factory.mktemp("provider"), simulate.Plan(accounts=900, events=45_000))
