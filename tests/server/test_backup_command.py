"""Backup and restore at the terminal: the drill that an operator does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from tests.made import ANNA
from vedette import doors
from vedette.app.opening import create, open_store
from vedette.base import VedetteError
from vedette.server.commands import backup, restore

app = typer.Typer()
app.command("backup")(backup)
app.command("restore")(restore)


@pytest.fixture
def session(tmp_path: Path) -> doors.Session:
    create(tmp_path / "ws", "us").close()
    (tmp_path / "secret").write_text("a long enough passphrase\n")
    return doors.Session(tmp_path / "ws", ANNA, open_store)


def run(session: doors.Session, *arguments: str) -> Result:
    return CliRunner().invoke(app, [*arguments, "--json"], obj=session)


class TestDrill:
    def test_with_sealed_keys(self, session: doors.Session, tmp_path: Path) -> None:
        made = run(session, "backup", "-o", str(tmp_path / "b"), "--passphrase-file", str(tmp_path / "secret"))
        second = run(session, "backup", "-o", str(tmp_path / "c"), "--passphrase-file", str(tmp_path / "secret"))
        told = run(
            session,
            "restore",
            str(tmp_path / "c"),
            "--to",
            str(tmp_path / "n"),
            "--passphrase-file",
            str(tmp_path / "secret"),
        )
        assert json.loads(made.stdout)["keys"] is True
        assert second.exit_code == 0
        row = json.loads(told.stdout)
        assert (row["audit_holds"], row["leaves"]) == (True, 1)

    def test_with_keys_kept_apart(self, session: doors.Session, tmp_path: Path) -> None:
        first = run(session, "backup", "-o", str(tmp_path / "a"))
        assert "holds no keys" in first.stderr
        run(session, "backup", "-o", str(tmp_path / "b"))
        bare = run(session, "restore", str(tmp_path / "b"), "--to", str(tmp_path / "n"))
        assert isinstance(bare.exception, VedetteError)
        keys = str(tmp_path / "ws" / "keys")
        told = run(session, "restore", str(tmp_path / "b"), "--to", str(tmp_path / "m"), "--keys", keys)
        assert json.loads(told.stdout)["audit_holds"] is True
