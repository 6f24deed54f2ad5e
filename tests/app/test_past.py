"""A decision looked at again under its own day's rules and lists: what it rested on, and what differs now."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.journeys import scene
from tests.journeys.scene import Desk as Commands
from tests.made import ANNA, JOB, finding
from vedette import audit, cases, findings
from vedette.app.opening import open_store
from vedette.app.past import Past, as_of_decision
from vedette.base import FixedClock, Strength
from vedette.cases.store import list_cases
from vedette.cases.versions import in_force
from vedette.store import Store

TODAY = date(2026, 3, 1)
STOP = finding(account="a", strength=Strength.STOP)


@pytest.fixture
def store(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, clock: FixedClock) -> Iterator[Store]:
    """A workspace with one case, decided as a namesake."""
    root = shutil.copytree(scene.bare(tmp_path_factory.getbasetemp()), tmp_path / "ws")
    opened = open_store(root)
    record(opened, clock, STOP)
    cases.refresh(opened, JOB, clock=clock)
    (case,) = list_cases(opened, now=clock.now())
    cases.claim(opened, ANNA, case.case_id, clock=clock)
    case = cases.get(opened, case.case_id)
    cases.decide(
        opened,
        ANNA,
        case.case_id,
        cases.Outcome.FALSE,
        cases.Action.NONE,
        "namesake",
        "nothing was true",
        expected_version=case.version,
        clock=clock,
        versions={**in_force(opened, case, home="us", on=TODAY), "list/invented": "2020-01-01.abc"},
    )
    yield opened
    opened.close()


def record(store: Store, clock: FixedClock, *found: object) -> None:
    with audit.writing(store, JOB, "find", clock=clock) as act:
        findings.record(act, found)  # type: ignore[arg-type]  # findings


def past(store: Store, clock: FixedClock) -> Past:
    (case,) = list_cases(store, now=clock.now())
    (found,) = as_of_decision(store, case.case_id, home="us", today=TODAY)
    return found


def differing(found: Past) -> dict[str, str]:
    return {look.what: look.state for look in found.looks if look.state != "same"}


class TestPast:
    def test_what_is_unchanged_is_the_same_and_a_lost_list_is_said(self, store: Store, clock: FixedClock) -> None:
        found = past(store, clock)

        assert differing(found) == {"list/invented": "unreadable"}
        assert found.result == "incomplete"
        assert "1 stops: opens a case" in found.weighed
        assert {"cases/opening.yml", "approvals/actions.yml", f"check/{STOP.check}"} <= {
            look.what for look in found.looks
        }

    def test_evidence_that_changed_or_went_is_named(self, store: Store, clock: FixedClock) -> None:
        """A reviewer is judged by what was on the screen that day, not by what is known now."""
        clock.advance(timedelta(days=1))
        record(store, clock, finding(account="a", strength=Strength.STOP, count=7))
        assert differing(past(store, clock))[f"finding {STOP.id}"] == "different"

        with audit.writing(store, JOB, "settle", clock=clock) as act:
            findings.settle(act, STOP.check, [])
        look = next(look for look in past(store, clock).looks if look.what == f"finding {STOP.id}")
        assert look.now == "withdrawn 2026-03-02T12:00:00Z"

    def test_the_days_own_opening_rule_is_read_from_the_archive(self, store: Store, clock: FixedClock) -> None:
        made = past(store, clock).decision
        store.archive.path(str(made.versions["cases/opening.yml"])).unlink()

        assert "the opening rule of that day cannot be read" in past(store, clock).weighed

    def test_at_the_terminal(self, store: Store, clock: FixedClock) -> None:
        (case,) = list_cases(store, now=clock.now())
        desk = Commands(store.workspace.root)

        row = desk("explain", case.case_id, "--as-of-decision", "--json").done().row

        assert (row["outcome"], row["result"], row["case_id"]) == ("false", "incomplete", case.case_id)
        told = desk("explain", case.case_id, "--as-of-decision").done().out
        assert "Weighed again under that day's opening rule" in told
