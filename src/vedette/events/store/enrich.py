"""Joins what is known of addresses and user agents to rows, once per distinct value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from vedette.events.agents import family
from vedette.events.references.lookup import Lookup

_CHUNK = 100_000


def prepare(connection: Any, sources: Sequence[tuple[str, str, str | None]], lookup: Lookup) -> None:
    """Make the tables ``ip_facts`` and ``agent_facts`` for all distinct values of the sources.

    A source is (table, address column, user-agent column or None).
    """
    _run(
        connection,
        "CREATE OR REPLACE TEMP TABLE ip_facts (ip VARCHAR, ip_country VARCHAR, ip_asn BIGINT, ip_as_org VARCHAR, "
        "ip_class VARCHAR, ip_dprk VARCHAR)",
    )
    _run(connection, "CREATE OR REPLACE TEMP TABLE agent_facts (user_agent VARCHAR, ua_family VARCHAR)")
    addresses = " UNION ".join(f"SELECT {ip} AS v FROM {table}" for table, ip, _ in sources)
    for chunk in _chunks(connection, addresses):
        found = lookup.find(chunk)
        columns = (found.country, found.asn, found.as_org, found.ip_class, found.dprk)
        numbers = [None if item is None else int(item) for item in found.asn.tolist()]
        texts = [column.tolist() for column in columns]
        _run(
            connection,
            "INSERT INTO ip_facts SELECT unnest(?::VARCHAR[]), unnest(?::VARCHAR[]), unnest(?::BIGINT[]), "
            "unnest(?::VARCHAR[]), unnest(?::VARCHAR[]), unnest(?::VARCHAR[])",
            [chunk, texts[0], numbers, texts[2], texts[3], texts[4]],
        )
    agents = " UNION ".join(f"SELECT {agent} AS v FROM {table}" for table, _, agent in sources if agent)
    for chunk in _chunks(connection, agents) if agents else ():
        families = [family(text) for text in chunk]
        _run(connection, "INSERT INTO agent_facts SELECT unnest(?::VARCHAR[]), unnest(?::VARCHAR[])", [chunk, families])


def _chunks(connection: Any, union: str) -> Iterator[list[str]]:
    rows = connection.execute(f"SELECT DISTINCT v FROM ({union}) WHERE v IS NOT NULL ORDER BY v").fetchall()
    values = [row[0] for row in rows]
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]


def _run(connection: Any, sql: str, parameters: list[Any] | None = None) -> None:
    connection.execute(sql, parameters).fetchall()
