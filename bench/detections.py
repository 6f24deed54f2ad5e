"""How long the whole rule pack takes over invented Parquet: `python bench/detections.py [EVENTS ...]` (2 M and 10 M by default).

The lake is drawn inside DuckDB: 20,000 accounts for 2 M events, 300,000 for 10 M, 60 days, home, office, mobile and tunnel addresses,
a few devices and countries each, payments, keys and log events. Printed: seconds per rule and for the pack, and events
a second. The target is 10 M events in under 60 s, and 2 M in under 10 s, on two cores.
"""

from __future__ import annotations

import resource
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
          'ip-' || (n % (1 + {accounts} // 2)) AS signup_ip, 'residential' AS signup_ip_class,
          ['US','GB','DE','IN','BR','JP','PL','FR'][1 + n % 8] AS signup_ip_country,
          ['US','GB','DE','IN','BR','JP','PL','FR'][1 + n % 8] AS phone_country,
          ['America/New_York','Europe/London','Europe/Berlin','Asia/Kolkata','America/Sao_Paulo','Asia/Tokyo','Europe/Warsaw',
            'Europe/Paris'][1 + n % 8] AS declared_timezone,
          CASE WHEN n % 7 = 0 THEN 'reg-' || n END AS registration_token, CASE WHEN n % 7 = 0 THEN 'web-' || n END AS website_token,
          CASE WHEN n % 7 = 0 THEN 'host' || n || '.example' END AS website_host,
          CASE WHEN n % 50 = 0 THEN 'a-' || (n // 100) END AS reseller_id,
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
          'a-' || (n % {accounts}) AS account_id, 'i-' || (n % {accounts}) AS instrument_id,
          ['card','card','bank','crypto','credit'][1 + n % 5] AS instrument_kind, 10.0 + n % 12000 AS amount, 'USD' AS currency,
          CASE WHEN n % 5 = 3 THEN 'w-' || n END AS wallet,
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
          CASE WHEN draw(n, 6) % 5 = 0 THEN 'api' ELSE 'console' END AS channel, {start} AS received_us, '2026-01-01' AS day,
          64500 + draw(account, spot) % 400 AS ip_asn, 'network ' || (draw(account, spot) % 400) AS ip_as_org,
          ['chrome','firefox','safari','edge'][1 + draw(account, 9) % 4] AS ua_family, 'Mozilla/5.0' AS user_agent
        FROM (SELECT n, draw(n, 7) % {accounts} AS account, draw(n, 8) % 10 AS spot,
          ['US','GB','DE','IN','BR','JP','PL','FR'][1 + (draw(n, 7) % {accounts}) % 8] AS home FROM range({signins}) AS r(n))""",
    "logs": """
        SELECT 'l-' || n AS event_id, {start} + draw(n, 2) * 1207 AS time_us,
          'a-' || (draw(n, 7) % {accounts}) AS account_id, 'cloudtrail' AS product,
          CASE WHEN draw(n, 3) % 9 = 0 THEN 'GetObject'
            WHEN draw(n, 3) % 1000 < 40 THEN ['RunInstances','CreateAccessKey','AttachUserPolicy','UpdateAssumeRolePolicy',
              'DeactivateMFADevice','UpdateLoginProfile','PutContactInformation','ModifySnapshotAttribute'][1 + draw(n, 10) % 8]
            ELSE 'DescribeInstances' END AS operation,
          ['US','GB','DE'][1 + draw(n, 4) % 3] AS ip_country, 'success' AS outcome, {start} AS received_us, '2026-01-01' AS day,
          'ip-' || (draw(n, 4) % 3) AS ip, 64500 + draw(n, 4) % 3 AS ip_asn, 'k-' || (draw(n, 7) % {accounts}) || '-' || (draw(n, 11) % 3) AS session_id,
          'u-' || (draw(n, 7) % {accounts}) || '-' || (draw(n, 11) % 3) AS principal_id,
          'u-' || (draw(n, 7) % {accounts}) || '-' || (draw(n, 12) % 3) AS target_id,
          ['eu-1','us-1','us-2'][1 + draw(n, 7) % 3] AS region, CASE WHEN draw(n, 3) % 20 = 0 THEN 3002 ELSE 6003 END AS class_uid,
          ['aws-cli','chrome','boto'][1 + draw(n, 11) % 3] AS ua_family
        FROM range({logs}) AS r(n)""",
}


def draw(folder: Path, events: int, accounts: int = 0) -> dict[str, str]:
    """Write the tables and return the relations over them; one account for each hundred events unless told."""
    numbers = {
        "accounts": accounts or max(events // 100, 1_000),
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
            relations = draw(folder, events, 300_000 if events >= 10_000_000 else 0)
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
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"  peak memory {peak:,.0f} MB, drawing the lake included")
        print(
            f"{events:,} events, {len(rules)} rules: {seconds:.1f} s, {events / seconds:,.0f} events/s, {len(result.findings):,} findings"
        )


if __name__ == "__main__":
    main()
