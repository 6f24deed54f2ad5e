"""Puts rows into a lake for the tests of linking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tests.made import JOB
from vedette.accounts.tables import TABLES as ACCOUNT_TABLES
from vedette.audit import writing
from vedette.events.tables import TABLES as EVENT_TABLES
from vedette.store import Catalogue, Store

CATALOGUE = Catalogue((*EVENT_TABLES, *ACCOUNT_TABLES))
START = 1_767_225_600_000_000
_DEFAULTS: Mapping[str, Any] = {"received_us": START, "ordinal": 0, "time_us": START, "day": "2026-01-01"}


def put(store: Store, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Commit rows of one table; what is not named is empty."""
    columns = CATALOGUE.table(table).columns
    full = [{**_DEFAULTS, **row} for row in rows]
    select = " UNION ALL ".join(
        "SELECT " + ", ".join(f"CAST({_cell(row.get(c.name))} AS {c.type.value}) AS {c.name}" for c in columns)
        for row in full
    )
    with store.engine([]) as engine, writing(store, JOB, "test.put") as act:
        act.commit_files(store.lake.stage(engine.connection, table, select))


def _cell(value: Any) -> str:
    if value is None:
        return "NULL"
    return str(value) if isinstance(value, int) else "'" + str(value).replace("'", "''") + "'"


def account(identity: str, **facts: Any) -> dict[str, Any]:
    """A person's account with a name and a verified document of its own."""
    own = {"name_token": f"name-{identity}", "document_token": f"doc-{identity}", "verification_status": "verified"}
    return {"account_id": identity, "kind": "person", "country": "US", "opened_us": START, **own, **facts}


def key(identity: str, fingerprint: str = "k-1") -> dict[str, Any]:
    """A registered key."""
    return {"key_id": f"{identity}-{fingerprint}", "account_id": identity, "kind": "ssh", "fingerprint": fingerprint}


def signin(identity: str, number: int = 0, **facts: Any) -> dict[str, Any]:
    """A successful sign-in."""
    return {"event_id": f"{identity}-s{number}", "account_id": identity, "outcome": "success", **facts}


def payment(identity: str, instrument: str = "i-1", **facts: Any) -> dict[str, Any]:
    """A payment by card."""
    own = {"instrument_id": instrument, "instrument_kind": "card"}
    return {"payment_id": f"{identity}-{instrument}", "account_id": identity, **own, **facts}


def ring_of_three(store: Store) -> None:
    """a-1, a-2 and a-3 bear different verified names and one key; forty strangers share nothing."""
    ring = [f"a-{number}" for number in (1, 2, 3)]
    put(store, "accounts", [account(one) for one in (*ring, *(f"s-{number:02d}" for number in range(40)))])
    put(store, "keys", [key(one) for one in ring])
