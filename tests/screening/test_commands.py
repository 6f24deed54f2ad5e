"""The terminal's side: one JSON line for every input line, exit codes, nothing half-written."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from tests.made import ANNA
from vedette import doors
from vedette.base import FixedClock
from vedette.screening import ScreeningError, commands
from vedette.store import Store

Run = Callable[..., Result]

_CSV = """id,name,kind,birth_date
c-1,Ann Other,person,
c-2,Bartholomew Volkonskayev,person,1961-03-14
c-3,Bartholomew Volkonskayev,person,1999-09-09
c-4,Volkonskayev Bartholomew,person,
"""


@pytest.fixture
def run(loaded: Store, clock: FixedClock, tmp_path: Path) -> Run:
    """Run ``screen`` or ``compare`` against the workspace."""

    def ran(command: Any, *arguments: str | Path) -> Result:
        session = doors.Session(tmp_path / "ws", ANNA, lambda _root: loaded, clock=clock)
        app = typer.Typer()
        app.command()(command)
        return CliRunner().invoke(app, list(map(str, arguments)), obj=session)

    return ran


def _lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture
def customers(tmp_path: Path) -> Path:
    """A file of four customers."""
    path = tmp_path / "customers.csv"
    path.write_text(_CSV)
    return path


class TestScreen:
    def test_one_line_for_every_line_in_order(self, run: Run, customers: Path) -> None:
        result = run(commands.screen, customers)
        assert result.exit_code == 0
        rows = _lines(result.stdout)
        assert [row["query_id"] for row in rows] == ["c-1", "c-2", "c-3", "c-4"]
        assert [len(row["matches"]) for row in rows] == [0, 1, 0, 1]

    def test_a_match_has_the_fields_of_the_contract(self, run: Run, customers: Path) -> None:
        match = _lines(run(commands.screen, customers).stdout)[1]["matches"][0]
        assert {"entity_id", "list", "list_version", "name", "score", "bits", "explanation"} <= match.keys()
        assert (match["entity_id"], match["level"]) == ("e-0", "identified")

    def test_the_end_names_the_lists_and_their_versions(self, run: Run, customers: Path) -> None:
        result = run(commands.screen, customers)
        assert "4 parties, 2 with a match, against " in result.stderr
        assert _lines(result.stdout)[1]["matches"][0]["list_version"] in result.stderr

    def test_contradicted_ones_are_shown_on_demand(self, run: Run, customers: Path) -> None:
        rows = _lines(run(commands.screen, customers, "--contradicted").stdout)
        assert rows[2]["matches"][0]["level"] == "contradicted"

    def test_written_to_a_file_it_says_the_same(self, run: Run, customers: Path, tmp_path: Path) -> None:
        plain = run(commands.screen, customers).stdout
        result = run(commands.screen, customers, "-o", tmp_path / "out.jsonl")
        assert (result.exit_code, result.stdout) == (0, "")
        assert (tmp_path / "out.jsonl").read_text(encoding="utf-8") == plain

    def test_twice_gives_the_same(self, run: Run, customers: Path) -> None:
        assert run(commands.screen, customers).stdout == run(commands.screen, customers).stdout

    def test_a_higher_threshold_shows_less(self, run: Run, customers: Path) -> None:
        rows = _lines(run(commands.screen, customers, "--threshold", "0.97").stdout)
        assert [len(row["matches"]) for row in rows] == [0, 1, 0, 0]

    def test_a_line_that_cannot_be_screened_never_looks_clear(self, run: Run, tmp_path: Path) -> None:
        file = tmp_path / "many.csv"
        file.write_text("id,name\nc-1,\n" + "".join(f"c-{n},Ann Other\n" for n in range(2, 202)))
        result = run(commands.screen, file)
        assert result.exit_code == 0
        assert "no name" in _lines(result.stdout)[0]["error"]
        assert "1 lines could not be screened" in result.stderr

    def test_too_many_of_them_fail_the_job(self, run: Run, tmp_path: Path) -> None:
        file = tmp_path / "few.csv"
        file.write_text("id,name\nc-1,\nc-2,Ann\n")
        result = run(commands.screen, file)
        assert result.exit_code == 1
        assert len(_lines(result.stdout)) == 2

    @pytest.mark.parametrize("data", [b"id,name\n1,\xff\n", b"id,town\n1,Bonn\n", b""])
    def test_a_refused_file_leaves_nothing_behind(self, run: Run, tmp_path: Path, data: bytes) -> None:
        (tmp_path / "bad.csv").write_bytes(data)
        result = run(commands.screen, tmp_path / "bad.csv", "-o", tmp_path / "out.jsonl")
        assert isinstance(result.exception, ScreeningError)
        assert "bad.csv" in str(result.exception)
        assert not list(tmp_path.glob("*out.jsonl*"))

    def test_a_place_that_cannot_be_written_is_refused(self, run: Run, customers: Path, tmp_path: Path) -> None:
        result = run(commands.screen, customers, "-o", tmp_path / "absent" / "out.jsonl")
        assert result.exit_code == 1
        assert "cannot be written" in str(result.exception)


class TestCompare:
    def test_two_names_for_people(self, run: Run) -> None:
        result = run(commands.compare, "Kim Jong Un", "김정은", "--kind", "person")
        assert result.exit_code == 0
        assert "score 0." in result.stdout and "bits" in result.stdout

    def test_two_names_for_machines(self, run: Run) -> None:
        (row,) = _lines(run(commands.compare, "Ann", "Ann", "--json").stdout)
        assert (row["left"], row["right"], row["score"]) == ("Ann", "Ann", 1.0)

    def test_a_file_of_pairs(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "pairs.csv").write_text("left,right,kind\nAnn,Ann,person\n,Bo,person\n")
        rows = _lines(run(commands.compare, "--pairs", tmp_path / "pairs.csv").stdout)
        assert [row["score"] for row in rows] == [1.0, 0.0]

    @pytest.mark.parametrize("arguments", [[], ["Ann"], ["A", "B", "--pairs", "x.csv"], ["A", "B", "--kind", "robot"]])
    def test_wrong_usage_exits_2(self, run: Run, arguments: list[str]) -> None:
        assert run(commands.compare, *arguments).exit_code == 2
