"""Gives log events that no account claimed the account that newer identities name, by rewriting the days they lie in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from vedette.audit import writing
from vedette.base import Clock, Principal, to_micros
from vedette.events.store.place import prepare_identities
from vedette.events.store.signins import stage_signins
from vedette.store import Store
from vedette.store.engines.duckdb import DuckEngine, literal

_NAMES = ("principal_id", "principal_issuer", "principal_email_token", "tenant_id")
_NOW_CLAIMED = (
    "SELECT l.* REPLACE (m.account_id AS account_id) FROM logs l "
    "JOIN mapped m ON m.product = l.product AND m.event_id = l.event_id AND m.day = l.day"
)


def remap(store: Store, principal: Principal, *, clock: Clock, identities: str) -> int:
    """Map unclaimed events anew. ``identities`` is SQL of the relation, as for the reading of logs.

    Returns how many events found their account; logons among them become sign-ins. The days concerned are written again and the old files retired in one
    audit act, so that a reader sees either state whole.
    """
    with store.engine(["logs", "signins"]) as engine:
        engine.run("CREATE TEMP TABLE mapped (product VARCHAR, event_id VARCHAR, day VARCHAR, account_id VARCHAR)")
        for (product,) in engine.rows("SELECT DISTINCT product FROM logs WHERE account_id IS NULL ORDER BY product"):
            _map(engine, product, identities)
        days = [row[0] for row in engine.rows("SELECT DISTINCT day FROM mapped ORDER BY day")]
        if not days:
            return 0
        count = int(engine.rows("SELECT count(*) FROM mapped")[0][0])
        files = _files_of(store, days)
        with writing(store, principal, "events.remap", clock=clock) as act:
            act.commit_files(store.lake.stage(engine.connection, "logs", _rewritten(store, files)))
            act.retire_files(files)
            stage_signins(store, engine, act, _NOW_CLAIMED, to_micros(clock.now()))
            act.fact("events", count)
    return count


def _map(engine: DuckEngine, product: str, identities: str) -> None:
    """Add to ``mapped`` the unclaimed events of one product whose account is known now."""
    engine.run(
        "CREATE OR REPLACE TEMP TABLE arrived AS SELECT row_number() OVER () AS n, event_id, day, time_us, "
        f"{', '.join(_NAMES)} FROM logs WHERE account_id IS NULL AND product = {literal(product)}"
    )
    prepare_identities(engine, product, identities)
    engine.run(
        f"INSERT INTO mapped SELECT {literal(product)}, a.event_id, a.day, o.account_id "
        "FROM arrived a JOIN owners_of o ON o.n = a.n WHERE o.account_id IS NOT NULL"
    )


def _files_of(store: Store, days: Sequence[str]) -> list[Mapping[str, Any]]:
    wanted = set(days)
    with store.database.reading() as connection:
        return [row for row in store.lake.files(connection, "logs") if row["day"] in wanted]


def _rewritten(store: Store, files: Sequence[Mapping[str, Any]]) -> str:
    return (
        "SELECT l.* REPLACE (coalesce(l.account_id, m.account_id) AS account_id) "
        f"FROM {store.lake.relation('logs', files)} l LEFT JOIN mapped m ON m.product = l.product AND m.event_id = l.event_id"
    )
