"""A service for browsers in the tests and the bench: a workspace of invented cases, people who are signed in, one port.

``python -m tests.console.serve FOLDER CASES`` prints one line of JSON when it listens: the port and a cookie for each person.
"""

from __future__ import annotations

import json
import socket
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import uvicorn

from tests.doors.access.people import joined
from tests.linking.lake import ring_of_three
from tests.made import JOB, finding, shared
from tests.server.conftest import PEOPLE, write_list
from tests.workloads.made import H100
from vedette import cases, findings, linking, watchlists
from vedette.app.opening import create
from vedette.audit import writing
from vedette.base import Clock, Evidence, Finding, Strength, SystemClock, iso
from vedette.doors.access import begin
from vedette.doors.access.sessions import WEB
from vedette.doors.people import Role
from vedette.doors.web import Entrance, Limits, Workplace
from vedette.server.assemble import assemble
from vedette.store import Store
from vedette.workloads.store.intake import ingest

ROLES = {
    "bea": (Role.ANALYST,),
    "bo": (Role.ANALYST,),
    "carl": (Role.APPROVER, Role.ADMIN),
    "dora": (Role.APPROVER,),
    "ray": (Role.RULE_AUTHOR,),
    "pia": (Role.RULE_PUBLISHER,),
    "vic": (Role.VIEWER,),
    "sam": (Role.SHARING_OFFICER,),
}
_HIT: dict[str, Any] = {
    "list": "sample",
    "list_version": "2026-03-01.000000000000",
    "entity_id": "NK-volk",
    "listed_name": "Bartholomew Volkonskayev",
    "level": "name_only",
    "score": 0.93,
    "bits": 18.5,
    "obligation": "Look closer.",
    "programmes": ["SAMPLE"],
    "fields": [
        {"field": "name", "outcome": "agrees", "score": 0.93},
        {
            "field": "birth_date",
            "outcome": "differs",
            "customer": "day",
            "listed": "day",
            "bits": -6.0,
            "says": "another birth date",
        },
    ],
}


def planted(count: int) -> list[Finding]:
    """Findings that open so many cases, each with a stop and something beside it; the first two are richer."""
    found = [
        finding(
            "screening/list_match",
            "a-00000",
            strength=Strength.STOP,
            evidence=(Evidence("list_entry", "sample", _HIT),),
        ),
        shared("device/many_names", ("a-00001", "a-90001", "a-90002"), strength=Strength.STRONG, bits=6.0),
    ]
    for number in range(count):
        summary = f'Invented finding {number} with <b>markup</b> & "quotes"'
        found.append(finding("network/odd", f"a-{number:05}", strength=Strength.STOP, summary=summary))
    return found


def fill(store: Store, count: int) -> None:
    """Lists, findings and the cases that they open."""
    clock = SystemClock()
    watchlists.load(store, JOB, [write_list(store.workspace.root / "sample.ftm.json", PEOPLE)], clock=clock)
    with writing(store, JOB, "test.findings", clock=clock) as act:
        findings.record(act, planted(count))
    cases.refresh(store, JOB, clock)
    work(store, clock)
    ring_of_three(store)
    linking.refresh(store, JOB, clock)


def work(store: Store, clock: Clock) -> None:
    """Three weeks of two cards at the first account, all of it seen, and an allocation that nobody saw at the second."""
    folder = store.workspace.root / "export"
    folder.mkdir()
    begin = clock.now().replace(microsecond=0) - timedelta(days=21)
    rows = ["time,seconds,account_id,job_id,node,gpu_uuid,gpu_model,gpu_util,sm_active,tensor_active,power_w"]
    for hour in range(21 * 24):
        for card in ("GPU-1", "GPU-2"):
            moment = iso(begin + timedelta(hours=hour))
            rows.append(f"{moment},3600,a-00000,j-1,n-1,{card},{H100},0.95,0.8,0.45,620")
    (folder / "usage.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    held = f"j-2,a-00001,{iso(begin)},{iso(begin + timedelta(days=2))},1,{H100},8,r-1"
    head = "job_id,account_id,started_at,ended_at,node_count,gpu_model,gpu_count,region"
    (folder / "allocations.csv").write_text(f"{head}\n{held}\n", encoding="utf-8")
    ingest(store, JOB, folder, clock=clock)


def main(folder: Path, count: int) -> None:
    """Make everything, say where, and answer until killed."""
    clock = SystemClock()
    store = create(folder, "us")
    fill(store, count)
    cookies = {}
    for name, roles in ROLES.items():
        person, _ = joined(store, clock, name, *roles)
        cookies[name] = begin(store, person, kind=WEB, how="password", clock=clock).secret
    place = Workplace(
        store, "us", clock, Limits(requests_per_second=0), entrance=Entrance(secure=False, second_factor=False)
    )
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(assemble(place), log_level="error")
    sys.stdout.write(json.dumps({"port": listening.getsockname()[1], "cookies": cookies}) + "\n")
    sys.stdout.flush()
    uvicorn.Server(config).run(sockets=[listening])


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
