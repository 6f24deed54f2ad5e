"""J7: an integrity officer tries a policy, screens, asks, decides per service and briefs the chairs; a wrong policy does not load."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.scene import Desk
from vedette.conference.policy import default_policy
from vedette.simulate.conference import ConferencePlan, ConferenceSummary, conference


@pytest.fixture(scope="module")
def invented(tmp_path_factory: pytest.TempPathFactory) -> ConferenceSummary:
    return conference(tmp_path_factory.mktemp("j7"), ConferencePlan(submissions=120, seed=3))


def truth(summary: ConferenceSummary) -> dict[str, dict[str, str]]:
    with summary.truth.open(encoding="utf-8") as file:
        return {row["submission_id"]: row for row in csv.DictReader(file)}


def asked(rows: list[dict[str, Any]]) -> set[str]:
    return {row["submission_id"] for row in rows if row["action"] == "ask"}


class TestStory:
    def test_from_import_to_brief(self, bare: Desk, invented: ConferenceSummary, tmp_path: Path) -> None:
        bare("institutions", "load", invented.registry).done()
        bare("lists", "load", invented.watchlist).done()
        ours = tmp_path / "ours.yml"
        ours.write_text(default_policy().text.replace("id: default", "id: ours"), encoding="utf-8")

        # Nobody adopts what nobody has counted.
        assert bare("conference", "policy", "adopt", ours).code == 1
        report = (
            bare("conference", "dry-run", invented.venue, "--policy", ours, "-o", tmp_path / "report", "--json")
            .done()
            .row
        )
        assert report["papers"] == 120 and report["uneven"] == []
        assert (tmp_path / "report" / "disparity.svg").read_text().startswith("<svg")
        bare("conference", "policy", "adopt", ours).done()

        taken = bare("conference", "import", invented.venue, "--json").done().rows
        assert all(row["read"] == row["stored"] + row["duplicates"] + len(row["refused"]) for row in taken)
        rows = bare("conference", "screen", "--json").done().rows
        assert [each for each in dict.fromkeys(row["submission_id"] for row in rows)] == [str(n) for n in range(1, 121)]
        known = truth(invented)
        owed = {key for key, row in known.items() if row["expected"] == "ask"}
        assert len(asked(rows) & owed) >= 0.9 * len(owed)
        assert not {key for key in asked(rows) if known[key]["expected"] == "none"}

        # A question, its answer, a decision about the paper: given.
        questions = bare("conference", "questions", "--json").done().rows
        first = next(item for item in questions if item["form"] == "tie")
        form = tmp_path / "question.html"
        bare("conference", "brief", "--for", "authors", "--question", first["question_id"], "-o", form).done()
        assert "Your rights" in form.read_text()
        bare("conference", "answer", first["question_id"], "--text", "A visit that ended.").done()
        paper = first["submission_id"]
        made = (
            bare(
                "conference",
                "decide",
                paper,
                "--service",
                "paper",
                "--outcome",
                "given",
                "--reason",
                "tie_explained",
                "--json",
            )
            .done()
            .row
        )
        assert made["state"] == "effective"

        # Withholding a service takes two people.
        made = (
            bare(
                "conference",
                "decide",
                paper,
                "--service",
                "money",
                "--outcome",
                "withheld",
                "--reason",
                "licence_needed",
                "--json",
            )
            .done()
            .row
        )
        assert made["state"] == "waiting"
        assert bare("conference", "approve", made["decision_id"]).code == 1
        bare("conference", "approve", made["decision_id"], person="bert").done()

        for name in ("brief.pdf", "brief.md"):
            bare("conference", "brief", "--for", "chairs", "-o", tmp_path / name).done()
        text = (tmp_path / "brief.md").read_text()
        assert "What was not checked" in text and "of 120 submissions" in text

        bare("conference", "announce").done()
        late = bare(
            "conference", "decide", paper, "--service", "paper", "--outcome", "withheld", "--reason", "cited_law"
        )
        assert late.code == 1 and "announced" in late.err
        assert not asked(bare("conference", "screen", "--json").done().rows)
        bare("audit", "verify").done()


class TestWrongPolicy:
    @pytest.mark.parametrize("command", [("policy", "check"), ("dry-run", "--policy")])
    def test_the_tool_refuses_to_load_it_with_line_and_remedy(
        self, bare: Desk, tmp_path: Path, command: tuple[str, ...]
    ) -> None:
        """The wrong list, applied to papers without counsel, never reaches an author."""
        wrong = tmp_path / "wrong.yml"
        text = default_policy().text
        place = text.index("us_dow_1286")
        wrong.write_text(text[:place] + text[place:].replace("paper: none", "paper: stop", 1), encoding="utf-8")
        answer = bare("conference", *command, wrong)
        assert answer.code == 1
        assert "wrong.yml:" in answer.err and "counsel" in answer.err


class TestHostileVenue:
    def test_a_bad_file_fails_the_command_after_the_others_are_stored(self, bare: Desk, tmp_path: Path) -> None:
        good, bad = tmp_path / "good.json", tmp_path / "bad.json"
        good.write_text(json.dumps([{"pid": 1, "title": "=1+1", "authors": []}]))
        bad.write_text('[{"pid":2')
        answer = bare("conference", "import", bad, good, "--json")
        assert answer.code == 1
        assert [row["stored"] for row in answer.rows] == [0, 1]
        assert answer.rows[0]["problem"] and answer.rows[0]["remedy"]
        (row,) = bare("conference", "screen", "--json").done().rows
        assert (row["submission_id"], row["action"], row["potential"]) == ("1", "none", "undetermined")
