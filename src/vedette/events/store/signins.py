"""Lets sign-ins that only a log tells of count as sign-ins: rows of ``signins`` from rows of ``logs``, each exactly once.

Rules that read ``signins`` then work for a provider who has nothing but an identity provider's logs. Taken are logons
(OCSF class 3002, activity 1) of products whose adapter says which channel they are, where the principal belongs to an account.
"""

from __future__ import annotations

from typing import Any

from vedette.audit import Act
from vedette.events.discover import adapters
from vedette.store import Store
from vedette.store.engines.duckdb import DuckEngine, literal

_LOGON_CLASS, _LOGON_ACTIVITY = 3002, 1
_COLUMNS = (
    "time_us",
    "day",
    "account_id",
    "ip",
    "ip_country",
    "ip_asn",
    "ip_as_org",
    "ip_class",
    "ip_dprk",
    "user_agent",
    "ua_family",
    "outcome",
    "mfa",
    "refs_version",
)
#: What marks a row that came from a log, in ``extra``.
FROM_LOG = '{"from":"logs"}'


def channels() -> dict[str, str]:
    """Product -> channel of its logons; products whose logons are no sign-ins are absent."""
    return {item.product: item.signins for item in adapters().values() if item.signins}


def stage_signins(store: Store, engine: DuckEngine, act: Act, logs: str, received_us: int) -> int:
    """Stage the sign-ins in ``logs``, SQL of rows like those of the lake's table, that the lake does not hold yet.

    The engine must see ``signins``. An event that an export told of under its bare id, for the same account, is the same
    sign-in; so is one of another product with that id, account and time. Returns how many are new.
    """
    known = channels()
    if not known:
        return 0
    engine.run(f"CREATE OR REPLACE TEMP TABLE logons AS {_logons(logs, known, received_us)}")
    fresh = (
        "SELECT * EXCLUDE (bare_id) FROM logons WHERE event_id NOT IN (SELECT event_id FROM signins) "
        "AND (bare_id, account_id) NOT IN (SELECT event_id, account_id FROM signins) "
        # Two adapters may read one product, as those of Azure read Entra's sign-ins: the same id at the same time is one.
        f"AND (bare_id, account_id, time_us) NOT IN (SELECT regexp_replace(event_id, '^[^:]*:', ''), account_id, time_us "
        f"FROM signins WHERE extra = {literal(FROM_LOG)}) "
        "QUALIFY row_number() OVER (PARTITION BY event_id ORDER BY time_us) = 1 "
        "AND row_number() OVER (PARTITION BY bare_id, account_id, time_us ORDER BY event_id) = 1"
    )
    count = int(engine.rows(f"SELECT count(*) FROM ({fresh})")[0][0])
    if count:
        act.commit_files(store.lake.stage(engine.connection, "signins", fresh))
        act.fact("signins", count)
    return count


def _logons(logs: str, known: dict[str, Any], received_us: int) -> str:
    products = ", ".join(literal(product) for product in known)
    cases = " ".join(f"WHEN {literal(product)} THEN {literal(channel)}" for product, channel in known.items())
    return (
        f"SELECT concat(product, ':', event_id) AS event_id, event_id AS bare_id, {', '.join(_COLUMNS)}, "
        "coalesce(principal_name, principal_id) AS user_id, NULL::VARCHAR AS device_id, "
        "NULL::BIGINT AS timezone_offset_minutes, "
        f"nullif(CASE product {cases} END, 'unknown') AS channel, "
        f"{literal(FROM_LOG)} AS extra, {received_us}::BIGINT AS received_us FROM ({logs}) "
        f"WHERE account_id IS NOT NULL AND class_uid = {_LOGON_CLASS} AND activity_id = {_LOGON_ACTIVITY} "
        f"AND product IN ({products})"
    )
