"""Measures the queue: how fast it lists, how fast one person decides and goes on, and twenty people deciding at once.

    python -m bench.cases [CASES] [PEOPLE]

SQLite in a temporary folder, as a workspace has it (WAL, synchronous FULL). People are threads with a store of their own.
Each decides a case and claims the next; what is timed is the decision. People who think for a second between two decisions
are what the figure to reach speaks of; people who never think keep the one writer busy all the time, and wait in its queue.
"""

from __future__ import annotations

import random
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles

from vedette import audit, cases, findings
from vedette.base import Evidence, Finding, Principal, PrincipalKind, Strength, Subject, SystemClock
from vedette.cases import Action, Outcome, parse
from vedette.cases.store import final_decisions
from vedette.store import Catalogue, Store, Workspace

_JOB = Principal(PrincipalKind.JOB, "bench")
_TURNS = 5


def found(account: str, check: str, strength: Strength) -> Finding:
    """A plain finding."""
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    return Finding(
        check=check,
        version="1",
        subject=Subject("account", account),
        accounts=(account,),
        family=check.partition("/")[0],
        strength=strength,
        bits=None,
        summary=f"{check} at {account}",
        evidence=(Evidence("event", "e-1", {}),),
        citation=("NET-01",),
        blind_spots="invented",
        first_seen=moment,
        last_seen=moment,
    )


def fill(store: Store, count: int) -> None:
    """Open cases of three priorities."""
    strengths = (Strength.MEDIUM, Strength.STRONG, Strength.STRONG)
    made = [
        found(f"a-{number:06d}", check, strengths[number % 3])
        for number in range(count)
        for check in ("network/a", "payment/b")
    ]
    with audit.writing(store, _JOB, "bench") as act:
        findings.record(act, made)
    cases.refresh(store, _JOB, SystemClock())


def timed(act: Callable[[], object], repeat: int = 7) -> str:
    """Median of several runs in milliseconds, and the slowest."""
    took = []
    for _ in range(repeat):
        start = time.perf_counter()
        act()
        took.append(1000 * (time.perf_counter() - start))
    return f"{median(took):7.1f} ms (slowest {max(took):.1f})"


def person(root: Path, number: int, think: float, turns: list[float], faults: list[BaseException]) -> None:
    """Claim, then decide and go on, a few times."""
    me, clock = Principal(PrincipalKind.PERSON, f"p-{number}"), SystemClock()
    store, chance = Store(Workspace(root), Catalogue(())), random.Random(number)
    try:
        claim = cases.next_case(store, me, clock=clock)
        for _ in range(_TURNS):
            if claim is None:
                return
            time.sleep(think * chance.uniform(0.5, 1.5))
            start = time.perf_counter()
            case, words = claim.case, (Outcome.FALSE, Action.NONE, "namesake", "seen")
            cases.decide(store, me, case.case_id, *words, expected_version=case.version, clock=clock, versions={})
            turns.append(1000 * (time.perf_counter() - start))
            claim = cases.next_case(store, me, clock=clock)
    except BaseException as fault:  # told by the main thread
        faults.append(fault)
    finally:
        store.close()


def together(root: Path, people: int, think: float) -> tuple[list[float], list[BaseException]]:
    """Everybody at once. Returns milliseconds of each decision, and what went wrong."""
    turns: list[float] = []
    faults: list[BaseException] = []
    threads = [threading.Thread(target=person, args=(root, n, think, turns, faults)) for n in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return turns, faults


def main() -> None:
    """Print the figures."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    people = int(sys.argv[2]) if len(sys.argv) > 2 else 20
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "ws"
        Workspace(root).create('home = "us"\n')
        store = Store(Workspace(root), Catalogue(()))
        start = time.perf_counter()
        fill(store, count)
        print(f"{count} cases opened in {time.perf_counter() - start:.1f} s")
        clock = SystemClock()
        queue, narrow = parse("status=open"), parse("status=open&priority_min=60")
        print("first page of 50     ", timed(lambda: cases.view(store, queue, now=clock.now(), limit=50)))
        print("first page, filtered ", timed(lambda: cases.view(store, narrow, now=clock.now(), limit=50)))
        print("whole queue          ", timed(lambda: cases.view(store, queue, now=clock.now()), 3))
        alone, _ = together(root, 1, 0.0)
        print(f"one person decides     median {median(alone):.1f} ms")
        asked = len(alone)
        for think in (1.0, 0.0):
            turns, faults = together(root, people, think)
            asked += len(turns)
            p95 = quantiles(turns, n=20)[-1]
            told = f"median {median(turns):.1f} ms, p95 {p95:.1f} ms, {len(faults)} faults"
            print(f"{people} people, {think:g} s of thought  {told}")
        with store.database.reading() as connection:
            kept = len(final_decisions(connection))
        print(f"decisions asked for {asked}, kept {kept}, log problems {audit.verify(store).problems}")
        store.close()


if __name__ == "__main__":
    main()
