"""Killed in the middle, or asked by twenty at once: no decision without a leaf, no leaf without a decision."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tests.cases.test_refresh import refresh
from tests.made import CATALOGUE, Stores, finding
from vedette import audit, cases
from vedette.audit.store import leaves
from vedette.base import FixedClock, Principal, PrincipalKind, SystemClock
from vedette.cases import Action, CaseStatus, Outcome
from vedette.cases.store import final_decisions, history
from vedette.store import Store, Workspace

_CASES, _PEOPLE = 200, 20
_WORKER = """
import sys
from pathlib import Path
from tests.made import CATALOGUE
from vedette import cases
from vedette.base import Principal, PrincipalKind, SystemClock
from vedette.cases import Action, Outcome
from vedette.store import Store, Workspace

store, me, clock = Store(Workspace(Path(sys.argv[1])), CATALOGUE), Principal(PrincipalKind.PERSON, "anna"), SystemClock()
while True:
    claim = cases.next_case(store, me, clock=clock)
    if claim is None:
        break
    case = claim.case
    cases.decide(store, me, case.case_id, Outcome.FALSE, Action.NONE, "namesake", "seen",
                 expected_version=case.version, clock=clock, versions={})
    print(case.case_id, flush=True)
"""


def filled(stores: Stores, store: Store, clock: FixedClock, count: int) -> Store:
    if stores.kind != "sqlite":
        pytest.skip("one workspace folder, opened by several processes")
    names = [f"a-{number:03d}" for number in range(count)]
    refresh(store, clock, *(finding(check, account=name) for name in names for check in ("network/a", "payment/b")))
    return store


@pytest.fixture
def full(stores: Stores, store: Store, clock: FixedClock) -> Store:
    """A workspace with two hundred open cases."""
    return filled(stores, store, clock, _CASES)


@pytest.fixture
def shared_queue(stores: Stores, store: Store, clock: FixedClock) -> Store:
    """A workspace with three open cases for each of twenty people."""
    return filled(stores, store, clock, 3 * _PEOPLE)


def agree(store: Store) -> tuple[set[str], set[str]]:
    """Decisions by their rows and by the leaves, after the log has been verified."""
    assert audit.verify(store).problems == []
    with store.database.reading() as connection:
        stored = {item.decision_id for item in final_decisions(connection)}
        told = [json.loads(body) for _, body, _ in leaves(connection)]
    proved = [leaf["facts"]["decision"] for leaf in told if leaf["act"] == "cases.decide"]
    assert len(proved) == len(set(proved)), "no decision twice"
    return stored, set(proved)


class TestKilled:
    @pytest.mark.parametrize("after", [1, 25])
    def test_kill_9_in_the_middle_of_two_hundred_decisions(self, full: Store, after: int) -> None:
        root = Path(__file__).resolve().parents[2]
        words = [sys.executable, "-c", _WORKER, str(full.workspace.root)]
        environment = {**os.environ, "PYTHONPATH": str(root)}
        with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, cwd=root, env=environment) as worker:
            assert worker.stdout is not None
            acknowledged = [worker.stdout.readline().strip() for _ in range(after)]
            time.sleep(0.003 * after)  # into the middle of an act, another place each time
            worker.send_signal(signal.SIGKILL)
            acknowledged += worker.stdout.read().split()

        stored, proved = agree(full)

        assert after <= len(stored) < _CASES
        assert stored == proved
        decided = {c.case_id for c in cases.list_cases(full, [CaseStatus.CLOSED], now=SystemClock().now())}
        assert set(acknowledged) <= decided, "what was acknowledged is kept"
        assert len(stored) <= len(acknowledged) + 1


class TestTogether:
    def test_twenty_people_decide_everything_once(self, shared_queue: Store) -> None:
        faults: list[BaseException] = []

        def work(number: int) -> None:
            me, clock = Principal(PrincipalKind.PERSON, f"p-{number}"), SystemClock()
            opened = Store(Workspace(shared_queue.workspace.root), CATALOGUE)
            try:
                while (claim := cases.next_case(opened, me, clock=clock)) is not None:
                    case = claim.case
                    words = (Outcome.FALSE, Action.NONE, "namesake", "seen")
                    version = case.version
                    cases.decide(opened, me, case.case_id, *words, expected_version=version, clock=clock, versions={})
            except BaseException as fault:  # told by the test's own thread
                faults.append(fault)
            finally:
                opened.close()

        threads = [threading.Thread(target=work, args=(number,)) for number in range(_PEOPLE)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert faults == []
        stored, proved = agree(shared_queue)
        assert len(stored) == 3 * _PEOPLE
        assert stored == proved
        for case in cases.list_cases(shared_queue, now=SystemClock().now()):
            assert [entry.event.verb for entry in history(shared_queue, case.case_id)] == [
                "opened",
                "claimed",
                "decided",
            ]
