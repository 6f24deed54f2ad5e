"""`vedette findings` as a table and as JSON lines."""

from __future__ import annotations

import json

import typer
from typer.testing import CliRunner

from tests.findings.test_store import record
from tests.made import ANNA, finding
from vedette import doors
from vedette.base import FixedClock
from vedette.findings.commands import findings as command
from vedette.store import Store


def run(store: Store, clock: FixedClock, *words: str) -> str:
    app = typer.Typer()
    app.command()(command)
    session = doors.Session(store.workspace.root, ANNA, lambda _root: store, clock=clock)
    result = CliRunner().invoke(app, list(words), obj=session, catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


class TestFindings:
    def test_json_lines(self, store: Store, clock: FixedClock) -> None:
        record(store, clock, finding(), finding("payment/b", account="a-2"))

        rows = [json.loads(line) for line in run(store, clock, "--json", "--account", "a-2").splitlines()]

        assert [row["check"] for row in rows] == ["payment/b"]

    def test_table(self, store: Store, clock: FixedClock) -> None:
        record(store, clock, finding())

        assert "network/odd" in run(store, clock)

    def test_none_is_not_called_clean(self, store: Store, clock: FixedClock) -> None:
        assert "not the same as clean" in run(store, clock)
