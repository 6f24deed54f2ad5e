"""Measures the whole daily run on an invented provider: seconds, memory, and each step beside the budget.

Run: python -m bench.daily_run [ACCOUNTS]. Simulated data; the provider is invented before the clock starts.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from vedette import simulate

_BUDGET_SECONDS, _BUDGET_MEGABYTES = 60, 2000


def vedette(workspace: Path, *arguments: str) -> str:
    """One command in a process of its own; its standard output."""
    command = [sys.executable, "-m", "vedette", "-w", str(workspace), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def main(accounts: int) -> None:
    """Invent, load, run, print."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        summary = simulate.write(root / "export", simulate.Plan(accounts=accounts))
        workspace = root / "ws"
        vedette(workspace, "init", str(workspace))
        vedette(workspace, "refs", "load", str(summary.references))
        vedette(workspace, "lists", "load", str(summary.watchlist))
        started = perf_counter()
        steps = vedette(workspace, "run", str(summary.export), "--json").splitlines()
        seconds = perf_counter() - started
        events = summary.signins + summary.log_events + summary.payments
        again = perf_counter()
        vedette(workspace, "run")
        idle = perf_counter() - again
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"daily run (simulated): {accounts:,} accounts, {events:,} events")
    for line in steps:
        step = json.loads(line)
        print(f"  {step['step']:<12}{step['seconds']:>8.1f} s")
    print(f"  whole       {seconds:>8.1f} s   budget {_BUDGET_SECONDS} s for 20,000 accounts and 2 M events")
    print(f"  peak memory {peak:>8.0f} MB  budget {_BUDGET_MEGABYTES} MB")
    print(f"  nothing new {idle:>8.1f} s   a run with nothing due")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
