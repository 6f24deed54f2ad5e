"""Gives log events their words, their accounts and their place: the SQL between ``arrived`` and the lake's ``logs``."""

from __future__ import annotations

from vedette.events.store.gather import TEXTS
from vedette.events.vocabulary import vocabulary
from vedette.store.engines.duckdb import DuckEngine, literal

DAY = "strftime(make_timestamp(time_us), '%Y-%m-%d')"
_KEPT = tuple(name for name in TEXTS if name not in ("act", "event_id"))


def prepare_words(engine: DuckEngine) -> None:
    """The table ``words``: class and activity of each word of the vocabulary."""
    engine.run(
        "CREATE OR REPLACE TEMP TABLE words (act VARCHAR, class_uid BIGINT, class_name VARCHAR, category_uid BIGINT, "
        "activity_id BIGINT, activity VARCHAR)"
    )
    words = vocabulary().values()
    columns = [
        [word.text for word in words],
        [word.class_uid for word in words],
        [word.class_name for word in words],
        [word.category_uid for word in words],
        [word.activity_id for word in words],
        [word.activity for word in words],
    ]
    types = ("VARCHAR", "BIGINT", "VARCHAR", "BIGINT", "BIGINT", "VARCHAR")
    engine.run(f"INSERT INTO words SELECT {', '.join(f'unnest(?::{kind}[])' for kind in types)}", columns)


def prepare_identities(engine: DuckEngine, product: str, identities: str | None) -> None:
    """The table ``owners_of``: the account of each event whose principal, mail address or tenant belongs to exactly one.

    The nearest name counts: the principal itself, then the role it took on, its mail address, its tenant. A name that
    belongs to two accounts at the time of the event says nothing.
    """
    engine.run("CREATE OR REPLACE TEMP TABLE owners_of (n BIGINT, account_id VARCHAR)")
    if identities is None:
        return
    named = " UNION ALL ".join(
        f"SELECT n, time_us, {rank} AS rank, {literal(kind)} AS kind, {column} AS external_id FROM arrived WHERE {column} IS NOT NULL"
        for rank, (kind, column) in enumerate(
            (
                ("principal", "principal_id"),
                ("principal", "principal_issuer"),
                ("email", "principal_email_token"),
                ("tenant", "tenant_id"),
            )
        )
    )
    known = (
        "SELECT account_id, CASE WHEN kind IN ('project', 'subscription') THEN 'tenant' ELSE kind END AS kind, external_id, "
        f"valid_from_us, valid_to_us FROM {identities} WHERE product = {literal(product)}"
    )
    engine.run(
        "INSERT INTO owners_of SELECT n, arg_min(account_id, rank) FROM ("
        "SELECT e.n, e.rank, min(i.account_id) AS account_id "
        f"FROM ({named}) e JOIN ({known}) i ON i.kind = e.kind AND i.external_id = e.external_id "
        "AND (i.valid_from_us IS NULL OR i.valid_from_us <= e.time_us) AND (i.valid_to_us IS NULL OR i.valid_to_us > e.time_us) "
        "GROUP BY e.n, e.rank HAVING count(DISTINCT i.account_id) = 1) GROUP BY n"
    )


def staged(product: str, received: int, refs_version: str) -> str:
    """SQL of the new rows of ``logs``."""
    kept = ", ".join(f"a.{name}" for name in _KEPT)
    return (
        f"SELECT a.event_id, a.time_us, {DAY} AS day, {received}::BIGINT AS received_us, {literal(product)} AS product, "
        "o.account_id, w.class_uid, w.class_name, w.category_uid, w.activity_id, w.activity, "
        f"{kept}, a.principal_email_token, a.mfa::BOOLEAN AS mfa, f.* EXCLUDE (ip), g.ua_family, a.raw, a.extra, "
        f"{literal(refs_version)} AS refs_version "
        "FROM arrived a LEFT JOIN words w ON w.act = a.act LEFT JOIN owners_of o ON o.n = a.n "
        "LEFT JOIN ip_facts f ON f.ip = a.ip LEFT JOIN agent_facts g ON g.user_agent = a.user_agent"
    )
