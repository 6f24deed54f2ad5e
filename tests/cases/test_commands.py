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

    def test_notes_and_remarks_are_shown_with_a_leaf_only(self, run: Run, case_id: str) -> None:
        run("note", case_id, "asked the reseller")
        run("decide", case_id, "--outcome", "false", "--reason", "namesake", "--note", "born later")
        assert "reseller" not in run("show", case_id)[1]

        output = run("show", case_id, "--reveal")[1]

        assert output.index("asked the reseller") < output.index("born later")

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
    @pytest.mark.parametrize(
        "name",
        [
            *("list", "show", "claim", "decide", "approve", "export", "next", "release", "assign", "escalate"),
            *("snooze", "undo", "note", "merge", "split", "bulk", "bulk-answer", "filters", "review", "quality"),
            *("clocks", "frozen", "appeal", "appeals", "appeal-answer", "redress", "practice"),
        ],
    )
    def test_every_command_has_an_example_and_json(self, run: Run, name: str) -> None:
        output = run(name, "--help")[1]

        assert f"Example: vedette cases {name}" in output.replace("\n", " ")
        assert "--json" in output


class TestQueue:
    def test_next_shows_the_case_and_decide_goes_on(self, run: Run, case_id: str) -> None:
        assert "s-1" in run("next")[1]
        first = rows(run("next", "--json")[1])[0]["case_id"]

        code, output = run(
            *("decide", first, "--outcome", "true", "--reason", "listed_party", "--note", "seen", "--next"), "--json"
        )

        decided, claimed = rows(output)
        assert (code, decided["case_id"], claimed["case_id"]) == (0, first, case_id)
        run("release", case_id)
        assert rows(run("next", "--json", who=BERT)[1])[0]["case_id"] == case_id

    def test_the_end_of_the_queue_is_said(self, run: Run) -> None:
        assert "Nothing waits for you" in run("next")[1]

    def test_undo_note_escalate_assign_snooze(self, run: Run, case_id: str) -> None:
        run("decide", case_id, "--outcome", "false", "--reason", "namesake", "--note", "slip")
        assert rows(run("undo", case_id, "--json")[1])[0]["status"] == "open"
        assert rows(run("note", case_id, "asked", "--json")[1])[0]["case_id"] == case_id
        assert rows(run("assign", case_id, "--to", "bert", "--json")[1])[0]["status"] == "open"
        assert rows(run("list", "--filter", "assigned=bert", "--json")[1])[0]["assigned_to"] == "bert"
        assert rows(run("escalate", case_id, "--note", "big", "--json")[1])[0]["priority"] == 100
        sleeping = rows(run("snooze", case_id, "--until", "2026-03-02T12:00:00Z", "--json")[1])[0]
        assert (sleeping["status"], sleeping["snoozed_until"]) == ("snoozed", "2026-03-02T12:00:00Z")
        assert run("snooze", case_id, "--until", "tomorrow")[0] == 2

    def test_merge_and_split(self, run: Run, case_id: str) -> None:
        (whole,) = rows(run("merge", "a-1", "s-1", "--note", "one hand", "--json")[1])
        assert whole["accounts"] == ["a-1", "s-1"]

        both = rows(run("split", whole["case_id"], "--account", "a-1", "--note", "two after all", "--json")[1])

        assert [row["accounts"] for row in both] == [["s-1"], ["a-1"]]


class TestSets:
    def test_bulk_counts_then_decides(self, run: Run, case_id: str) -> None:
        words = ("bulk", "--family", "network", "--outcome", "false", "--reason", "namesake", "--note", "one campus")
        (counted,) = rows(run(*words, "--dry-run", "--json")[1])
        assert (counted["cases"], counted["left_out"], counted["second_person"]) == (1, 0, False)

        (done,) = rows(run(*words, "--fingerprint", counted["fingerprint"], "--json")[1])

        assert (done["state"], done["decided"]) == ("done", 1)
        with pytest.raises(VedetteError, match="changed since it was counted"):
            run(*words, "--fingerprint", counted["fingerprint"])
        assert rows(run("bulk-answer", "--json")[1]) == []

    def test_filters_are_saved_and_used_by_name(self, run: Run, case_id: str) -> None:
        run("filters", "--save", "stops", "--filter", "hold=yes")

        assert [row["accounts"] for row in rows(run("list", "--filter", "@stops", "--json")[1])] == [["s-1"]]
        with pytest.raises(VedetteError, match="no filter"):
            run("list", "--filter", "colour=red")

    def test_csv_of_the_same_view(self, run: Run, case_id: str, tmp_path: Path) -> None:
        run("list", "--filter", "hold=yes", "--csv", str(tmp_path / "queue.csv"))

        text = (tmp_path / "queue.csv").read_text()
        assert (text.count("\n"), '"s-1"' in text, '"a-1"' in text) == (2, True, False)


class TestLawAndProof:
    def test_a_block_runs_a_clock_and_freezes(self, run: Run, case_id: str) -> None:
        words = ("--outcome", "true", "--action", "block-property", "--reason", "listed_party", "--note", "match")
        run("decide", case_id, *words)
        run("approve", case_id, who=BERT)

        (clock,) = rows(run("clocks", "--json")[1])
        (frozen,) = rows(run("frozen", "--json")[1])

        assert (clock["rule"], clock["required"]) == ("us_ofac_block_reject_report", True)
        assert (frozen["account_id"], frozen["refund_allowed"]) == ("a-1", False)
        run("clocks", "--met", clock["clock_id"], "--reference", "ORS-1")
        assert rows(run("clocks", "--json")[1]) == []
        assert run("clocks", "--start", case_id)[0] == 2

    def test_appeal_and_answer(self, run: Run, case_id: str, tmp_path: Path) -> None:
        run("decide", case_id, "--outcome", "true", "--reason", "listed_party", "--note", "match")
        (tmp_path / "letter.txt").write_text("I am another.", encoding="utf-8")

        (made,) = rows(run("appeal", case_id, "--text-file", str(tmp_path / "letter.txt"), "--json", who=BERT)[1])

        assert rows(run("appeals", "--json")[1])[0]["appeal_id"] == made["appeal_id"]
        words = ("appeal-answer", made["appeal_id"], "--changed", "--note", "so it is", "--json")
        assert rows(run(*words, who=BERT)[1])[0]["state"] == "changed"
        (tmp_path / "letter.txt").write_bytes(b"\xff\xfe")
        with pytest.raises(VedetteError, match="UTF-8"):
            run("appeal", case_id, "--text-file", str(tmp_path / "letter.txt"))
        assert "authority" in run("redress")[1]

    def test_quality_says_what_it_knows(self, run: Run, case_id: str) -> None:
        run("decide", case_id, "--outcome", "true", "--reason", "listed_party", "--note", "match")
        run("review", case_id, "--outcome", "true", who=BERT)

        output = run("quality")[1]
        (told,) = rows(run("quality", "--json")[1])

        assert "network/a" in output
        assert "|====" in output
        assert "not known yet" in output
        assert told["agreement"]["agreed"]["hits"] == 1

    def test_practice_by_script_and_in_dialogue(self, run: Run) -> None:
        code, output = run("practice", "--count", "3", "--answers", "true,false,undetermined", "--json")

        assert (code, rows(output)[-1]["of"]) == (0, 3)
        assert run("practice", "--count", "3", "--answers", "true,maybe,false")[0] == 2
        assert run("practice", "--count", "3", "--answers", "true")[0] == 2
