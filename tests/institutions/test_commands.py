"""The terminal's side: one answer a line in order, whatever the bytes; exit codes."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from tests.institutions.conftest import dump_lines
from tests.made import JOB
from vedette import doors
from vedette.base import FixedClock
from vedette.institutions.commands import app
from vedette.institutions.lines import MAX_LINE, lines
from vedette.store import Store

ROOT = Path(__file__).resolve().parents[2] / "src" / "vedette"


@pytest.fixture
def vedette(store: Store, clock: FixedClock, tmp_path: Path) -> Any:
    """Run ``vedette institutions ...`` against the workspace."""

    def run(*arguments: str | Path) -> Result:
        session = doors.Session(store.workspace.root, JOB, lambda _root: store, clock=clock)
        return CliRunner().invoke(app, list(map(str, arguments)), obj=session)

    return run


def answers(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


class TestResolve:
    def test_every_line_gets_one_answer_in_order(self, vedette: Any, tmp_path: Path) -> None:
        queries = ["Kim Chaek University of Technology, Pyongyang", "", "no such place", "Korea", "김일성종합대학"]
        (tmp_path / "a.txt").write_text("\n".join(queries) + "\n", encoding="utf-8")
        result = vedette("resolve", tmp_path / "a.txt")
        assert result.exit_code == 0
        found = answers(result)
        assert [row["query"] for row in found] == queries
        assert [row["abstained"] for row in found] == [False, True, True, True, False]
        assert [row["country"]["code"] for row in found] == ["KP", None, None, "ambiguous", "KP"]
        assert {"id", "name", "score", "relation"} <= set(found[0]["matches"][0])
        assert "load a registry first" in result.stderr

    def test_broken_and_endless_lines_are_answered_too(self, vedette: Any, tmp_path: Path) -> None:
        data = b"\xef\xbb\xbfPyongyang, DPRK\r\n\xff\xfe broken\n" + b"x" * (3 * MAX_LINE) + b"\nKorea"
        (tmp_path / "a.txt").write_bytes(data)
        found = answers(vedette("resolve", tmp_path / "a.txt"))
        assert len(found) == 4
        assert [row["country"]["code"] for row in found] == ["KP", None, None, "ambiguous"]
        assert ["error" in row for row in found] == [False, True, True, False]

    def test_gzip_and_an_output_file(self, vedette: Any, tmp_path: Path) -> None:
        (tmp_path / "a.gz").write_bytes(gzip.compress(b"Pyongyang, DPRK\n"))
        result = vedette("resolve", tmp_path / "a.gz", "-o", tmp_path / "out.jsonl", "--strict")
        assert result.exit_code == 0
        assert json.loads((tmp_path / "out.jsonl").read_text())["country"]["code"] == "KP"

    def test_a_missing_or_cut_file_is_an_error_with_a_remedy(self, tmp_path: Path) -> None:
        (tmp_path / "cut.gz").write_bytes(gzip.compress(b"Pyongyang\n" * 1000)[:30])
        for name in ("missing.txt", "cut.gz"):
            with pytest.raises(Exception, match="cannot be read"):
                list(lines(tmp_path / name))


class TestLoad:
    def test_a_registry_a_list_and_a_refusal(self, vedette: Any, tmp_path: Path) -> None:
        sample = next((ROOT / "watchlists" / "sources" / "us_dow_1286").glob("sample.*"))
        (tmp_path / "empty.json").write_bytes(b"[]")
        result = vedette(
            "load",
            dump_lines(tmp_path / "ror.jsonl"),
            sample,
            tmp_path / "empty.json",
            "--json",
            "--force",
            "--reason",
            "x",
        )
        assert result.exit_code == 1
        assert [row["outcome"] for row in answers(result)] == ["loaded", "refused", "loaded"]
        assert "refused" in result.stderr

    def test_status_names_what_is_loaded(self, vedette: Any, tmp_path: Path) -> None:
        vedette("load", dump_lines(tmp_path / "ror.jsonl"))
        (row,) = answers(vedette("status", "--json"))
        assert (row["registry"], row["organisations"], row["in_force"]) == ("ror", 20, True)
