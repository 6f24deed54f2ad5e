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
