"""Two houses as real processes on this machine: a hit, an unheld identifier, a won appeal, an exhausted quota, a wrong epoch."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.made import ANNA, JOB
from tests.sharing.blind_group import LABEL, PURPOSE, UNHELD, WRITTEN, appealed, decided, template, won
from vedette import audit
from vedette.app.rooms import catalogue
from vedette.base import SystemClock
from vedette.sharing.blind import epochs, unmask, voprf, wire
from vedette.sharing.blind.epochs import keys
from vedette.sharing.blind.fetch import Http
from vedette.sharing.blind.group import open_epoch
from vedette.sharing.blind.match import Query, hits, match, update
from vedette.sharing.blind.publish import publish
from vedette.sharing.blind.transport import Line, Unanswered
from vedette.store import Store, Workspace

_START = """
import sys
from vedette.server.serve import Announcing, Plan, _options, application
from vedette.sharing.blind.routes import router
import uvicorn
plan = Plan(workspace=sys.argv[1], port=int(sys.argv[2]))
app = application(plan)
if not any(getattr(route, "path", "") == "/v1/blind" for route in app.routes):
    app.include_router(router)
Announcing(uvicorn.Config(app, **_options(plan)), lambda port: print(port, flush=True)).run()
"""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _served(places: Sequence[tuple[Path, int]]) -> Iterator[None]:
    """Serve workspaces, each in a process of its own, until all of them listen."""
    with ExitStack() as stack:
        started = []
        for root, port in places:
            command = [sys.executable, "-c", _START, str(root), str(port)]
            process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            stack.callback(process.communicate, timeout=30)
            stack.callback(process.terminate)
            started.append(process)
        for process in started:
            assert process.stdout is not None
            assert process.stdout.readline(), process.communicate()[1]
        yield


@pytest.mark.slow
@pytest.mark.enable_socket
class TestTwoProcesses:
    def test_from_a_hit_over_an_appeal_to_the_end_of_the_quota(self, tmp_path: Path) -> None:
        clock = SystemClock()
        made = template(tmp_path / "made", clock)
        ports, stores, joins = [_free_port(), _free_port()], [], []
        with ExitStack() as stack:
            for number, port in enumerate(ports):
                shutil.copytree(made, tmp_path / f"h{number}")
                store = Store(Workspace(tmp_path / f"h{number}"), catalogue())
                stack.callback(store.close)
                stores.append(store)
                url = f"http://127.0.0.1:{port}"
                told = {"purpose": PURPOSE, "label": LABEL, "name": f"h{number}", "url": url}
                joins.append(epochs.join(store, ANNA, clock=clock, **told))
            settled = replace(
                open_epoch(joins, relay="h0", opens=clock.now(), days=1, pairwise=True, round_minutes=0), quota=8
            )
            holder, asker = (epochs.accept(store, ANNA, settled, clock=clock) for store in stores)
            case = decided(stores[0], "a-1", clock)
            stack.enter_context(_served([(tmp_path / f"h{number}", port) for number, port in enumerate(ports)]))
            line = stack.enter_context(Http())

            assert publish(stores[0], JOB, holder, line, clock=clock).added == 2
            first = match(stores[1], ANNA, asker, [WRITTEN, UNHELD], line, clock=clock)
            assert [item.held for item in first] == [True, False]

            assert first[0].hit is not None
            unmask.ask(stores[1], ANNA, asker, first[0].hit, line, clock=clock)
            assert unmask.fetch_questions(stores[0], ANNA, holder, line, clock=clock) == 1

            won(stores[0], appealed(stores[0], case, clock), clock)
            for _ in range(60):  # the holder's own service withdraws: nobody publishes here
                update(stores[1], ANNA, Line(stores[1], asker, line, clock), clock=clock)
                if [item["state"] for item in hits(stores[1])] == ["withdrawn"]:
                    break
                time.sleep(0.5)
            second = match(stores[1], ANNA, asker, [WRITTEN], line, clock=clock)
            assert [item.held for item in second] == [False]
            assert [item["state"] for item in hits(stores[1])] == ["withdrawn"]

            many = [Query("phone", f"+1 202 555 01{number:02}") for number in range(5)]
            with pytest.raises(Unanswered, match="429.*quota-exhausted"):
                match(stores[1], ANNA, asker, many, line, clock=clock)

            body = {"purpose": PURPOSE, "elements": [voprf.blind(b"x").element.hex()]}
            for changes, expected in (
                ({"epoch": "bep_other"}, "404.*unknown-epoch"),
                ({"epoch": settled.id, "sender": "h7"}, "401.*not-authentic"),
                ({"epoch": settled.id, "body": {**body, "purpose": "false-identity"}}, "409.*wrong-purpose"),
                ({"epoch": settled.id, "body": {**body, "elements": ["00" * 32]}}, "422.*malformed"),
            ):
                values = {"kind": "evaluate", "sender": "h1", "body": body, "now": clock.now(), **changes}
                with pytest.raises(Unanswered, match=expected):
                    line.send(f"http://127.0.0.1:{ports[0]}", wire.write(keys(asker), **values))  # type: ignore[arg-type]  # mixed values
            assert [audit.verify(store).problems for store in stores] == [[], []]

    def test_nobody_there_a_web_page_and_a_plain_address_are_told_apart(self, tmp_path: Path) -> None:
        with Http() as line, pytest.raises(Unanswered, match="cannot be reached"):
            line.send(f"http://127.0.0.1:{_free_port()}", _any_message())
        with Http() as line, pytest.raises(Unanswered, match="not encrypted"):
            line.send("http://example.org", _any_message())


def _any_message() -> wire.Message:
    return wire.Message(
        kind="tags", epoch="e", sender="s", request_id="0" * 32, made_at="2026-03-01T12:00:00Z", body={}, signature=""
    )
