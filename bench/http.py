"""Measures the HTTP service: sign-up decisions at a fixed rate, matching and reading as fast as one process answers.

    python -m bench.http DATA [SECONDS]        DATA is the folder of measuring data (see tests/conftest.py)

The service runs in a process of its own over the SDN list and the Security Council's list; this process asks. Requests of
the first measure are due at fixed times, and each is measured from when it was due, so that a stall is not hidden.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from bench.screening import FAMILY, GIVEN
from vedette import watchlists
from vedette.app.opening import create
from vedette.audit import writing
from vedette.base import Evidence, Finding, Json, Principal, PrincipalKind, Strength, Subject, SystemClock
from vedette.doors.keys import Scope
from vedette.doors.store import make_key
from vedette.findings import record

_RATE, _SECONDS, _CONNECTIONS = 100, 20, 16
_ME = Principal(PrincipalKind.JOB, "bench")


@dataclass(frozen=True, slots=True)
class Request:
    """One request, ready to send."""

    head: bytes
    body: bytes = b""


def prepared(method: str, path: str, key: str, value: object = None) -> Request:
    """A request with its head."""
    body = b"" if value is None else json.dumps(value).encode()
    head = f"{method} {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {key}\r\n"
    head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return Request(head.encode(), body)


class Line:
    """One connection that is kept open."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, request: Request) -> int:
        """Send a request and read its answer whole. Returns the status."""
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        writer.write(request.head + request.body)
        head = await reader.readuntil(b"\r\n\r\n")
        fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:] if b": " in line)
        await reader.readexactly(int(fields[b"content-length"]))
        return int(head[9:12])


async def at_rate(port: int, requests: Sequence[Request], rate: float) -> list[float]:
    """Send each request when it is due. Seconds from then until its answer was read."""
    free: asyncio.Queue[Line] = asyncio.Queue()
    for _ in range(64):
        free.put_nowait(Line(port))
    begun = time.perf_counter() + 0.1

    async def one(number: int, request: Request) -> float:
        due = begun + number / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        line = await free.get()
        status = await line.ask(request)
        free.put_nowait(line)
        assert status == 200, status
        return time.perf_counter() - due

    return await asyncio.gather(*(one(number, request) for number, request in enumerate(requests)))


async def at_once(port: int, requests: Iterator[Request], seconds: float) -> float:
    """Ask over several connections without a pause. Answers a second."""
    until = time.perf_counter() + seconds

    async def keep_asking() -> int:
        line, done = Line(port), 0
        while time.perf_counter() < until:
            status = await line.ask(next(requests))
            assert status == 200, status
            done += 1
        return done

    return sum(await asyncio.gather(*(keep_asking() for _ in range(_CONNECTIONS)))) / seconds


def customers() -> Iterator[dict[str, str]]:
    """Invented people, each with a birth date and a country."""
    for number in count():
        country = list(GIVEN)[number % len(GIVEN)]
        given, family = GIVEN[country].split(), FAMILY[country].split()
        name = f"{given[number // 8 % len(given)]} {family[number // 64 % len(family)]}"
        born = f"{1950 + number % 50}-{1 + number % 12:02d}-{1 + number % 28:02d}"
        yield {"account_id": f"a-{number}", "name": name, "kind": "person", "country": country, "birth_date": born}


def example(customer: dict[str, str]) -> dict[str, object]:
    """The same person as a query by example."""
    properties = {"name": [customer["name"]], "birthDate": [customer["birth_date"]], "country": [customer["country"]]}
    return {"queries": {"q": {"schema": "Person", "properties": properties}}}


def found(number: int) -> Finding:
    """An invented finding with evidence of a usual length."""
    facts: dict[str, Json] = {
        "ip": f"192.0.2.{number % 256}",
        "network": "hosting",
        "first": "2026-01-01",
        "count": number,
    }
    return Finding(
        check="network/odd",
        version="1",
        subject=Subject("account", f"a-{number}"),
        accounts=(f"a-{number}",),
        family="network",
        strength=Strength.MEDIUM,
        bits=3.5,
        summary=f"The account was used from 4 networks of hosting companies within an hour, for the {number}th time.",
        evidence=tuple(Evidence("event", f"e-{number}-{place}", facts) for place in range(4)),
        citation=("NET-01",),
        blind_spots="People who travel or use a company's network look the same.",
        first_seen=datetime(2026, 1, 1, tzinfo=UTC),
        last_seen=datetime(2026, 1, 2, tzinfo=UTC),
    )


def workspace(data: Path, root: Path) -> tuple[str, str]:
    """A workspace with both lists in force and 1,000 findings. Returns a key for it and a finding's id."""
    store = create(root, "us")
    ofac = data / "watchlists" / "ofac"
    sdn = [ofac / "sdn_2024-05-03.csv.gz", ofac / "alt_2025-02-27.csv.gz", ofac / "add_2025-02-27.csv.gz"]
    un = data / "watchlists" / "un" / "un_consolidated_2026-02-27.xml.gz"
    watchlists.load(store, _ME, [*sdn, un], clock=SystemClock())
    scopes = (Scope.VERIFY, Scope.MATCH, Scope.READ)
    _, secret = make_key(store, _ME, owner="bench", scopes=scopes, lifetime=timedelta(days=1), clock=SystemClock())
    findings = [found(number) for number in range(1_000)]
    with writing(store, _ME, "bench.findings") as act:
        record(act, findings)
    store.close()
    return secret.written, findings[500].id


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which this share of the values lies, in milliseconds."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] * 1000


def worked(process: int) -> float:
    """Processor seconds that a process has used so far, from the system's own account; Linux only."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def measured(port: int, key: str, one: str, seconds: float, server: int) -> None:
    """Every measure, printed, each with the processor time that an answer takes the server."""
    people = customers()
    await at_rate(port, [prepared("POST", "/v1/verifications", key, next(people)) for _ in range(20)], 20)
    asked = [prepared("POST", "/v1/verifications", key, next(people)) for _ in range(int(_RATE * seconds))]
    before = worked(server)
    took = await at_rate(port, asked, _RATE)
    each = (worked(server) - before) / len(took) * 1000
    shown = "  ".join(f"p{round(share * 100)} {percentile(took, share):.1f} ms" for share in (0.5, 0.95, 0.99))
    print(f"  POST /v1/verifications at {_RATE}/s, {len(took):,} requests: {shown}   target p95 < 50 ms")
    print(f"  {'processor time each':<36}{each:>9.2f} ms")
    for title, requests, target in (
        ("POST /v1/verifications, no pause", (prepared("POST", "/v1/verifications", key, p) for p in people), ""),
        ("POST /match/default, one query", (prepared("POST", "/match/default", key, example(p)) for p in people), ""),
        ("GET /v1/findings, a page of 100", (prepared("GET", "/v1/findings", key) for _ in count()), ""),
        ("GET /v1/findings/ID", (prepared("GET", f"/v1/findings/{one}", key) for _ in count()), "target 1,000/s"),
        ("GET /v1/lists", (prepared("GET", "/v1/lists", key) for _ in count()), "target 1,000/s"),
        ("GET /catalog", (prepared("GET", "/catalog", key) for _ in count()), ""),
        ("GET /healthz", (prepared("GET", "/healthz", key) for _ in count()), "the frame alone"),
    ):
        before, lasting = worked(server), min(seconds, 5)
        rate = await at_once(port, iter(requests), lasting)
        each = (worked(server) - before) / (rate * lasting) * 1000
        print(f"  {title:<36}{rate:>9,.0f} /s {each:>8.2f} ms of processor each   {target}")


def main(data: Path, seconds: float) -> None:
    """Serve, ask, print."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "ws"
        key, one = workspace(data, root)
        command = [sys.executable, "-m", "bench.http", "--serve", str(root)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
            assert server.stdout is not None
            port = int(server.stdout.readline())
            load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
            print(f"http: one process, {os.cpu_count()} processors shared with this client, load before {load}")
            try:
                asyncio.run(measured(port, key, one, seconds, server.pid))
            finally:
                server.terminate()


def _serve(root: str) -> None:
    from vedette.server.serve import Plan, serve

    serve(Plan(workspace=root, port=0, requests_per_second=0), lambda port: print(port, flush=True))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--serve"]:
        _serve(sys.argv[2])
    else:
        usual = Path(__file__).resolve().parents[2] / "shared" / "data"
        main(Path(sys.argv[1]) if len(sys.argv) > 1 else usual, float(sys.argv[2]) if len(sys.argv) > 2 else _SECONDS)
