"""A writer to be killed: acts without end, each with findings, lake rows and a fact. Run by test_crash.py.

Usage: python -m tests.audit.writer WORKSPACE NAME [ACTS [STATE_URL]]. Says "ready" once open, then one line per committed act.
"""

from __future__ import annotations

import sys
from itertools import count, islice
from pathlib import Path

from tests.made import CATALOGUE, JOB, finding
from vedette import audit, findings
from vedette.store import Store, Workspace


def act(store: Store, name: str, number: int) -> None:
    """One act: two findings, two rows in two files, one fact."""
    rows = f"SELECT '{name}-{number}' AS id, 1 AS size, unnest(['2026-01-01', '2026-01-02']) AS day, 1 AS time_us, 1 AS received_us"
    with store.engine(()) as engine:
        staged = store.lake.stage(engine.connection, "things", rows)
    with audit.writing(store, JOB, "crash.write") as act:
        findings.record(act, [finding(account=f"{name}-{number}-{part}") for part in ("a", "b")])
        act.commit_files(staged)
        act.fact("number", number)


def main(root: str, name: str, acts: str = "", url: str = "") -> None:
    """Write until killed, or until so many acts are done."""
    store = Store(Workspace(Path(root), url or None), CATALOGUE)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for number in islice(count(), int(acts) if acts else None):
        act(store, name, number)
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()
    store.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
