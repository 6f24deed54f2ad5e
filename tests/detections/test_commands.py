"""The commands of `vedette rules`, as somebody at a terminal meets them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from vedette.cli.main import run


def asked(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> list[dict[str, Any]]:
    assert run(["rules", *arguments, "--json"]) == code
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.fixture
def mine(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A folder with one new rule."""
    asked(capsys, "new", "network", "mine", "--into", str(tmp_path / "mine"))
    return tmp_path / "mine"


class TestList:
    def test_names_every_shipped_rule(self, capsys: pytest.CaptureFixture[str]) -> None:
        found = asked(capsys, "list")
        assert len(found) >= 14
        assert len({rule["family"] for rule in found}) >= 6
        assert {"network/console_from_dprk", "payment/instrument_of_many"} <= {rule["id"] for rule in found}

    def test_another_folder_takes_the_place_of_the_shipped_one(
        self, mine: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert [rule["id"] for rule in asked(capsys, "list", "--rules", str(mine))] == ["network/mine"]

    def test_a_folder_that_is_none_is_wrong_usage(self, tmp_path: Path) -> None:
        assert run(["rules", "list", "--rules", str(tmp_path / "none")]) == 2


class TestShow:
    def test_tells_what_a_reviewer_needs(self, capsys: pytest.CaptureFixture[str]) -> None:
        (found,) = asked(capsys, "show", "network/console_from_dprk")
        assert found["strength"] == "stop"
        assert all(found[key] for key in ("why", "blind_spots", "honest_customer", "next_step", "sql"))

    def test_for_people(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert run(["rules", "show", "network/console_from_dprk"]) == 0
        assert "honest customer: " in capsys.readouterr().out

    def test_an_unknown_rule_is_wrong_usage(self) -> None:
        assert run(["rules", "show", "network/nothing"]) == 2


class TestTest:
    def test_a_new_rule_passes(self, mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert asked(capsys, "test", "--rules", str(mine)) == [{"id": "network/mine", "passed": True, "problems": []}]

    def test_a_broken_rule_is_exit_one_with_the_reason(self, mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
        path = mine / "network" / "mine" / "rule.yml"
        path.write_text(path.read_text("utf-8").replace("default: 3", "default: 9"), "utf-8")
        (found,) = asked(capsys, "test", "network/mine", "--rules", str(mine), code=1)
        assert "no finding" in found["problems"][0]

    def test_a_rule_that_cannot_be_read_is_one_line_with_file_and_line(
        self, mine: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = mine / "network" / "mine" / "rule.sql"
        path.write_text("SELECT * FROM signins WHERE {failures} > 1", "utf-8")
        assert run(["rules", "test", "--rules", str(mine)]) == 1
        error = capsys.readouterr().err
        assert "rule.sql:1" in error and "Name the columns" in error


class TestBacktest:
    def test_counts_on_a_workspace_and_says_why_it_cannot_run(
        self, tmp_path: Path, mine: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        workspace = str(tmp_path / "ws")
        assert run(["init", workspace]) == 0
        capsys.readouterr()
        assert run(["--workspace", workspace, "rules", "backtest", "network/mine", "--rules", str(mine), "--json"]) == 0
        found = json.loads(capsys.readouterr().out)
        assert (found["findings"], found["ready"]) == (0, False)
        assert "signins.outcome" in found["reason"]
