"""Joins what is known of addresses and user agents to rows, once per distinct value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

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
        facts = (found.country, found.as_org, found.ip_class, found.dprk)
        texts = {f"t{number}": _filled(column) for number, column in enumerate(facts)}
        asn = np.array([-1 if number is None else int(number) for number in found.asn.tolist()], np.int64)
        _take(
            connection,
            "INSERT INTO ip_facts SELECT v, nullif(t0, ''), nullif(asn, -1), nullif(t1, ''), nullif(t2, ''), nullif(t3, '') FROM given__",
            {"v": np.array(chunk, dtype=object), "asn": asn, **texts},
        )
    agents = " UNION ".join(f"SELECT {agent} AS v FROM {table}" for table, _, agent in sources if agent)
    for chunk in _chunks(connection, agents) if agents else ():
        families = np.array([family(text) or "" for text in chunk], dtype=object)
        given = {"v": np.array(chunk, dtype=object), "family": families}
        _take(connection, "INSERT INTO agent_facts SELECT v, nullif(family, '') FROM given__", given)


def _filled(column: Any) -> Any:
    """The column with an empty text for nothing: the engine guesses a column's type from its first values."""
    return np.array([value or "" for value in column.tolist()], dtype=object)


def _take(connection: Any, sql: str, columns: dict[str, Any]) -> None:
    # Arrays are taken over six times faster than parameters that are unnested.
    connection.register("given__", columns)
    try:
        _run(connection, sql)
    finally:
        connection.unregister("given__")


def _chunks(connection: Any, union: str) -> Iterator[list[str]]:
    sql = f"SELECT DISTINCT v::VARCHAR AS v FROM ({union}) WHERE v IS NOT NULL ORDER BY v"
    values: list[str] = connection.execute(sql).fetchnumpy()["v"].tolist()
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]


def _run(connection: Any, sql: str) -> None:
    connection.execute(sql).fetchall()
