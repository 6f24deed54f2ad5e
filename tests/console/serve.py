"""A service for browsers in the tests and the bench: a workspace of invented cases, people who are signed in, one port.

``python -m tests.console.serve FOLDER CASES`` prints one line of JSON when it listens: the port and a cookie for each person.
"""

from __future__ import annotations

import json
import socket
import sys
from pathlib import Path
from typing import Any

import uvicorn

from tests.doors.access.people import joined
from tests.made import JOB, finding, shared
from tests.server.conftest import PEOPLE, write_list
from vedette import cases, findings, watchlists
from vedette.app.opening import create
from vedette.audit import writing
from vedette.base import Evidence, Finding, Strength, SystemClock
from vedette.doors.access import begin
from vedette.doors.access.sessions import WEB
from vedette.doors.people import Role
from vedette.doors.web import Entrance, Limits, Workplace
from vedette.server.assemble import assemble
from vedette.store import Store

ROLES = {
    "bea": (Role.ANALYST,),
    "bo": (Role.ANALYST,),
    "carl": (Role.APPROVER, Role.ADMIN),
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
