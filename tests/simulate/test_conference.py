"""The invented conference: labelled, repeatable, with planted, confusable and quiet papers in every set of sentences."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from vedette.simulate.conference import ConferencePlan, conference
from vedette.simulate.conference_texts import PHRASINGS, USES

SMALL = ConferencePlan(submissions=150, seed=2)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


class TestConference:
    def test_the_same_plan_gives_the_same_bytes(self, tmp_path: Path) -> None:
        for name in ("a", "b"):
            conference(tmp_path / name, SMALL)
        assert contents(tmp_path / "a") == contents(tmp_path / "b")

    @pytest.mark.parametrize("phrasing", sorted(PHRASINGS))
    def test_truth_names_every_paper_and_lies_outside_the_venue(self, tmp_path: Path, phrasing: str) -> None:
        made = conference(tmp_path, ConferencePlan(submissions=400, seed=2, phrasing=phrasing))
        with made.truth.open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        assert [row["submission_id"] for row in rows] == [str(n) for n in range(1, 401)]
        assert made.truth.parent == made.venue.parent
        planted, confusable = PHRASINGS[phrasing]
        kinds = {row["kind"] for row in rows}
        assert kinds & set(planted) and kinds & set(confusable) and "ordinary" in kinds
        assert {row["kind"] for row in rows if row["expected"] == "ask"} <= {*planted, *USES}
        assert not {row["kind"] for row in rows if row["expected"] == "none"} & set(planted)

    def test_everything_is_labelled_as_invented(self, tmp_path: Path) -> None:
        conference(tmp_path, SMALL)
        assert "invented" in (tmp_path / "SIMULATED.txt").read_text()
        for line in (tmp_path / "invented_list.ftm.json").read_text().splitlines():
            assert json.loads(line)["id"].startswith("SIMULATED-")

    def test_half_comes_from_each_system(self, tmp_path: Path) -> None:
        made = conference(tmp_path, SMALL)
        assert len(json.loads((made.venue / "hotcrp.json").read_text())) == 75
        told = json.loads((made.venue / "openreview.json").read_text())
        assert len(told["notes"]) == 75 and len(told["profiles"]) >= 75
