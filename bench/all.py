"""Runs every bench, each in a process of its own, and prints their figures. Run: python -m bench.all"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_SKIPPED = {"__init__", "all"}


def main() -> int:
    """Every bench in the order of names; exit 1 if one failed."""
    failed = 0
    for path in sorted(Path(__file__).parent.glob("*.py")):
        if path.stem in _SKIPPED:
            continue
        print(f"== {path.stem}", flush=True)
        failed |= subprocess.run([sys.executable, "-m", f"bench.{path.stem}"], check=False).returncode
    return failed


if __name__ == "__main__":
    sys.exit(main())
