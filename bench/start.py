"""Measures what a newcomer waits for first: `vedette --help`, and how large the core installation is.

Run: python -m bench.start
"""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from pathlib import Path
from time import perf_counter


def fastest(command: list[str], times: int = 5) -> float:
    """The shortest of several runs, in milliseconds."""
    best = float("inf")
    for _ in range(times):
        started = perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        best = min(best, perf_counter() - started)
    return best * 1000


def main() -> None:
    """Print both figures."""
    bare = fastest([sys.executable, "-c", "pass"])
    shown = fastest([sys.executable, "-m", "vedette", "--help"])
    print(f"vedette --help     {shown:>8.0f} ms  budget 300 ms ({shown / bare:.1f} times a bare interpreter)")
    site = Path(sysconfig.get_paths()["purelib"])
    size = sum(path.stat().st_size for path in site.rglob("*") if path.is_file()) / 1024**2
    print(f"this environment   {size:>8.0f} MB  budget 350 MB for the core alone (make env)")


if __name__ == "__main__":
    main()
