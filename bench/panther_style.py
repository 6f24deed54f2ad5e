"""Ten of our rules beside the same ten as a Python function for each event, and three beside SQL written by hand.

`python -m bench.panther_style [EVENTS] [PYTHON_EVENTS]` (2 M and 200,000 by default), over the invented lake of
`bench.detections` with every firing example of the ten rules planted in it twenty times, everything on this machine in one
run; compare the ratios. Both sides must find the same planted accounts and devices: the bench stops where they do not.

The functions are ours, in the manner of engines that hand each event to each rule and keep state in a key-value store. What
such an engine does for each event is done here: the line of JSON is decoded once, by the standard library as there; each rule
is called with it; stateful rules ask a keyed cache. The cache is a dict, which is kinder to them than a store over the
network; events are plain dictionaries without a wrapper, kinder again; alerts are noted, not routed. They ask what our rules
ask of each event, but remember only running counts, as such rules do: they give no evidence, and nothing that arrives late
mends what they said. Where panther-core is installed (`bench.panther_engine`), the same functions are also run by it. Ours reads the Parquet of the lake, into which `bench.ingest` measures the way; it uses both cores, they one:
the second ratio is by processor time. The published figure of rsigma stands beside ours as published, not measured here.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

from bench.detections import draw
from bench.panther_engine import installed, through_their_engine
from vedette import detections
from vedette.detections.conform import merged
from vedette.detections.examples import read_examples, rows_of
from vedette.detections.execute import checked_rows
from vedette.detections.lake import TABLES, column_names
from vedette.detections.model import Shows
from vedette.detections.references import references
from vedette.detections.store import Sandbox
from vedette.detections.store.sandbox import written

_COPIES = 20
_DAY, _HOUR = 86_400_000_000, 3_600_000_000
_PLAIN = {"residential", "mobile", "business", "education", "cgnat", "unlisted"}
_HIDDEN = {"vpn", "tor", "relay", "hosting"}
Event = dict[str, Any]
Store = dict[str, Any]

TEN = (
    "network/console_from_dprk", "network/impossible_travel", "network/several_countries", "network/exit_hopping",
    "network/tunnel_dropped", "network/never_where_declared", "device/clock_elsewhere", "device/devices_apart",
    "device/device_of_many_names", "device/device_of_two_strangers",
)  # fmt: skip


def _console(event: Event) -> bool:
    return event.get("outcome") == "success" and (event.get("channel") or "console") == "console"


def console_from_dprk(event: Event, store: Store) -> bool:
    return event.get("ip_dprk") == "current" and event.get("outcome") != "failure"


def impossible_travel(event: Event, store: Store) -> bool:
    if not _console(event) or event.get("ip_country") is None or event.get("ip_class") not in _PLAIN:
        return False
    key = f"travel:{event['account_id']}:{event.get('user_id') or ''}"
    before, store[key] = store.get(key), (event["ip_country"], event["time_us"])
    if before is None or before[0] == event["ip_country"]:
        return False
    far = store["distances"].get((before[0], event["ip_country"]))
    return far is not None and (far - 1250) * 4_000_000 > event["time_us"] - before[1]


def _in_window(store: Store, key: str, event: Event, value: Any, window: int) -> int:
    """How many different values the key had in the window that ends now."""
    held = store.setdefault(key, [])
    held.append((event["time_us"], value))
    while held[0][0] < event["time_us"] - window:
        held.pop(0)
    return len({item for _, item in held})


def several_countries(event: Event, store: Store) -> bool:
    if not _console(event) or event.get("ip_country") is None or event.get("ip_class") not in _PLAIN:
        return False
    key = f"several:{event['account_id']}:{event.get('user_id') or ''}"
    before, store[f"{key}:at"] = store.get(f"{key}:at"), (event["ip_country"], event["time_us"])
    if _in_window(store, key, event, event["ip_country"], 6 * _HOUR) < 3 or before is None:
        return False
    far = store["distances"].get((before[0], event["ip_country"]))
    if far is None or (far - 1250) * 4_000_000 <= event["time_us"] - before[1]:
        return False
    days = store.setdefault(f"{key}:days", set())
    days.add(event["time_us"] // _DAY)
    return len(days) >= 2


def exit_hopping(event: Event, store: Store) -> bool:
    if not _console(event) or event.get("ip_country") is None or event.get("ip_class") not in ("vpn", "tor", "hosting"):
        return False
    key = f"hopping:{event['account_id']}:{event.get('user_id') or ''}"
    return _in_window(store, key, event, event["ip_country"], _DAY) >= 4


def tunnel_dropped(event: Event, store: Store) -> bool:
    country = store["accounts"].get(event["account_id"])
    if not _console(event) or country is None:
        return False
    key = f"tunnel:{event['account_id']}"
    before, hidden = store.get(key), event.get("ip_class") in _HIDDEN
    store[key] = (event["time_us"], hidden)
    if hidden or before is None or not before[1] or event.get("ip_country") in (None, country):
        return False
    if event["time_us"] - before[0] > 12 * _HOUR:
        return False
    days = store.setdefault(f"{key}:days", set())
    days.add(event["time_us"] // _DAY)
    return len(days) >= 2


def never_where_declared(event: Event, store: Store) -> bool:
    country = store["accounts"].get(event["account_id"])
    if not _console(event) or country is None or event.get("ip_country") is None or event.get("ip_class") not in _PLAIN:
        return False
    held = store.setdefault(
        f"never:{event['account_id']}", {"home": 0, "places": {}, "first": event["time_us"], "days": set()}
    )
    held["home"] += event["ip_country"] == country
    held["places"][event["ip_country"]] = held["places"].get(event["ip_country"], 0) + 1
    held["days"].add(event["time_us"] // _DAY)
    total = sum(held["places"].values())
    long = event["time_us"] - held["first"] >= 21 * _DAY and total >= 8 and len(held["days"]) >= 6
    return held["home"] == 0 and long and max(held["places"].values()) * 10 >= total * 8


def clock_elsewhere(event: Event, store: Store) -> bool:
    offset, country = event.get("timezone_offset_minutes"), store["accounts"].get(event["account_id"])
    if not _console(event) or offset is None or country is None or event.get("ip_country") is None:
        return False
    held = store.setdefault(f"clock:{event['account_id']}", [0, 0, set()])
    held[0] += 1
    if offset == 0 or (country, offset) in store["offsets"] or (event["ip_country"], offset) in store["offsets"]:
        return False
    held[1] += 1
    held[2].add(event["time_us"] // _DAY)
    return held[1] >= 8 and held[1] * 2 >= held[0] and len(held[2]) >= 5


def devices_apart(event: Event, store: Store) -> bool:
    if not _console(event) or event.get("device_id") is None or event.get("ip_class") not in _PLAIN:
        return False
    if event.get("ip_country") is None:
        return False
    held = store.setdefault(f"apart:{event['account_id']}:{event.get('user_id') or ''}", {})
    seen = held.setdefault(event["device_id"], [set(), 0, set()])
    seen[0].add(event["ip_country"])
    seen[1] += 1
    seen[2].add(event["time_us"] // _DAY)
    tied = [
        next(iter(places))
        for places, times, days in held.values()
        if len(places) == 1 and times >= 3 and len(days) >= 3
    ]
    return len(set(tied)) >= 3


def _holders(event: Event, store: Store, key: str, times: int, days: int) -> int:
    held = store.setdefault(f"{key}:{event['device_id']}", {})
    seen = held.setdefault(event["account_id"], [0, set()])
    seen[0] += 1
    seen[1].add(event["time_us"] // _DAY)
    return sum(count >= times and len(on) >= days for count, on in held.values())


def device_of_many_names(event: Event, store: Store) -> bool:
    if event.get("outcome") != "success" or event.get("device_id") is None:
        return False
    return _holders(event, store, "many", 3, 2) >= 4


def device_of_two_strangers(event: Event, store: Store) -> bool:
    if event.get("outcome") != "success" or event.get("device_id") is None:
        return False
    return event["account_id"] in store["addressed"] and 2 <= _holders(event, store, "two", 1, 3) <= 6


_OF_DEVICES = {"device/device_of_many_names", "device/device_of_two_strangers"}
RULES: tuple[Callable[[Event, Store], bool], ...] = (
    console_from_dprk, impossible_travel, several_countries, exit_hopping, tunnel_dropped, never_where_declared,
    clock_elsewhere, devices_apart, device_of_many_names, device_of_two_strangers,
)  # fmt: skip

#: The same questions as a person would write them for DuckDB alone.
BY_HAND = {
    "network/console_from_dprk": """
        SELECT account_id, time_us, event_id, ip, refs_version FROM signins WHERE ip_dprk = 'current' AND outcome IS DISTINCT FROM 'failure'
        UNION ALL
        SELECT account_id, time_us, event_id, ip, refs_version FROM logs l WHERE ip_dprk = 'current' AND outcome IS DISTINCT FROM 'failure'
          AND NOT EXISTS (FROM signins s WHERE l.class_uid = 3002 AND s.account_id = l.account_id AND s.time_us = l.time_us AND s.ip = l.ip)""",
    "network/impossible_travel": """
        WITH hops AS (
          SELECT s.account_id, s.time_us, s.event_id, s.ip_country, s.device_id, lag(s.ip_country) OVER w AS from_country,
            lag(s.event_id) OVER w AS from_event, lag(s.device_id) OVER w AS from_device, s.time_us - lag(s.time_us) OVER w AS taken_us
          FROM signins s LEFT JOIN accounts a USING (account_id)
          WHERE s.outcome = 'success' AND coalesce(s.channel, 'console') = 'console' AND s.ip_country IS NOT NULL
            AND s.ip_class IN ('residential', 'mobile', 'business', 'education', 'unlisted') AND a.reseller_id IS NULL
          WINDOW w AS (PARTITION BY s.account_id, coalesce(s.user_id, '') ORDER BY s.time_us, s.event_id)
          QUALIFY from_country <> s.ip_country
        )
        SELECT h.* FROM hops h JOIN country_distances d ON d.country = h.from_country AND d.other_country = h.ip_country
        WHERE (d.kilometres - 1250) * 4000000 > h.taken_us""",
    "device/devices_apart": """
        WITH tied AS (
          SELECT account_id, coalesce(user_id, '') AS user_key, device_id, any_value(ip_country) AS place, min(time_us) AS time_us,
            min(event_id) AS event_id, count(DISTINCT time_us // 86400000000) AS days
          FROM signins
          WHERE outcome = 'success' AND coalesce(channel, 'console') = 'console' AND device_id IS NOT NULL
            AND ip_country IS NOT NULL AND ip_class IN ('residential', 'mobile', 'business', 'education', 'cgnat', 'unlisted')
          GROUP BY ALL HAVING count(DISTINCT ip_country) = 1 AND count(*) >= 3 AND days >= 3
        )
        SELECT * FROM tied QUALIFY count(DISTINCT place) OVER (PARTITION BY account_id, user_key) >= 3""",
}


def planted(folder: Path) -> dict[str, str]:
    """Firing examples of the ten rules, many times under ids of their own, as Parquet beside the lake; paths by table.

    The per-event side is handed sign-ins only: examples that lie in other logs are left out on both sides.
    """
    rules = {rule.id: rule for rule in detections.rules()}
    cases = [
        rows_of(case, column_names())
        for rule in TEN
        for case in read_examples(rules[rule].examples, rule)
        if case.shows is Shows.FIRES
    ]
    cases = [rows for rows in cases if not rows.get("logs")]
    return {name: str(path) for name, path in written(TABLES, merged(cases * _COPIES), folder).items()}


def events_of(paths: dict[str, list[str]], count: int) -> tuple[list[str], Store]:
    """The first sign-ins of the lake and all planted ones, in order of time, as lines of JSON; what the functions look up."""
    connection = duckdb.connect()
    drawn, *more = (f"read_parquet('{path}')" for path in paths["signins"])
    union = " UNION ALL ".join(
        [f"(SELECT * FROM {drawn} ORDER BY time_us LIMIT {count})", *(f"SELECT * FROM {item}" for item in more)]
    )
    cursor = connection.execute(f"SELECT * FROM ({union}) ORDER BY time_us, event_id")
    names = [column[0] for column in cursor.description]
    lines = [
        json.dumps({name: value for name, value in zip(names, row, strict=True) if value is not None})
        for row in cursor.fetchall()
    ]
    listed = ", ".join(f"'{path}'" for path in paths["accounts"])
    held = connection.execute(f"SELECT account_id, country, address_token FROM read_parquet([{listed}])").fetchall()
    accounts, addressed = {row[0]: row[1] for row in held}, {row[0] for row in held if row[2] is not None}
    known = references()
    distances = {(one, two): int(far) for one, two, far in known["country_distances"].rows()}
    offsets = {(country, int(offset)) for country, offset in known["country_offsets"].rows()}
    return lines, {"accounts": accounts, "addressed": addressed, "distances": distances, "offsets": offsets}


def one_by_one(lines: list[str], store: Store) -> tuple[float, float, set[tuple[str, str]]]:
    """Seconds and processor seconds for handing every event to every function, and of whom each said yes."""
    said: set[tuple[str, str]] = set()
    decode = json.loads
    started, worked = time.perf_counter(), time.process_time()
    for line in lines:
        event = decode(line)
        for name, rule in zip(TEN, RULES, strict=True):
            if rule(event, store):
                said.add((name, event["device_id"] if name in _OF_DEVICES else event["account_id"]))
    return time.perf_counter() - started, time.process_time() - worked, said


def compared(ours: set[tuple[str, str]], theirs: set[tuple[str, str]]) -> int:
    """How many planted accounts and devices both found. Stops where one side found others than the other."""
    one, two = ({item for item in found if item[1].startswith("c")} for found in (ours, theirs))
    assert one == two, f"only ours {sorted(one - two)[:5]}, only theirs {sorted(two - one)[:5]}"
    assert {rule for rule, _ in one} == set(TEN)
    return len(one)


def main() -> None:
    """Draw, run both, print."""
    words = [int(word) for word in sys.argv[1:]]
    count, python = (*words, *(2_000_000, 200_000)[len(words) :])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = {table: [str(folder / f"{table}.parquet")] for table in draw(folder, count)}
        for table, path in planted(folder).items():
            paths.setdefault(table, []).append(path)
        lists = {table: ", ".join(f"'{path}'" for path in files) for table, files in paths.items()}
        relations = {table: f"(SELECT * FROM read_parquet([{files}]))" for table, files in lists.items()}
        engine = Sandbox(relations, folder=folder, scratch=folder)
        rules = {rule.id: rule for rule in detections.rules()}
        started = time.process_time()
        result = detections.run(engine, [rules[rule] for rule in TEN])
        worked = time.process_time() - started
        assert not result.faults, result.faults
        ours = sum(result.seconds.values())
        found = {(item.check, item.subject.id) for item in result.findings}
        lines, store = events_of(paths, python)
        seconds, spent, said = one_by_one(lines, store)
        both = compared(found, said)
        fast, slow = count / ours, len(lines) / seconds
        print(f"ten rules over {count:,} events: {ours:.2f} s, {fast:,.0f} events/s, {len(found):,} subjects found")
        print(
            f"ten functions over {len(lines):,} events: {seconds:.2f} s, {slow:,.0f} events/s, {len(said):,} subjects found"
        )
        print(f"the same {both:,} planted accounts and devices on both sides")
        print(
            f"ours {fast / slow:.0f} times the events a second; {spent / len(lines) * count / worked:.0f} times by processor time"
        )
        _in_their_engine(lines, events_of(paths, python)[1], fast, worked / count)
        for rule, sql in BY_HAND.items():
            times = [_both(engine, rules[rule], sql) for _ in range(3)]
            mine, hand = (min(column) for column in zip(*times, strict=True))
            print(f"{rule}: {mine:.2f} s, by hand {hand:.2f} s: {mine / hand:.2f} times")
    print("rsigma, published for 100 stateless rules, not measured here: 365,000 events/s")


def _in_their_engine(lines: list[str], store: Store, fast: float, ours_each: float) -> None:
    """The same functions run by the published engine itself, where it is installed; ratios beside ours."""
    version = installed()
    if version is None:
        print("panther-core is not installed: see bench/panther_engine.py")
        return
    seconds, spent, said = through_their_engine(lines, store, list(zip(TEN, RULES, strict=True)))
    print(
        f"the same ten functions run by panther-core {version}: {seconds:.2f} s, {len(lines) / seconds:,.0f} events/s, "
        f"{len(said):,} alerts by account; ours {fast / (len(lines) / seconds):.0f} times, "
        f"{spent / len(lines) / ours_each:.0f} times by processor time"
    )


def _both(engine: Sandbox, rule: detections.Rule, sql: str) -> tuple[float, float]:
    """Seconds for our rule and for the SQL by hand, each to the last row, in the same locked room."""
    return _timed(lambda: checked_rows(engine, rule)), _timed(lambda: engine.rows(sql, rule.reads, detections.Limits()))


def _timed(ask: Callable[[], Any]) -> float:
    started = time.perf_counter()
    for _ in ask():
        pass
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
