"""The command line's frame: instant help, honest exit codes, every command documented."""

from __future__ import annotations

import subprocess
import sys

import pytest

from vedette.cli.lazy import load
from vedette.cli.main import run
from vedette.cli.table import COMMANDS

_HEAVY = ("sqlalchemy", "duckdb", "numpy", "pydantic", "alembic", "sqlglot", "yaml", "rapidfuzz", "cryptography")


class TestHelp:
    def test_it_imports_nothing_heavy(self) -> None:
        code = (
            "import sys; from vedette.cli.main import run; code = run(['--help']); "
            f"print([name for name in {_HEAVY} if name in sys.modules], file=sys.stderr); sys.exit(code)"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert done.stderr.strip() == "[]"
        for entry in COMMANDS:
            assert entry.name in done.stdout

    @pytest.mark.parametrize("entry", COMMANDS, ids=lambda entry: entry.name)
    def test_every_command_loads_and_shows_an_example(self, entry: object) -> None:
        command = load(entry)  # type: ignore[arg-type]
        children = list(getattr(command, "commands", {}).values()) or [command]
        for child in children:
            assert "Example" in (child.help or ""), f"{command.name} {child.name}"

    @pytest.mark.parametrize("entry", COMMANDS, ids=lambda entry: entry.name)
    def test_completion_is_offered_by_the_program_alone(self, entry: object) -> None:
        names = {name for parameter in load(entry).params for name in parameter.opts}  # type: ignore[arg-type]
        assert not {"--install-completion", "--show-completion"} & names


class TestRun:
    @pytest.mark.parametrize(
        ("arguments", "code"),
        [(["--version"], 0), (["--help"], 0), (["no-such-command"], 2), (["findings", "--no-such-option"], 2)],
    )
    def test_exit_codes(self, arguments: list[str], code: int) -> None:
        assert run(arguments) == code

    def test_no_workspace_is_one_line_with_the_remedy(
        self, tmp_path: object, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert run(["--workspace", str(tmp_path), "findings"]) == 1
        error = capsys.readouterr().err
        assert "not a workspace" in error and "vedette init" in error
        assert len(error.strip().splitlines()) == 1
