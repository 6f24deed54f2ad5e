"""One small corpus for the tests of the report and the pages: imported, resolved and built once a process."""

from __future__ import annotations

import atexit
import json
import tempfile
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from tests.made import JOB
from vedette.app.rooms import catalogue
from vedette.base import FixedClock
from vedette.observatory.build import build
from vedette.observatory.intake import import_files
from vedette.observatory.resolve import resolve_new
from vedette.store import Store, Workspace

CLOCK = FixedClock(datetime(2026, 3, 1, 12, 0, tzinfo=UTC))
_KISU = "Kim Il Sung University, Pyongyang, Democratic People's Republic of Korea"
_JILIN = "Jilin University, Changchun, China"
WORKS = (
    ("Guidance law for a cruise missile", 2019, (_KISU,)),
    ("Optimization of reactor core loading pattern", 2020, (_KISU, _JILIN)),
    ('<b onmouseover="x">Crop</b> disease recognition in rice fields', 2021, (_KISU, _JILIN)),
    ("확산방정식의 수치풀이", 2021, (_KISU, "Institute of Physics, Korea")),
    ("=cmd()|' /C calc'!A0", None, (_KISU,)),
    ("Nothing of the country", 2020, (_JILIN,)),
)


def _openalex(number: int, title: str, year: int | None, addresses: tuple[str, ...]) -> str:
    people = [
        {"author": {"display_name": f"Person {place}"}, "raw_affiliation_strings": [address]}
        for place, address in enumerate(addresses)
    ]
    record = {"id": f"https://openalex.org/W{number}", "title": title, "publication_year": year, "authorships": people}
    return json.dumps(record, ensure_ascii=False)


@cache
def corpus() -> Store:
    """The store, open until the process ends."""
    folder = tempfile.TemporaryDirectory(prefix="vedette-corpus-")
    root = Path(folder.name)
    source = root / "works.jsonl"
    source.write_text("\n".join(_openalex(place, *work) for place, work in enumerate(WORKS, 1)), encoding="utf-8")
    place = Workspace(root / "ws")
    place.create('home = "us"\n')
    store = Store(place, catalogue())
    atexit.register(folder.cleanup)
    atexit.register(store.close)
    import_files(store, JOB, [source], clock=CLOCK, source="openalex")
    resolve_new(store, JOB, clock=CLOCK)
    build(store, JOB, clock=CLOCK)
    return store
