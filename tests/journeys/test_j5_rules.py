"""J5: a detection engineer begins a rule, tries it on examples, and measures it on real data before anybody meets it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.journeys.scene import Desk
from tests.journeys.terminal import vedette

MINE = "network/many_failures"


def begun(tmp_path: Path) -> Path:
    """A folder of the engineer's own with one new rule."""
    root = tmp_path / "rules"
    vedette("rules", "new", "network", "many_failures", "--into", root).done()
    return root


def edited(root: Path, file: str, old: str, new: str) -> None:
    path = root / MINE / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


class TestShippedRules:
    def test_every_rule_can_be_told_to_a_customer(self) -> None:
        """Whoever is looked at because of a rule can be told what it looks for, and what an honest person does to trip it."""
        rules = vedette("rules", "list", "--json").done().rows
        assert len(rules) >= 12 and len({rule["family"] for rule in rules}) >= 5
        told = vedette("rules", "show", rules[0]["id"], "--json").done().row
        assert all(told[key] for key in ("why", "blind_spots", "honest_customer", "next_step", "citation", "sql"))

    def test_the_same_rule_is_explained_by_its_id(self, bare: Desk) -> None:
        """A reviewer who sees a rule's id on a finding finds the rule with it."""
        told = bare("explain", "network/console_from_dprk", "--json").done().row
        assert told["kind"] == "rule"
        assert {part["heading"] for part in told["parts"]} >= {"What it cannot see", "An honest customer who trips it"}


class TestNewRule:
    def test_a_new_rule_passes_its_own_examples(self, tmp_path: Path) -> None:
        """The engineer starts from something that works."""
        answer = vedette("rules", "test", MINE, "--rules", begun(tmp_path), "--json").done()
        assert answer.rows == [{"id": MINE, "passed": True, "problems": []}]

    def test_a_threshold_moved_by_one_is_noticed(self, tmp_path: Path) -> None:
        """A slip that would flood reviewers with honest customers fails before it is published."""
        root = begun(tmp_path)
        edited(root, "rule.yml", "default: 3", "default: 2")
        answer = vedette("rules", "test", MINE, "--rules", root, "--json")
        assert answer.code == 1
        assert any("two failures are one too few" in problem for problem in answer.row["problems"])

    def test_a_misspelt_key_is_refused_with_file_and_line(self, tmp_path: Path) -> None:
        """A misspelling never just does nothing."""
        root = begun(tmp_path)
        edited(root, "rule.yml", "lookback: 7d", "lookback: 7d\nsupress: true")
        answer = vedette("rules", "list", "--rules", root)
        assert answer.code == 1
        assert "rule.yml:" in answer.err and "supress" in answer.err

    def test_a_rule_cannot_reach_outside_its_tables(self, tmp_path: Path) -> None:
        """A rule from elsewhere cannot read the provider's files or keys."""
        root = begun(tmp_path)
        edited(root, "rule.sql", "FROM signins AS s", "FROM read_csv('/etc/passwd') AS s")
        answer = vedette("rules", "test", MINE, "--rules", root)
        assert answer.code == 1
        assert "rule.sql" in answer.err
        assert "root:" not in answer.out + answer.err


class TestBacktest:
    def test_it_counts_what_the_rule_would_find_and_stores_nothing(self, worked: Desk, tmp_path: Path) -> None:
        """The engineer learns how many customers a rule would touch while no customer is touched."""
        before = (worked.findings(), worked.leaves())
        told = worked("rules", "backtest", MINE, "--rules", begun(tmp_path), "--json").done().row
        assert told["ready"] is True
        assert told["findings"] >= 1
        assert told["accounts"] <= 300
        assert (worked.findings(), worked.leaves()) == before

    def test_a_shipped_rule_finds_again_what_the_run_found(self, worked: Desk) -> None:
        """What is measured is what runs."""
        stored = [row for row in worked.findings().values() if row["check"] == "network/console_from_dprk"]
        told = worked("rules", "backtest", "network/console_from_dprk", "--json").done().row
        assert told["findings"] == len(stored) > 0

    def test_without_data_it_says_why_it_cannot_run(self, bare: Desk) -> None:
        """Nothing found in nothing is no proof of a good rule."""
        told = bare("rules", "backtest", "network/console_from_dprk", "--json").done().row
        assert told["ready"] is False
        assert told["reason"]


class TestLab:
    def test_a_new_version_is_compared_with_the_one_before(self, worked: Desk, tmp_path: Path) -> None:
        """The engineer sees who would be looked at anew, who no longer, how much work that is, and whether it is even."""
        root = begun(tmp_path)
        other = begun(tmp_path / "other")
        edited(other, "rule.yml", "default: 3", "default: 2")
        told = worked("rules", "backtest", root / MINE, other / MINE, "--capacity", "1", "--sweep", "--json").done().row
        assert told["findings"] == told["before"]["findings"] + len(told["new"]) - len(told["lost"])
        assert len(told["new"]) >= 1 and told["lost"] == []
        assert told["days_over_capacity"] is not None
        assert {rate["group"] for rate in told["parity"]} == {"kind", "country"}
        assert {line["parameter"] for line in told["sweep"]} == {"failures"}
        assert "Share of each customer group" in worked("rules", "backtest", root / MINE).done().out

    @pytest.mark.slow
    def test_shadow_first_then_a_second_person_and_only_then_it_counts(self, worked: Desk, tmp_path: Path) -> None:
        """Nobody is looked at because of a rule that only its author has seen."""
        folder = begun(tmp_path) / MINE
        worked("rules", "publish", folder, "--reason", "seen in a case").done()
        worked("run").done()
        assert len(worked("rules", "shadow", MINE, "--json").done().rows) >= 1
        assert not [row for row in worked.findings().values() if row["check"] == MINE]
        asked = worked("rules", "publish", folder, "--live", "--reason", "good in shadow").done()
        assert "second person" in asked.out
        assert worked("rules", "approve", MINE).code == 1
        worked("rules", "approve", MINE, person="bert").done()
        worked("run").done()
        found = [row for row in worked.findings().values() if row["check"] == MINE]
        assert found
        account = found[0]["accounts"][0]
        until = (datetime.now(UTC).date() + timedelta(days=30)).isoformat()
        worked("rules", "except", MINE, account, "--reason", "a test account", "--until", until).done()
        worked("run").done()
        left = [row for row in worked.findings().values() if row["check"] == MINE and row["accounts"] == [account]]
        assert left == []
        assert worked("audit", "verify").code == 0

    def test_a_result_file_for_the_build_server(self, tmp_path: Path) -> None:
        root = begun(tmp_path)
        vedette("rules", "test", "--rules", root, "--junit", tmp_path / "results.xml").done()
        assert 'tests="1" failures="0"' in (tmp_path / "results.xml").read_text(encoding="utf-8")
