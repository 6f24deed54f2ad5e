"""How long the education kit takes to build, and how hard its texts are to read: python -m bench.education [CODES]."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from time import perf_counter, process_time

from vedette.base import FixedClock
from vedette.conference.education.build import build, summary
from vedette.conference.education.content import chosen


def main(codes: str) -> None:
    """Build the kit once and print one line a language."""
    wall, cpu = perf_counter(), process_time()
    kit = build(chosen(codes), clock=FixedClock(datetime(2026, 3, 1, tzinfo=UTC)))
    size = sum(map(len, kit.files.values()))
    print(
        f"{len(kit.files)} files, {size / 1e6:.1f} MB, {perf_counter() - wall:.1f} s, {process_time() - cpu:.1f} s of CPU"
    )
    for row in summary(kit):
        print(
            f"{row['language']}: hardest is {row['hardest']} with {row['value']} ({row['measure']}, limit {row['limit']})"
        )


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "")
