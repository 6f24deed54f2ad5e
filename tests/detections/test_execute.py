"""Running rules: findings per subject, rules that cannot run, rules that fail, and the same answer twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.detections.made import SQL, FixedEngine, rule, tables
from vedette import detections
from vedette.detections import Limits, RuleStopped
from vedette.detections.execute import findings_of

FAILED = {"event_id": "e", "account_id": "a-1", "time": "2026-01-05T09:00:00Z", "outcome": "failure", "repeat": 3}


class TestFindings:
    def test_rows_fold_into_one_finding_per_account(self, tmp_path: Path) -> None:
        mine = rule(tmp_path)
        found = findings_of(tables(signins=[FAILED, FAILED | {"event_id": "f", "account_id": "a-2"}]), mine)

        assert [str(item.subject) for item in found] == ["account:a-1", "account:a-2"]
        assert (found[0].check, found[0].version, found[0].family, found[0].count) == ("network/odd", "1", "network", 3)
        assert found[0].first_seen.isoformat() == "2026-01-05T09:00:00+00:00"
        assert found[0].last_seen.isoformat() == "2026-01-07T09:00:00+00:00"
        assert found[0].blind_spots and found[0].citation == ("NET-01",)

    def test_a_rule_may_name_another_subject_with_all_its_accounts(self, tmp_path: Path) -> None:
        sql = (
            "SELECT account_id, time_us, 1.0 AS bits, event_id AS event_ids, 'device' AS subject_kind,"
            " device_id AS subject_id FROM signins"
        )
        rows = [FAILED | {"account_id": "a-{n}", "device_id": "d-1"}]
        (found,) = findings_of(tables(signins=rows), rule(tmp_path, sql))
        assert (str(found.subject), found.accounts, found.count) == ("device:d-1", ("a-1", "a-2", "a-3"), 3)

    def test_windows_keep_recurrences_apart(self, tmp_path: Path) -> None:
        sql = "SELECT account_id, time_us, 1.0 AS bits, event_id AS event_ids, day AS window_id FROM signins"
        found = findings_of(tables(signins=[FAILED]), rule(tmp_path, sql))
        assert [item.window for item in found] == ["2026-01-05", "2026-01-06", "2026-01-07"]
        assert len({item.id for item in found}) == 3

    def test_rows_without_account_or_time_tell_nothing(self, tmp_path: Path) -> None:
        rows: list[dict[str, Any]] = [
            {"account_id": None, "time_us": 1, "bits": 1.0, "event_ids": "e"},
            {"account_id": "a", "time_us": None, "bits": 1.0, "event_ids": "e"},
        ]
        assert findings_of(FixedEngine(rows), rule(tmp_path)) == ()

    def test_a_rule_that_returns_too_much_is_stopped(self, tmp_path: Path) -> None:
        with pytest.raises(RuleStopped, match="more than 2 rows"):
            findings_of(tables(signins=[FAILED]), rule(tmp_path), limits=Limits(rows=2))


class TestRun:
    def test_a_rule_without_its_columns_is_said_not_silent(self, tmp_path: Path) -> None:
        mine = rule(tmp_path, needs="[signins.device_id, references.class or accounts.phone]")
        result = detections.run(tables(signins=[FAILED | {"ip_class": "unknown"}]), [mine])

        assert result.findings == ()
        (state,) = result.readiness
        assert not state.ready
        assert state.reason == (
            "network/odd cannot run: no row holds signins.device_id, references.class or accounts.phone"
        )

    def test_one_failing_rule_does_not_stop_the_others(self, tmp_path: Path) -> None:
        bad = rule(tmp_path / "a", SQL.replace("ip_country AS", "no_such_column AS"))
        good = rule(tmp_path / "b", strength="medium")
        result = detections.run(tables(signins=[FAILED]), [bad, good])

        assert [fault.rule for fault in result.faults] == ["network/odd"]
        assert "no_such_column" in result.faults[0].problem
        assert len(result.findings) == 1

    def test_running_twice_and_running_in_two_parts_give_the_same(self, tmp_path: Path) -> None:
        mine = rule(tmp_path)
        later = [FAILED | {"event_id": "late", "time": "2026-01-01T09:00:00Z", "late": True}]
        whole = detections.run(tables(signins=[FAILED, *later]), [mine]).findings

        assert detections.run(tables(signins=[*later, FAILED]), [mine]).findings == whole
        assert detections.run(tables(signins=[FAILED]), [mine]).findings[0].id == whole[0].id
        assert whole[0].count == 6
