"""Measures the stored sign-up decision: single calls, and many callers at the rate that the HTTP door has to bear.

    python -m bench.verify [DATA] [--seconds 10] [--rate 100]

DATA is the folder of measuring data (see tests/conftest.py): its lists give about 40,000 listed names. Without it, lists of
invented names of the same size are used. Times are by the clock on the wall, with durable commits (synchronous=FULL).
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench.screening import GIVEN, ordinary
from vedette import screening, watchlists
from vedette.app.checks import Customer
from vedette.app.desk import desk
from vedette.app.opening import create
from vedette.app.verifications import decide, decide_many
from vedette.app.verify import Desk, Verdict
from vedette.base import Party, Principal, PrincipalKind, SystemClock
from vedette.store import Store

_JOB = Principal(PrincipalKind.JOB, "bench")
_LISTED_NAMES = 40_000


def load(store: Store, data: Path | None, folder: Path) -> None:
    """Load lists with at least as many names as the budget speaks of."""
    files = _measured(data) if data else []
    if files:
        watchlists.load(store, _JOB, files, clock=SystemClock())
    held = sum(version.names for version in watchlists.current(store))
    if held < _LISTED_NAMES:
        watchlists.load(store, _JOB, [_invented(folder, _LISTED_NAMES - held)], clock=SystemClock())


def _measured(data: Path) -> list[Path]:
    ofac = data / "watchlists" / "ofac"
    names = ["sdn_2024-05-03.csv.gz", "alt_2025-02-27.csv.gz", "add_2025-02-27.csv.gz"]
    return [
        path for path in (*(ofac / name for name in names), data / "watchlists/un/un_consolidated_2026-02-27.xml.gz")
    ]


def _invented(folder: Path, names: int) -> Path:
    """A list of invented persons in FollowTheMoney form."""
    draw = random.Random(3)
    path = folder / "invented_list.jsonl"
    syllables = "ka ro mi ten sul vor ne qua li zan pe tho ri mar eb usk ol".split()
    with path.open("w", encoding="utf-8") as file:
        for number in range(names):
            words = ["".join(draw.choices(syllables, k=draw.randint(2, 4))).title() for _ in range(draw.randint(2, 3))]
            entry = {
                "id": f"inv-{number}",
                "schema": "Person",
                "caption": " ".join(words),
                "datasets": ["invented_list"],
                "properties": {"name": [" ".join(words)], "topics": ["sanction"]},
            }
            file.write(json.dumps(entry) + "\n")
    return path


def customer(party: Party) -> Customer:
    """A sign-up with the fields that providers mostly have."""
    fields = {
        "name": party.names[0].text,
        "birth_date": party.birth_dates[0],
        "country": party.countries[0],
        "email": f"user{party.id}@example.org",
        "phone": "+49 30 901820",
        "address": "Unter den Linden 1, 10117 Berlin, Germany",
        "signup_ip": f"203.0.113.{int(party.id) % 250}",
        "kind": "person",
    }
    return Customer(party.id, fields)


def told(label: str, times: list[float]) -> None:
    """Print median, p95 and the longest, in milliseconds."""
    ordered = sorted(times)
    print(
        f"{label:<36} median {ordered[len(ordered) // 2] * 1e3:6.1f} ms  p95 {ordered[int(len(ordered) * 0.95)] * 1e3:6.1f} ms"
        f"  longest {ordered[-1] * 1e3:6.1f} ms  ({len(ordered)} decisions)"
    )


def timed(store: Store, judge: Desk, one: Customer, key: str | None) -> float:
    """Seconds of one stored decision."""
    begun = time.perf_counter()
    decide(store, judge, one, key=key, principal=_JOB)
    return time.perf_counter() - begun


def at_rate(store: Store, judge: Desk, customers: list[Customer], rate: int) -> None:
    """Callers that come at even intervals, whether or not the ones before were answered; waiting counts."""
    times: list[float] = []
    adding = threading.Lock()
    used, begun = time.process_time(), time.perf_counter()

    def one(number: int) -> None:
        due = begun + number / rate
        decide(store, judge, customers[number], key=f"rate-{rate}-{number}", principal=_JOB)
        with adding:
            times.append(time.perf_counter() - due)

    with ThreadPoolExecutor(16) as pool:
        for number in range(len(customers)):
            time.sleep(max(0.0, begun + number / rate - time.perf_counter()))
            pool.submit(one, number)
    told(f"{rate} a second, 16 threads", times)
    print(f"processor time of each               {(time.process_time() - used) / len(customers) * 1e3:6.1f} ms")


def main() -> None:
    """Open a workspace, load the lists, measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, nargs="?", help="the folder of measuring data")
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--rate", type=int, default=100)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = create(Path(folder) / "ws", "us")
        load(store, chosen.data, Path(folder))
        index = screening.open_index(store)
        print(f"{len(index):,} entries, {index.names:,} names on {len(index.editions)} lists")
        begun = time.perf_counter()
        judge = desk(store, "us", SystemClock())
        print(f"opening the desk                     {time.perf_counter() - begun:.2f} s")
        people = [customer(party) for party in ordinary(5, 200 + 500 + chosen.rate * chosen.seconds, list(GIVEN))]
        warm, single, stream = people[:200], people[200:700], people[700:]
        for one in warm:
            judge.decide(one)
        told("one after another, stored", [timed(store, judge, one, None) for one in single])
        told("the same without storing", [_judged(judge, one) for one in single])
        begun = time.perf_counter()
        answers = decide_many(store, judge, [(one, None) for one in single], principal=_JOB)
        assert all(isinstance(answer, Verdict) for answer in answers)
        print(f"in one act                           {len(single) / (time.perf_counter() - begun):,.0f} decisions/s")
        at_rate(store, judge, stream, chosen.rate)
        told("repeated by key", [timed(store, judge, stream[n], f"rate-{chosen.rate}-{n}") for n in range(200)])
        store.close()


def _judged(judge: Desk, one: Customer) -> float:
    begun = time.perf_counter()
    judge.decide(one)
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
