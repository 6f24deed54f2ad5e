"""What the lake tells for sharing: infrastructure behind events of confirmed cases, and who met an indicator that a peer sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from vedette.store import Store

#: Classes of address that belong to whoever rents them out, never to a household, a telephone or an office.
RENTED = ("hosting", "vpn", "tor", "relay")
_ADDRESSES = """
SELECT s.ip, max(s.ip_class), max(s.time_us), min(s.event_id) FROM signins s SEMI JOIN wanted w ON w.id = s.event_id
WHERE s.ip IS NOT NULL AND (s.ip_class IN ('hosting', 'vpn', 'tor', 'relay') OR s.ip_dprk = 'current')
GROUP BY s.ip ORDER BY s.ip
"""
_AGENTS = """
WITH seen AS (
  SELECT s.user_agent, min(s.event_id) AS event FROM signins s SEMI JOIN wanted w ON w.id = s.event_id
  WHERE s.user_agent IS NOT NULL GROUP BY s.user_agent
)
SELECT s.user_agent, count(DISTINCT s.account_id), max(s.time_us), min(seen.event)
FROM signins s JOIN seen USING (user_agent)
GROUP BY s.user_agent ORDER BY s.user_agent
"""
_MET = """
SELECT w.id, s.account_id, min(s.time_us), max(s.time_us), count(*), min(s.event_id)
FROM {table} s JOIN wanted w ON {match} AND s.time_us BETWEEN w.start AND w.until
WHERE s.account_id IS NOT NULL GROUP BY w.id, s.account_id ORDER BY w.id, s.account_id
"""
_SOME = 2_000


@dataclass(frozen=True, slots=True)
class Observed:
    """A value seen, when last, in which event, and what speaks for its not being a person's: class, or accounts that share it."""

    value: str
    last_us: int
    note: str
    event: str
    accounts: int = 0


def infrastructure(store: Store, event_ids: Iterable[str]) -> tuple[list[Observed], list[Observed]]:
    """(addresses of rented infrastructure, user agents with the number of accounts that use them) behind sign-ins."""
    with store.engine(["signins"]) as engine:
        _fill(engine, "CREATE TABLE wanted (id VARCHAR)", "?", [(one,) for one in event_ids])
        addresses = [Observed(row[0], row[2], row[1], row[3]) for row in engine.rows(_ADDRESSES)]
        agents = [Observed(row[0], row[2], "", row[3], row[1]) for row in engine.rows(_AGENTS)]
    return addresses, agents


@dataclass(frozen=True, slots=True)
class Sought:
    """A value to look for among sign-ins and calls, within a time (microseconds)."""

    id: str
    column: str
    value: str
    start_us: int
    until_us: int


@dataclass(frozen=True, slots=True)
class Met:
    """An account that met a value: when, how often, and one event that shows it."""

    id: str
    account: str
    first_us: int
    last_us: int
    count: int
    event: str


def met(store: Store, sought: Sequence[Sought]) -> list[Met]:
    """Which accounts met which value in sign-ins (address, range, user agent) or calls (address, range)."""
    found: list[Met] = []
    with store.engine(["signins", "logs"]) as engine:
        rows = [(one.id, one.column, one.value, one.start_us, one.until_us) for one in sought]
        create = "CREATE TABLE wanted (id VARCHAR, kind VARCHAR, value VARCHAR, start BIGINT, until BIGINT)"
        _fill(engine, create, "?, ?, ?, ?, ?", rows)
        for table, match in (
            ("signins", "w.kind = 'ip' AND s.ip = w.value"),
            ("logs", "w.kind = 'ip' AND s.ip = w.value"),
            ("signins", "w.kind = 'user_agent' AND s.user_agent = w.value"),
        ):
            found += [Met(*row) for row in engine.rows(_MET.format(table=table, match=match))]
    return found


def addresses(store: Store) -> list[str]:
    """Every address in sign-ins and calls, once, for comparison with ranges."""
    with store.engine(["signins", "logs"]) as engine:
        found = engine.rows(
            "SELECT ip FROM signins WHERE ip IS NOT NULL UNION SELECT ip FROM logs WHERE ip IS NOT NULL"
        )
    return [row[0] for row in found]


def _fill(engine: object, create: str, marks: str, rows: Sequence[tuple[object, ...]]) -> None:
    run = engine.run  # type: ignore[attr-defined]  # any engine of the store
    run(create)
    for start in range(0, len(rows), _SOME):
        some = rows[start : start + _SOME]
        run(
            f"INSERT INTO wanted VALUES {', '.join(f'({marks})' for _ in some)}",
            [cell for row in some for cell in row],
        )
