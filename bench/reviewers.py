"""Twenty reviewers decide at once over HTTP, each claiming the next case: how long a decision takes, and that none is lost.

    .venv/bin/python -m bench.reviewers [--people 20] [--cases 400]

One `vedette serve` on SQLite with full synchronisation; every request goes over a socket. Prints the machine's load.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import threading
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import httpx

from vedette import audit, cases, findings
from vedette.app.opening import create, open_store
from vedette.audit import writing
from vedette.base import Evidence, Finding, Principal, PrincipalKind, Strength, Subject, SystemClock
from vedette.cases.model import CaseStatus
from vedette.doors.access import accept, invite
from vedette.doors.people import Role

JOB = Principal(PrincipalKind.JOB, "bench")
PASSWORD = "otter lamp quarry seven"
FALSE = {"outcome": "true", "action": "ask", "reason_code": "proxy_or_front", "note": "Asked the customer."}


def main() -> None:
    """Make a workspace, serve it, let everybody decide until nothing waits, and verify the log."""
    options = argparse.ArgumentParser()
    options.add_argument("--people", type=int, default=20)
    options.add_argument("--cases", type=int, default=400)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "ws"
        names = _filled(root, given.people, given.cases)
        process, address = _served(root)
        try:
            took = _everybody(address, names)
        finally:
            process.terminate()
            process.wait()
        _tell(root, took, given.cases)


def _filled(root: Path, people: int, count: int) -> list[str]:
    store, clock = create(root, "us"), SystemClock()
    now = datetime.now(UTC)
    made = [_finding(number, now) for number in range(count)]
    with writing(store, JOB, "bench.findings", clock=clock) as act:
        findings.record(act, made)
    cases.refresh(store, JOB, clock)
    names = [f"reviewer-{number}" for number in range(people)]
    for name in names:
        token = invite(store, JOB, name, (Role.ANALYST,), clock=clock)
        accept(store, token, "", PASSWORD, "", needs_code=False, clock=clock)
    store.close()
    return names


def _finding(number: int, now: datetime) -> Finding:
    account = f"a-{number:05d}"
    return Finding(
        check="presence/ip",
        version="1",
        subject=Subject("account", account),
        accounts=(account,),
        family="presence",
        strength=Strength.STOP,
        bits=None,
        summary="Used from an address of the range",
        evidence=(Evidence("event", f"e-{number}", {"country": "KP"}),),
        citation=("NET-01",),
        blind_spots="absence proves nothing",
        first_seen=now,
        last_seen=now,
    )


def _served(root: Path) -> tuple[subprocess.Popen[str], str]:
    code = (
        "import sys; from vedette.server.serve import Plan, serve; "
        "serve(Plan(workspace=sys.argv[1], port=0), lambda port: print(port, flush=True))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(root)], stdout=subprocess.PIPE, text=True, stderr=subprocess.DEVNULL
    )
    assert process.stdout is not None
    return process, f"http://127.0.0.1:{process.stdout.readline().strip()}"


def _everybody(address: str, names: list[str]) -> list[float]:
    took: list[float] = []
    threads = [threading.Thread(target=_review, args=(address, name, took)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return took


def _review(address: str, name: str, took: list[float]) -> None:
    with httpx.Client(base_url=address, timeout=60) as client:
        assert client.post("/sign-in", data={"name": name, "password": PASSWORD}).status_code == 303
        token = {"X-CSRF-Token": client.get("/v1/me").json()["csrf"]}
        while True:
            claim = client.post("/v1/cases/claim-next", json={}, headers=token).json()
            if claim["case"] is None:
                return
            path = f"/v1/cases/{claim['case']['case_id']}/decisions"
            begun = perf_counter()
            answer = client.post(path, json=FALSE, headers={**token, "If-Match": claim["etag"]})
            took.append(perf_counter() - begun)
            assert answer.status_code == 201, answer.text


def _tell(root: Path, took: list[float], count: int) -> None:
    store = open_store(root)
    decided = sum(
        case.status in (CaseStatus.DECIDED, CaseStatus.CLOSED)
        for case in cases.list_cases(store, now=datetime.now(UTC))
    )
    found = audit.verify(store)
    store.close()
    ordered = sorted(took)
    print(f"{len(took)} decisions for {count} cases, {decided} decided, log holds: {found.holds}")
    print(
        f"decide: median {statistics.median(took) * 1000:.0f} ms, p95 {ordered[int(len(ordered) * 0.95)] * 1000:.0f} ms"
    )
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    assert decided == len(took) == count


if __name__ == "__main__":
    main()
