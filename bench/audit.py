"""Measures the audit log: rows and leaves appended a second, and leaves and rows verified a second.

Run: python bench/audit.py [LEAVES]. Prints one line per figure with the budget of the design beside it.
"""

from __future__ import annotations

import base64
import json
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter, process_time

from sqlalchemy import Column, MetaData, Table, Text

from vedette import audit
from vedette.audit import verifier
from vedette.audit.checkpoint import Checkpoint, public_bytes, sign
from vedette.audit.tree import Frontier, leaf_hash
from vedette.base import Principal, PrincipalKind
from vedette.store import Catalogue, Store, Workspace

ROW = Table("bench_row", MetaData(), Column("id", Text, primary_key=True), Column("words", Text, nullable=False))
WHO = Principal(PrincipalKind.JOB, "bench")


def opened(root: Path) -> Store:
    """A fresh workspace with one table to write to."""
    workspace = Workspace(root / "ws")
    workspace.create('home = "us"\n')
    store = Store(workspace, Catalogue())
    with store.database.writing() as connection:
        ROW.metadata.create_all(connection)
    return store


def batched(store: Store, rows: int) -> float:
    """Rows a second in one act, each with its commitment."""
    started = perf_counter()
    with audit.writing(store, WHO, "bench.batch") as act:
        act.upsert(ROW, ({"id": f"r-{n}", "words": "something a reviewer wrote"} for n in range(rows)))
    return rows / (perf_counter() - started)


def single(store: Store, leaves: int) -> float:
    """Acts a second, one row each, every one flushed to disk."""
    started = perf_counter()
    for number in range(leaves):
        with audit.writing(store, WHO, "bench.single") as act:
            act.upsert(ROW, [{"id": f"s-{number}", "words": "one"}])
    return leaves / (perf_counter() - started)


def tree(leaves: int) -> float:
    """Leaves a second through hash and tree alone."""
    bodies = [b"x" * 300 + str(number).encode() for number in range(leaves)]
    started = perf_counter()
    frontier = Frontier()
    for body in bodies:
        frontier.append(leaf_hash(body))
    frontier.root()
    return leaves / (perf_counter() - started)


def exported(leaves: int, target: Path) -> None:
    """Write an export of so many leaves of about 300 bytes."""
    key, frontier = bytes(32), Frontier()
    bodies = target.with_suffix(".bodies")
    with bodies.open("wb") as file:
        for number in range(leaves):
            body = b'{"act":"bench","v":1}' + b"x" * 280 + str(number).encode()
            frontier.append(leaf_hash(body))
            file.write(body + b"\n")
    head = {
        "kind": "vedette-audit-log",
        "v": 2,
        "origin": "bench",
        "public_key": base64.b64encode(public_bytes(key)).decode(),
        "checkpoint": sign(Checkpoint("bench", leaves, frontier.root()), key),
    }
    with target.open("wb") as whole, bodies.open("rb") as file:
        whole.write(json.dumps(head).encode() + b"\n")
        shutil.copyfileobj(file, whole)
    bodies.unlink()


def independent(leaves: int, target: Path) -> tuple[float, float]:
    """Leaves a second by the separate program as an auditor runs it, its start included; and by second of processor time."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), perf_counter()
    subprocess.run([sys.executable, "-I", verifier.__file__, str(target)], check=True, stdout=subprocess.DEVNULL)
    took, after = perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return leaves / took, leaves / spent


def main() -> None:
    """Print every figure."""
    leaves = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    rows = 100_000
    with tempfile.TemporaryDirectory() as folder:
        store = opened(Path(folder))
        print(f"rows appended in one act      {batched(store, rows):>12,.0f} /s   (budget 20,000)")
        print(f"acts of one row, each flushed {single(store, leaves):>12,.0f} /s")
        started, spent_before = perf_counter(), process_time()
        result = audit.verify(store)
        took, spent_rows = perf_counter() - started, process_time() - spent_before
        assert result.holds, result.problems
        print(
            f"rows verified in place        {result.rows / took:>12,.0f} /s   ({result.rows / spent_rows:,.0f} by processor second)"
        )
        print(f"leaves through the tree       {tree(200_000):>12,.0f} /s")
        store.close()
        whole = Path(folder) / "export.jsonl"
        exported(1_000_000, whole)
        alone, spent = max(independent(1_000_000, whole) for _ in range(3))
        print(f"leaves, separate verifier     {alone:>12,.0f} /s   (budget 500,000; {spent:,.0f} by processor second)")


if __name__ == "__main__":
    main()
