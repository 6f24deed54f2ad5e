"""Figures of sharing: 100,000 indicators out and in again in every format, and TAXII pages of 1,000 objects.

Run: nice -n 5 .venv/bin/python -m bench.sharing [COUNT]
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter, process_time

from vedette.app.opening import create
from vedette.base import Principal, PrincipalKind, SystemClock
from vedette.doors.web import Limits, Workplace
from vedette.server.assemble import assemble
from vedette.sharing import admit
from vedette.sharing.house import house
from vedette.sharing.model import Kind, Marking
from vedette.sharing.produce import add
from vedette.sharing.receive import import_file
from vedette.sharing.send import add_collection, export, publish

WHO, CLOCK = Principal(PrincipalKind.PERSON, "bench"), SystemClock()


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Prints how long a part took, by the clock and of the processor."""
    begun, used = perf_counter(), process_time()
    yield
    print(f"{what:<40} {perf_counter() - begun:8.2f} s, processor {process_time() - used:8.2f} s", flush=True)


def addresses(count: int) -> list[str]:
    """Different public addresses."""
    return [f"{8 + (n >> 22)}.{8 + (n >> 16 & 63)}.{n >> 8 & 255}.{n & 255}" for n in range(count)]


def main(count: int) -> None:
    """Everything once."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        south, north = create(root / "south", "us"), create(root / "north", "us")
        with timed(f"enter {count:,} indicators"):
            given = [(Kind.ADDRESS, text) for text in addresses(count)]
            add(south, WHO, house(south), given, clock=CLOCK, marking=Marking.GREEN)
        for name in ("stix", "bundle", "csv", "misp"):
            begun, used = perf_counter(), process_time()
            with timed(f"{name}: export"):
                done = export(south, WHO, house(south), name, clock=CLOCK)
                file = root / f"out.{name}"
                file.write_bytes(done.data)
            peer, _ = admit.add(north, WHO, f"south-{name}", clock=CLOCK)
            with timed(f"{name}: import"):
                told = import_file(north, WHO, file, clock=CLOCK, peer=peer)
            whole, spent = perf_counter() - begun, process_time() - used
            size = len(done.data) / 1e6
            print(f"  {told.stored:,} stored, {size:.0f} MB, out and in {whole:.1f} s, processor {spent:.1f} s")
            assert told.stored == count, told
        collection = add_collection(south, WHO, "all", "All", clock=CLOCK)
        with timed(f"publish {count:,} into a collection"):
            publish(south, WHO, collection, clock=CLOCK)
        _, token = admit.add(south, WHO, "reader", clock=CLOCK, reads=("all",))
        pages(Workplace(south, "us", CLOCK, Limits(requests_per_second=0)), collection.id, token)
        north.close()


def pages(place: Workplace, collection: str, token: str) -> None:
    """Every page of 1,000 objects through the application itself."""
    from fastapi.testclient import TestClient

    took, following = [], ""
    headers = {"Accept": "application/taxii+json;version=2.1", "Authorization": f"Bearer {token}"}
    with TestClient(assemble(place)) as client:
        while True:
            begun = perf_counter()
            answer = client.get(
                f"/taxii2/vedette/collections/{collection}/objects/?limit=1000{following}", headers=headers
            )
            took.append((perf_counter() - begun) * 1000)
            told = answer.json()
            if not told.get("more"):
                break
            following = f"&next={told['next']}"
    took.sort()
    print(f"{len(took)} pages of 1,000: median {took[len(took) // 2]:.0f} ms, p95 {took[int(len(took) * 0.95)]:.0f} ms")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
