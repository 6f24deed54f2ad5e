"""Small fleets for the tests: exports with telemetry, written as CSV and read as a user's would be."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from vedette.app.rooms import catalogue
from vedette.base import FixedClock, Principal, PrincipalKind
from vedette.events.model import Intake
from vedette.store import Store, Workspace
from vedette.workloads.store.intake import ingest

ME = Principal(PrincipalKind.JOB, "tests")
NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
CLOCK = FixedClock(datetime(2026, 4, 1, tzinfo=UTC))
H100 = "NVIDIA H100 80GB HBM3"


def fleet(root: Path) -> Store:
    """An empty store that knows this room's tables."""
    made = Workspace(root)
    made.create('home = "us"\n')
    return Store(made, catalogue())


def put(store: Store, folder: Path, **tables: Iterable[Mapping[str, Any]]) -> dict[str, Intake]:
    """Write tables as an export and read it. Returns what came of each table."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        held = list(rows)
        columns = list(dict.fromkeys(column for row in held for column in row))
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, columns, restval="")
            writer.writeheader()
            writer.writerows(held)
    return {item.adapter: item for item in ingest(store, ME, folder, clock=CLOCK)}


def at(minutes: float) -> str:
    """A time so many minutes after noon."""
    return (NOON + timedelta(minutes=minutes)).isoformat()


def samples(
    account: str = "a-1", job: str = "j-1", *, minutes: int = 60, gpu: str = "GPU-1", begin: int = 0, **signals: Any
) -> list[dict[str, Any]]:
    """A sample a minute of one GPU."""
    return [
        {
            "time": at(begin + minute),
            "seconds": 60,
            "account_id": account,
            "job_id": job,
            "node": "n-1",
            "gpu_uuid": gpu,
            "gpu_model": H100,
            **signals,
        }
        for minute in range(minutes)
    ]


def job(account: str, name: str, begin: int, minutes: int | None, **facts: Any) -> dict[str, Any]:
    """An allocation of one node with eight H100."""
    return {
        "job_id": name,
        "account_id": account,
        "started_at": at(begin),
        "ended_at": "" if minutes is None else at(begin + minutes),
        "node_count": 1,
        "gpu_model": H100,
        "gpu_count": 8,
        "region": "r-1",
        **facts,
    }
