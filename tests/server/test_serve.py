"""Where the service may listen, and a real process: it starts, answers together, and lets requests finish."""

from __future__ import annotations

import http.client
import json
import signal
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.made import ANNA
from tests.server.conftest import CUSTOMER, PEOPLE, write_list
from vedette import watchlists
from vedette.app import store as state
from vedette.app.opening import create, open_store
from vedette.audit import verify
from vedette.base import SystemClock
from vedette.doors.keys import Scope
from vedette.doors.store import make_key
from vedette.server.serve import Plan, ServeRefused

_START = (
    "import sys; from vedette.server.serve import Plan, serve; "
    "serve(Plan(workspace=sys.argv[1], port=0, workers=int(sys.argv[2])), lambda port: print(port, flush=True))"
)


class TestPlan:
    @pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
    def test_this_machine_needs_no_encryption(self, host: str) -> None:
        Plan(workspace="ws", host=host).check()

    @pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org"])
    def test_beyond_it_customers_data_never_goes_in_the_clear(self, host: str) -> None:
        with pytest.raises(ServeRefused, match="--behind-proxy"):
            Plan(workspace="ws", host=host).check()
        Plan(workspace="ws", host=host, behind_proxy=True).check()

    def test_tls_needs_both_files(self, tmp_path: Path) -> None:
        file = tmp_path / "cert.pem"
        file.write_text("x")
        Plan(workspace="ws", host="0.0.0.0", certificate=str(file), key=str(file)).check()
        for certificate, key in ((str(file), None), (None, str(file)), (str(file), str(tmp_path / "none"))):
            with pytest.raises(ServeRefused):
                Plan(workspace="ws", certificate=certificate, key=key).check()

    def test_the_address_that_people_are_told(self) -> None:
        assert Plan(workspace="ws").address(8080) == "http://127.0.0.1:8080"
        assert Plan(workspace="ws", host="::1", certificate="c", key="k").address(1) == "https://[::1]:1"


class Process:
    """A served workspace in a process of its own."""

    def __init__(self, root: Path, workers: int = 1) -> None:
        command = [sys.executable, "-c", _START, str(root), str(workers)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, self.process.communicate()[1]
        self.port = int(line)

    def ask(self, method: str, path: str, key: str = "", body: Any = None, **headers: str) -> tuple[int, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        data = None if body is None else json.dumps(body)
        connection.request(
            method,
            path,
            data,
            {"Authorization": f"Bearer {key}", "Content-Type": "application/json", **named},
        )
        response = connection.getresponse()
        told = json.loads(response.read())
        connection.close()
        return response.status, told

    def end(self) -> str:
        """Ask it to stop; what it wrote to its log."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.communicate(timeout=30)[1]


@pytest.fixture
def root(tmp_path: Path) -> tuple[Path, str]:
    """A workspace with a list in force, and a key."""
    store = create(tmp_path / "ws", "us")
    clock = SystemClock()
    watchlists.load(store, ANNA, [write_list(tmp_path / "s.ftm.json", PEOPLE)], clock=clock)
    _, secret = make_key(
        store, ANNA, owner="x", scopes=(Scope.VERIFY, Scope.READ), lifetime=timedelta(days=1), clock=clock
    )
    store.close()
    return tmp_path / "ws", secret.written


@pytest.mark.enable_socket
class TestProcess:
    def test_two_clients_with_one_key_get_one_stored_decision_and_the_end_loses_nothing(
        self, root: tuple[Path, str]
    ) -> None:
        workspace, key = root
        served = Process(workspace)
        told: list[tuple[int, Any]] = []

        def ask(number: int) -> None:
            told.append(served.ask("POST", "/v1/verifications", key, CUSTOMER, Idempotency_Key=f"k-{number // 2}"))

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert served.ask("GET", "/readyz")[1]["status"] == "ok"
        assert served.ask("GET", "/v1/lists")[0] == 401
        log = served.end()

        assert {status for status, _ in told} == {200}
        assert len({answer["verification_id"] for _, answer in told}) == 6
        assert sum(not answer["replayed"] for _, answer in told) == 6
        assert "Ann Example" not in log
        assert key not in log
        store = open_store(workspace)
        assert sum(state.outcomes(store).values()) == 6
        assert verify(store).holds
        store.close()

    def test_a_request_at_work_is_finished_before_the_end(self, root: tuple[Path, str]) -> None:
        """Whoever was promised an answer gets it, and it is stored; afterwards nobody is let in."""
        workspace, key = root
        served = Process(workspace)
        told: list[tuple[int, Any]] = []
        batch = {"customers": [{**CUSTOMER, "account_id": f"a-{number}"} for number in range(300)]}
        asking = threading.Thread(target=lambda: told.append(served.ask("POST", "/v1/verifications", key, batch)))
        asking.start()
        asking.join(0.3)
        served.end()
        asking.join()

        assert served.process.returncode in (0, -signal.SIGTERM)
        (status, answer) = told[0]
        assert status == 200
        assert len(answer["verifications"]) == 300
        with pytest.raises(OSError):
            served.ask("GET", "/healthz")
        store = open_store(workspace)
        assert sum(state.outcomes(store).values()) == 300
        store.close()
