"""J10: an auditor checks the log with a verifier of his own, away from the provider, and finds any byte that was changed."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.journeys.scene import Desk
from tests.journeys.terminal import process
from vedette.audit import verifier


def verified(export: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """The verifier's answer, run as the auditor runs it: one file, no Vedette on the path."""
    command = [sys.executable, "-I", verifier.__file__, str(export), *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


@pytest.fixture
def export(worked: Desk, tmp_path: Path) -> Path:
    worked("audit", "export", tmp_path / "log.jsonl").done()
    return tmp_path / "log.jsonl"


class TestExport:
    def test_it_verifies_on_its_own(self, export: Path) -> None:
        """The auditor needs to trust nothing that the provider runs."""
        answer = verified(export)
        assert answer.returncode == 0, answer.stderr
        assert "the log holds" in answer.stdout

    def test_it_verifies_against_a_key_told_out_of_band_only(self, export: Path) -> None:
        """A provider who signs a forged log with another key is found out."""
        key = json.loads(export.read_text().splitlines()[0])["public_key"]
        assert verified(export, key).returncode == 0
        assert verified(export, "A" * 43 + "=").returncode == 1

    @pytest.mark.parametrize("share", [0.0, 0.35, 0.7, 0.999])
    def test_one_changed_byte_is_noticed(self, export: Path, share: float) -> None:
        """No decision can be altered, backdated or made unseen after the fact."""
        data = bytearray(export.read_bytes())
        lines = data.splitlines(keepends=True)
        number = max(1, round(share * (len(lines) - 1)))
        start = sum(map(len, lines[:number]))
        place = start + 20
        data[place] = ord("A") if data[place] != ord("A") else ord("B")
        export.write_bytes(bytes(data))
        answer = verified(export)
        assert answer.returncode == 1
        assert "NOT VERIFIED" in answer.stderr

    def test_a_missing_leaf_is_noticed(self, export: Path) -> None:
        """Nothing can be left out."""
        lines = export.read_text().splitlines(keepends=True)
        export.write_text("".join(lines[:3] + lines[4:]))
        assert verified(export).returncode == 1


def altered(desk: Desk, sql: str, *values: object) -> None:
    """Somebody with the database in hand changes a row behind the program's back."""
    with sqlite3.connect(desk.root / "state.db") as connection:
        assert connection.execute(sql, values).rowcount >= 1
    connection.close()


class TestLiveWorkspace:
    @pytest.mark.parametrize(
        ("name", "sql"),
        [
            ("a finding", "UPDATE finding SET strength = 'weak' WHERE strength = 'stop'"),
            ("a case", "UPDATE case_file SET status = 'closed'"),
            ("a list in force", "UPDATE list_version SET entries = entries + 1"),
            ("a sealed customer", "UPDATE account_secret SET sealed = substr(sealed, 2) WHERE rowid = 1"),
        ],
    )
    def test_a_changed_row_is_noticed(self, worked: Desk, name: str, sql: str) -> None:
        """Nobody who can write to the database can quietly free, hide or harm a customer."""
        altered(worked, sql)
        answer = worked("audit", "verify")
        assert answer.code == 1
        assert "NOT VERIFIED" in answer.err

    def test_a_removed_row_is_noticed(self, worked: Desk) -> None:
        """A finding that should never have existed still existed."""
        altered(worked, "DELETE FROM finding WHERE rowid = (SELECT min(rowid) FROM finding)")
        assert worked("audit", "verify").code == 1

    def test_a_changed_lake_file_is_noticed(self, worked: Desk) -> None:
        """The events on which a decision rests are those that were read."""
        path = next((worked.root / "lake" / "signins").rglob("*.parquet"))
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(bytes(data))
        answer = worked("audit", "verify")
        assert answer.code == 1
        assert path.name in answer.err or "signins" in answer.err

    def test_one_leaf_is_proved_without_showing_the_others(self, worked: Desk) -> None:
        """A customer's lawyer gets the proof of one decision, not everybody's log."""
        told = worked("audit", "proof", "2", "--json").done().row
        assert told["index"] == 2
        assert told["leaf_hash"] and told["proof"]

    def test_exit_codes_reach_the_shell(self, worked: Desk) -> None:
        """A nightly `vedette audit verify || alarm` alarms."""
        assert process("-w", worked.root, "audit", "verify").code == 0
        altered(worked, "UPDATE finding SET summary = 'x'")
        assert process("-w", worked.root, "audit", "verify").code == 1
