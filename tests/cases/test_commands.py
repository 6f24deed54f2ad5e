"""The command line of cases: rows by contract, words that are refused, and who may do what."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tests.cases.test_refresh import BOTH, refresh
from tests.made import ANNA, BERT, finding
from vedette import cases, doors
from vedette.base import FixedClock, Principal, Strength, VedetteError
from vedette.cases.commands import app
from vedette.store import Store

Run = Callable[..., "tuple[int, str]"]


@pytest.fixture
def run(store: Store, clock: FixedClock) -> Run:
    """Runs `vedette cases ...` as somebody; anticipated errors are raised as the cli room would meet them."""

    def invoke(*words: str, who: Principal = ANNA) -> tuple[int, str]:
        session = doors.Session(store.workspace.root, who, lambda _root: store, clock=clock)
        result = CliRunner().invoke(app, list(words), obj=session, catch_exceptions=True)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.exit_code, result.output

    return invoke


@pytest.fixture
def case_id(store: Store, clock: FixedClock) -> str:
    refresh(store, clock, *BOTH, finding("presence/ip", account="s-1", strength=Strength.STOP))
    found = cases.of_account(store, "a-1")
    assert found is not None
    return found.case_id


def rows(output: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.splitlines()]


class TestList:
    def test_rows_by_contract_most_urgent_first(self, run: Run, case_id: str) -> None:
        code, output = run("list", "--json")

        first, second = rows(output)
        assert code == 0
        assert set(first) >= {
            "case_id",
            "status",
            "priority",
            "opened_at",
            "accounts",
            "actor_id",
            "families",
            "findings",
            "summary",
        }
        assert (first["accounts"], second["accounts"]) == (["s-1"], ["a-1"])
        assert first["priority"] >= 80 > second["priority"]

    @pytest.mark.parametrize(
        ("words", "count"),
        [
            (("--status", "open"), 2),
            (("--status", "closed"), 0),
            (("--limit", "1"), 1),
            (("--account", "a-1"), 1),
            (("--account", "nobody"), 0),
            (("--all",), 2),
        ],
    )
    def test_filters(self, run: Run, case_id: str, words: tuple[str, ...], count: int) -> None:
        assert len(rows(run("list", "--json", *words)[1])) == count

    def test_settled_cases_leave_the_queue(self, run: Run, case_id: str) -> None:
        run("decide", case_id, "--outcome", "false", "--reason", "namesake", "--note", "checked")

        assert [row["accounts"] for row in rows(run("list", "--json")[1])] == [["s-1"]]
        assert len(rows(run("list", "--json", "--all")[1])) == 2

    def test_an_unknown_status_is_wrong_usage(self, run: Run, case_id: str) -> None:
        code, output = run("list", "--status", "opne")

        assert code == 2
        assert "waiting_approval" in output

    def test_an_empty_queue_is_not_called_clean(self, run: Run) -> None:
        assert "not the same as clean" in run("list")[1]


class TestShow:
    def test_everything_a_reviewer_asks(self, run: Run, case_id: str) -> None:
        output = run("show", case_id)[1]

        for title in ("Why it is open", "Evidence", "Blind spots", "Look at next", "Would close it", "History"):
            assert title in output
        assert "Together 10 bits from 2" in output

    def test_as_data(self, run: Run, case_id: str) -> None:
        (told,) = rows(run("show", "a-1", "--json")[1])

        assert told["case_id"] == case_id
        assert "customers" not in told

    def test_customer_data_only_when_asked_and_told_to_the_log(
        self, run: Run, store: Store, case_id: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        held = {"a-1": {"name": "Ms Example"}}
        monkeypatch.setattr("vedette.accounts.reveal", lambda _store, account: held.get(account))
        assert "Ms Example" not in run("show", case_id)[1]

        assert "Ms Example" in run("show", case_id, "--reveal")[1]

        (told,) = rows(run("show", case_id, "--json")[1])
        assert [entry["verb"] for entry in told["history"]] == ["opened", "revealed"]
        assert told["history"][-1]["principal"] == "person:anna"
        (unknown,) = rows(run("show", "s-1", "--reveal", "--json")[1])
        assert unknown["customers"] == {"s-1": {"held": "nothing about this account"}}

    def test_hostile_text_cannot_steer_the_terminal(
        self, run: Run, store: Store, clock: FixedClock, case_id: str
    ) -> None:
        refresh(store, clock, finding("device/c", summary="\x1b[2J[red]gone[/red]"))

        output = run("show", case_id)[1]

        assert "\x1b[2J" not in output
        assert "[red]gone[/red]" in output


class TestWork:
    def test_claim_decide_approve(self, run: Run, case_id: str) -> None:
        assert run("claim", case_id)[0] == 0
        assert run("claim", case_id, who=BERT)[0] == 1

        code, output = run(
            "decide",
            case_id,
            "--outcome",
            "true",
            "--action",
            "suspend",
            "--reason",
            "false_identity",
            "--note",
            "documents are forged",
        )
        assert (code, "Waits for a second person" in output) == (0, True)
        with pytest.raises(VedetteError, match="maker"):
            run("approve", case_id)

        (made,) = rows(run("approve", case_id, "--json", who=BERT)[1])
        assert (made["state"], made["action"]) == ("final", "suspend")
        assert any(key.startswith("policy/us_ofac") for key in made["versions"])
        assert made["versions"]["check/network/a"] == "1"

    def test_reject(self, run: Run, case_id: str) -> None:
        run("decide", case_id, "--outcome", "true", "--action", "report", "--reason", "listed_party", "--note", "match")

        (made,) = rows(run("approve", case_id, "--reject", "--json", who=BERT)[1])

        assert made["state"] == "rejected"

    def test_a_stale_version_is_refused(self, run: Run, case_id: str) -> None:
        with pytest.raises(VedetteError, match="you looked at version 7"):
            run("decide", case_id, "--outcome", "false", "--reason", "namesake", "--note", "x", "--version", "7")

    @pytest.mark.parametrize(
        ("words", "told"),
        [
            (("--outcome", "maybe", "--reason", "namesake", "--note", "x"), "undetermined"),
            (("--outcome", "true", "--action", "arrest", "--reason", "listed_party", "--note", "x"), "block-property"),
            (("--outcome", "false", "--note", "x"), "--reason"),
            (("--outcome", "false", "--reason", "namesake"), "--note"),
        ],
    )
    def test_wrong_usage(self, run: Run, case_id: str, words: tuple[str, ...], told: str) -> None:
        code, output = run("decide", case_id, *words)

        assert code == 2
        assert told in output


class TestExport:
    def test_to_a_file(self, run: Run, case_id: str, tmp_path: Path) -> None:
        target = tmp_path / "case.json"

        code, output = run("export", case_id, "-o", str(target))

        assert (code, "1 proofs" in output) == (0, True)
        assert json.loads(target.read_text())["case_id"] == case_id

    def test_to_standard_output(self, run: Run, case_id: str) -> None:
        (told,) = rows(run("export", case_id)[1])

        assert told["proofs"]


class TestHelp:
    @pytest.mark.parametrize("name", ["list", "show", "claim", "decide", "approve", "export"])
    def test_every_command_has_an_example_and_json(self, run: Run, name: str) -> None:
        output = run(name, "--help")[1]

        assert f"Example: vedette cases {name}" in output.replace("\n", " ")
        assert "--json" in output
