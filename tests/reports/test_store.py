"""Reports as rows, on every state database: what is kept comes back, steps are counted, content is sealed and can be shredded."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.made import ANNA
from vedette import audit
from vedette.audit import writing
from vedette.base import FixedClock
from vedette.reports import ReportError, State
from vedette.reports import store as state
from vedette.reports.model import Filed, Ground
from vedette.store import Store

FILED = Filed(
    report_id="rep_one",
    name="sar_narrative",
    subject="case_one",
    number=1,
    language="en",
    state=State.DRAFT,
    sha256="00",
    missing=("why", "how"),
    made_by="person:anna",
    made_at="2026-03-01T12:00:00Z",
    changed_at="2026-03-01T12:00:00Z",
    case_version=3,
    ground=Ground("counsel", "us_disclosure_counsel", "0123", "OPINION-17"),
)


def keep(store: Store, clock: FixedClock, report: Filed, verb: str = "drafted") -> None:
    with writing(store, ANNA, "reports.test", clock=clock) as act:
        state.keep_content(act, store, report.report_id, {"words": "Kim 김"})
        state.note(act, report, verb, {"missing": len(report.missing)})


class TestRows:
    def test_what_is_kept_comes_back(self, store: Store, clock: FixedClock) -> None:
        keep(store, clock, FILED)
        assert state.filed(store, "rep_one") == FILED
        assert state.content(store, "rep_one") == {"words": "Kim 김"}
        assert state.ids_beginning(store, "rep_") == ["rep_one"]
        assert state.ids_beginning(store, "rep%") == []

    def test_steps_are_counted_and_name_their_leaves(self, store: Store, clock: FixedClock) -> None:
        keep(store, clock, FILED)
        keep(store, clock, replace(FILED, state=State.WITHDRAWN), "withdrawn")
        steps = state.steps(store, "rep_one")
        assert [(step.number, step.verb, step.facts) for step in steps] == [
            (1, "drafted", {"missing": 2}),
            (2, "withdrawn", {"missing": 2}),
        ]
        assert steps[0].leaf < steps[1].leaf
        assert audit.verify(store).problems == []

    def test_those_about_one_subject_in_their_order(self, store: Store, clock: FixedClock) -> None:
        for number in (2, 1):
            keep(store, clock, replace(FILED, report_id=f"rep_{number}", number=number))
        keep(store, clock, replace(FILED, report_id="rep_other", subject="case_two"))
        with store.database.reading() as connection:
            found = state.of_subject(connection, "sar_narrative", "case_one")
        assert [item.number for item in found] == [1, 2]
        assert {item.report_id for item in state.all_filed(store, "case_one")} == {"rep_1", "rep_2"}
        assert len(state.all_filed(store)) == 3

    def test_what_is_not_there_is_told(self, store: Store, clock: FixedClock) -> None:
        with pytest.raises(ReportError):
            state.filed(store, "rep_none")
        keep(store, clock, FILED)
        with writing(store, ANNA, "reports.test", clock=clock) as act:
            state.shred_content(act, "rep_one")
        with pytest.raises(ReportError, match="not held"):
            state.content(store, "rep_one")
