"""The summary of a run: what people read first."""

from __future__ import annotations

import pytest

from vedette.app.run import RunReport, StepResult
from vedette.app.summary import lines
from vedette.base import Json


class TestLists:
    @pytest.mark.parametrize(
        ("lists", "told"),
        [
            ({}, "no list"),
            ({"un": "2026-02-27.ab"}, "un (2026-02-27.ab)"),
            ({f"eu_{n}": "1" for n in range(57)}, "57 lists (`vedette lists status` names them)"),
        ],
    )
    def test_few_lists_are_named_and_many_are_counted(self, lists: dict[str, Json], told: str) -> None:
        facts: dict[str, Json] = {
            "parties": 3,
            "lists": lists,
            "findings_new": 0,
            "findings_changed": 0,
            "findings_withdrawn": 0,
        }
        report = RunReport(steps=[StepResult("screening", due=True, seconds=0.0, facts=facts)])
        assert any(f"3 parties against {told}; 0 new findings" in line for line in lines(report))


class TestExpiredRules:
    def test_each_is_told_as_not_checked(self) -> None:
        facts: dict[str, Json] = {"rules": 1, "rules_run": 1, "rules_expired": {"network/odd": "2026-06-01"}}
        counts: dict[str, Json] = {"findings_new": 0, "findings_changed": 0, "findings_withdrawn": 0}
        report = RunReport(steps=[StepResult("detections", due=True, seconds=0.0, facts={**facts, **counts})])
        assert any("Not checked: rule network/odd expired on 2026-06-01" in line for line in lines(report))
