"""The command line of linking: rows by contract, the waterfall, and a person's word."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.made import ANNA
from vedette import doors, linking
from vedette.base import FixedClock
from vedette.linking.commands import app
from vedette.store import Store

Run = Callable[..., str]


@pytest.fixture
def run(ringed: Store, clock: FixedClock) -> Run:
    """Runs `vedette link ...`; anticipated errors are raised as the cli room would meet them."""

    def invoke(*words: str) -> str:
        session = doors.Session(ringed.workspace.root, ANNA, lambda _root: ringed, clock=clock)
        result = CliRunner().invoke(app, list(words), obj=session)
        if result.exception is not None:
            raise result.exception
        return result.output

    return invoke


class TestRows:
    def test_by_contract(self, run: Run) -> None:
        rows = [json.loads(line) for line in run("--json").splitlines()]
        assert [row["account_id"] for row in rows] == ["a-1", "a-2", "a-3"]
        assert all({"actor_id", "account_id", "link_bits", "confidence"} <= row.keys() for row in rows)
        assert len({row["actor_id"] for row in rows}) == 1
        assert all(0.98 < row["confidence"] <= 1 for row in rows)

    def test_all_accounts(self, run: Run) -> None:
        rows = [json.loads(line) for line in run("--all", "--json").splitlines()]
        assert len(rows) == 43
        assert len({row["actor_id"] for row in rows}) == 41

    def test_into_a_file(self, run: Run, tmp_path: Path) -> None:
        target = tmp_path / "actors.jsonl"
        assert "3 rows" in run("-o", str(target))
        assert len(target.read_text(encoding="utf-8").splitlines()) == 3

    def test_as_a_table(self, run: Run) -> None:
        assert "3 different verified identities" in run()

    def test_computes_only_when_due(self, run: Run, ringed: Store) -> None:
        run()
        assert not linking.due(ringed)
        run()
        assert len(linking.events(ringed)) == 1


class TestExplain:
    def test_tells_people(self, run: Run) -> None:
        told = run("--explain", "a-1", "a-2")
        assert "any two accounts" in told
        assert "one hand needs 6" in told
        assert "would fall without any one of: key" in told

    def test_tells_machines(self, run: Run) -> None:
        row = json.loads(run("--explain", "a-1", "a-2", "--json"))
        assert row["standing"] == "same"
        assert row["parts"][0]["kind"] == "key"
        assert row["breaks_without"] == ["key"]


class TestWords:
    def test_cut_takes_effect_at_once(self, run: Run, ringed: Store) -> None:
        row = json.loads(run("cut", "a-1", "a-2", "--reason", "Met both.", "--json"))
        assert row["verdict"] == "cut"
        assert not any({"a-1", "a-2"} <= set(actor.accounts) for actor in linking.actors(ringed))
        assert "person:anna said cut" in run("--explain", "a-1", "a-2")

    def test_confirm_takes_effect_at_once(self, run: Run, ringed: Store) -> None:
        run("confirm", "s-01", "s-02", "--reason", "She told us.")
        assert linking.actor_of(ringed, "s-01") == linking.actor_of(ringed, "s-02") is not None


class TestGraph:
    def test_json_and_picture_go_to_files(self, run: Run, tmp_path: Path) -> None:
        graph, drawing = tmp_path / "graph.json", tmp_path / "graph.svg"
        told = run("--graph", "a-1", "-o", str(graph), "--svg", str(drawing))
        assert "4 nodes and 3 lines" in told
        assert len(json.loads(graph.read_text())["nodes"]) == 4
        assert drawing.read_text().startswith("<svg")

    def test_without_a_file_it_is_a_row(self, run: Run) -> None:
        (row,) = [json.loads(line) for line in run("--graph", "a-2", "--json").splitlines()]
        assert row["about"] == "a-2"
