"""How long the whole rule pack takes over invented Parquet: `python bench/detections.py [EVENTS ...]` (2 M and 10 M by default).

The lake is drawn inside DuckDB: 20,000 accounts for each 2 M events, 60 days, home, office, mobile and tunnel addresses,
a few devices and countries each, payments, keys and log events. Printed: seconds per rule and for the pack, and events
a second. The target is 10 M events in under 60 s, and 2 M in under 10 s, on two cores.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import duckdb

from vedette import detections
from vedette.detections.lake import TABLES
from vedette.detections.store import Sandbox

_START = 1_767_225_600_000_000
_DAY = 86_400_000_000

_DRAWN = {
    "accounts": """
        SELECT 'a-' || n AS account_id, {start} - (n % 900) * {day} AS opened_us, 'active' AS status,
          CASE WHEN n % 7 = 0 THEN 'organization' ELSE 'person' END AS kind,
          ['US','GB','DE','IN','BR','JP','PL','FR'][1 + n % 8] AS country, 'name-' || n AS name_token,
          'mail-' || n AS email_canonical_token, 'post' || (n % 40) || '.example' AS email_domain,
          'stem-' || (n % (1 + {accounts} // 3)) AS email_stem_token, n % 100 AS email_trailing_number,
          'phone-' || n AS phone_token, 'street-' || (n // 2) AS address_token, 'doc-' || n AS document_token,
          'd-' || n || '-0' AS signup_device_id, 'verified' AS verification_status,
          CASE WHEN n % 12 = 0 THEN 'a-' || (n // 3) END AS referrer_account_id, 0 AS received_us, 0 AS ordinal
        FROM range({accounts}) AS r(n)""",
    "account_name_parts": """
        SELECT 'a-' || (n % {accounts}) AS account_id, 'account' AS role, 'part-' || (draw(n, 0) % 9000) AS part_token,
          0 AS received_us, 0 AS ordinal FROM range(2 * {accounts}) AS r(n)""",
    "owners": """
        SELECT 'a-' || (n * 7) AS account_id, 'o-' || n AS owner_id, 'DE' AS country, 0 AS received_us, 0 AS ordinal
        FROM range({accounts} // 7) AS r(n)""",
    "payments": """
        SELECT 'p-' || n AS payment_id, {start} + (draw(n, 1) % 60) * {day} AS time_us,
          'a-' || (n % {accounts}) AS account_id, 'i-' || (n % {accounts}) AS instrument_id, 'card' AS instrument_kind,
          'payer-' || n AS payer_name_token, ['US','GB','DE','IN','BR','JP','PL','FR'][1 + n % 8] AS payer_country,
          0 AS received_us, '2026-01-01' AS day FROM range(2 * {accounts}) AS r(n)""",
    "payer_name_parts": """
        SELECT 'p-' || (n // 2) AS payment_id, 'a-' || ((n // 2) % {accounts}) AS account_id,
          'part-' || (draw(n, 0) % 9000) AS part_token, 0 AS received_us, '2026-01-01' AS day
        FROM range(4 * {accounts}) AS r(n)""",
    "keys": """
        SELECT 'k-' || n AS key_id, {start} AS time_us, 'a-' || n AS account_id, 'ssh' AS kind, 'f-' || n AS fingerprint,
          0 AS received_us, '2026-01-01' AS day FROM range({accounts} // 4) AS r(n)""",
    "signins": """
        SELECT 's-' || n AS event_id, {start} + draw(n, 2) * 1207 AS time_us, 'a-' || account AS account_id,
          'u-' || account AS user_id, 'ip-' || (CASE WHEN spot < 5 THEN account * 10 + spot ELSE draw(account, spot) % 50000 END) AS ip,
          CASE WHEN spot < 8 THEN home ELSE ['US','GB','DE','IN','BR','JP','PL','FR'][1 + draw(n, 3) % 8] END AS ip_country,
          ['residential','mobile','business','residential','mobile','cgnat','business','vpn','vpn','hosting'][1 + spot] AS ip_class,
          'd-' || account || '-' || (draw(n, 4) % 3) AS device_id,
          CASE WHEN draw(n, 5) % 25 = 0 THEN 'failure' ELSE 'success' END AS outcome,
          [-300, 0, 60, 330, -180, 540, 60, 60][1 + account % 8] AS timezone_offset_minutes,
          CASE WHEN draw(n, 6) % 5 = 0 THEN 'api' ELSE 'console' END AS channel, {start} AS received_us, '2026-01-01' AS day
        FROM (SELECT n, draw(n, 7) % {accounts} AS account, draw(n, 8) % 10 AS spot,
          ['US','GB','DE','IN','BR','JP','PL','FR'][1 + (draw(n, 7) % {accounts}) % 8] AS home FROM range({signins}) AS r(n))""",
    "logs": """
        SELECT 'l-' || n AS event_id, {start} + draw(n, 2) * 1207 AS time_us,
          'a-' || (draw(n, 7) % {accounts}) AS account_id, 'cloudtrail' AS product,
          CASE WHEN draw(n, 3) % 9 = 0 THEN 'GetObject' ELSE 'DescribeInstances' END AS operation,
          ['US','GB','DE'][1 + draw(n, 4) % 3] AS ip_country, 'success' AS outcome, {start} AS received_us, '2026-01-01' AS day
        FROM range({logs}) AS r(n)""",
}


def draw(folder: Path, events: int) -> dict[str, str]:
    """Write the tables and return the relations over them."""
    numbers = {
        "accounts": max(events // 100, 1_000),
        "signins": events * 85 // 100,
        "logs": events * 15 // 100,
        "start": _START,
        "day": _DAY,
    }
    connection = duckdb.connect()
    connection.execute("CREATE MACRO draw(number, salt) AS (hash(number, salt) % 4294967296)::BIGINT").fetchall()
    relations = {}
    for table in TABLES:
        if table.name not in _DRAWN:
            continue
        drawn = _DRAWN[table.name].format(**numbers)
        held = {row[0] for row in connection.execute(f"DESCRIBE {drawn}").fetchall()}
        columns = ", ".join(
            f"CAST({column.name if column.name in held else 'NULL'} AS {column.type.value}) AS {column.name}"
            for column in table.columns
        )
        path = folder / f"{table.name}.parquet"
        connection.execute(
            f"COPY (SELECT {columns} FROM ({drawn})) TO '{path}' (FORMAT parquet, COMPRESSION zstd)"
        ).fetchall()
        relations[table.name] = f"(SELECT * FROM read_parquet('{path}'))"
    return relations


def main() -> None:
    """Draw, run and print."""
    rules = detections.rules()
    for events in [int(word) for word in sys.argv[1:]] or [2_000_000, 10_000_000]:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            relations = draw(folder, events)
            engine = Sandbox(relations, folder=folder, scratch=folder)
            started = time.perf_counter()
            result = detections.run(engine, rules)
            seconds = time.perf_counter() - started
        for rule, spent in sorted(result.seconds.items(), key=lambda item: -item[1]):
            print(f"  {rule:36s} {spent:6.2f} s")
        for fault in result.faults:
            print(f"  {fault.rule} did not finish: {fault.problem}")
        waiting = [state.rule for state in result.readiness if not state.ready]
        print(f"  waiting for data: {', '.join(waiting) or 'none'}")
        print(
            f"{events:,} events, {len(rules)} rules: {seconds:.1f} s, {events / seconds:,.0f} events/s, {len(result.findings):,} findings"
        )


if __name__ == "__main__":
    main()
