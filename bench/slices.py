"""How soon new events give findings: `python -m bench.slices [EVENTS] [BATCH] [ROUNDS]` (2 M, 10,000 and 20 by default).

Over the invented lake of `bench.detections`, each round receives a batch and runs a slice over what it touched, with the
rules that cannot be cut waiting; then the same with them. Printed: median and 95th percentile of the seconds, for
batches made of sessions of ten events and, as the worst case, of events that are spread evenly over all accounts.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb

from bench.detections import draw
from vedette import detections
from vedette.detections.keyed import cut
from vedette.detections.lake import TABLES
from vedette.detections.store import Sandbox

_SIGNINS = next(table for table in TABLES if table.name == "signins")
_LATER = 1_800_000_000_000_000


def receive(folder: Path, number: int, batch: int, accounts: int, spread: int) -> str:
    """Write one batch as a Parquet file of the lake: sessions of ``batch / spread`` events. Gives its path."""
    picked = f"(hash({number}, n % {spread}) % {accounts})::BIGINT"
    drawn = f"""SELECT 'n-{number}-' || n AS event_id, 1767225600000000 + n * 40000000 AS time_us, 'a-' || account AS account_id,
      'u-' || account AS user_id, 'ip-' || (account * 10 + n % 3) AS ip, ['US','GB','DE','IN'][1 + n % 4] AS ip_country,
      ['residential','mobile','vpn'][1 + n % 3] AS ip_class, 'd-' || account || '-' || (n % 3) AS device_id,
      'success' AS outcome, 60 AS timezone_offset_minutes, 'console' AS channel,
      {_LATER + number} AS received_us, '2026-01-01' AS day FROM (SELECT n, {picked} AS account FROM range({batch}) AS r(n))"""
    connection = duckdb.connect()
    held = {row[0] for row in connection.execute(f"DESCRIBE {drawn}").fetchall()}
    columns = ", ".join(
        f"CAST({c.name if c.name in held else 'NULL'} AS {c.type.value}) AS {c.name}" for c in _SIGNINS.columns
    )
    path = folder / f"batch-{number}.parquet"
    connection.execute(f"COPY (SELECT {columns} FROM ({drawn})) TO '{path}' (FORMAT parquet)").fetchall()
    return str(path)


def rounds(
    folder: Path,
    relations: dict[str, str],
    *,
    first: int,
    count: int,
    batch: int,
    accounts: int,
    spread: int,
    defer: bool,
) -> Iterator[float]:
    """Seconds of each round, from the committed file to the findings."""
    rules = detections.rules()
    files = [str(folder / "signins.parquet")]
    for number in range(first, first + count):
        files.append(receive(folder, number, batch, accounts, spread))
        listed = ", ".join(f"'{name}'" for name in files)
        tables = Sandbox(
            {**relations, "signins": f"(SELECT * FROM read_parquet([{listed}]))"}, folder=folder, scratch=folder
        )
        started = time.perf_counter()
        result = detections.run_slice(tables, rules, since_us=_LATER + number, defer=defer)
        assert not result.faults, result.faults
        yield time.perf_counter() - started


def main() -> None:
    """Draw, receive, print."""
    events, batch, count = (
        ([int(word) for word in sys.argv[1:]] + [2_000_000, 10_000, 20])[:3]
        if len(sys.argv) < 4
        else map(int, sys.argv[1:4])
    )
    rules = [rule for rule in detections.rules() if "signins" in rule.reads]
    cuts = [rule.id for rule in rules if cut(rule).kind]
    print(f"{len(rules)} rules read sign-ins, {len(cuts)} of them are cut by a key")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        relations = draw(folder, events)
        accounts = max(events // 100, 1_000)
        first = 0
        for words, spread, defer in (
            ("sessions of ten, whole rules wait", batch // 10, True),
            ("sessions of ten, all rules", batch // 10, False),
            ("evenly spread, whole rules wait", batch, True),
        ):
            seconds = sorted(
                rounds(
                    folder,
                    relations,
                    first=first,
                    count=count,
                    batch=batch,
                    accounts=accounts,
                    spread=spread,
                    defer=defer,
                )
            )
            first += count
            p95 = seconds[min(len(seconds) - 1, int(len(seconds) * 0.95))]
            print(
                f"{batch:,} events on {events:,}, {words}: median {seconds[len(seconds) // 2]:.2f} s, p95 {p95:.2f} s"
            )


if __name__ == "__main__":
    main()
