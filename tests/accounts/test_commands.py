"""`vedette map` on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from vedette.accounts.mapping import FILE_NAME, read_mapping
from vedette.cli.main import run
from vedette.simulate import messy


class TestMap:
    def test_proposes_and_saves(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        messy(tmp_path, "portal")

        code = run(["map", str(tmp_path)])

        assert code == 0
        assert "Question" in capsys.readouterr().out
        assert len(read_mapping(tmp_path / FILE_NAME).files) == 3

    def test_json_lines(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        messy(tmp_path, "nested")

        run(["map", str(tmp_path), "--json", "-o", str(tmp_path / "m.yml")])

        rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        assert {"file": "logins.jsonl", "table": "signins", "column": "ip"}.items() <= next(
            row for row in rows if row["column"] == "ip"
        ).items()

    def test_an_edited_mapping_is_not_overwritten(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        messy(tmp_path, "portal")
        (tmp_path / FILE_NAME).write_text("mine")

        assert run(["map", str(tmp_path)]) == 1
        assert (tmp_path / FILE_NAME).read_text() == "mine"
        assert "already there" in capsys.readouterr().err
        assert run(["map", str(tmp_path), "--force"]) == 0

    def test_no_folder(self, tmp_path: Path) -> None:
        assert run(["map", str(tmp_path / "nowhere")]) == 1
