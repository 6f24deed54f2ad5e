"""Observations: which account showed which value, when first and last, read from the lake in the common SQL.

One SELECT for each place where a value can stand; a new place is one more entry of ``_SOURCES``. Values are tokens, ids or
addresses as the lake holds them. The engine's views of the lake must be there; two views of this room are made over them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol

from vedette.accounts.derive import TOKEN_KINDS
from vedette.linking.model import Weights

TABLES = ("accounts", "owners", "account_name_parts", "payments", "signins", "keys")
_TOKENS = {
    "phone": "phone",
    "email": "email",
    "document": "document",
    "registration": "registration",
    "address": "address",
    "name": "name",
    "birth_date": "birth_date",
}
Tokenise = Callable[[str, Iterable[str]], list[str]]


class Engine(Protocol):
    """What this room needs of an engine over the lake."""

    def run(self, sql: str, parameters: Sequence[Any] = ()) -> None:
        """Execute a statement."""

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query."""


_OPENED = "COALESCE(opened_us, received_us)"


def _account_column(kind: str, value: str, where: str = "TRUE") -> str:
    return (
        f"SELECT account_id, '{kind}' AS kind, {value} AS value, {_OPENED} AS first_us, "
        f"COALESCE(closed_us, 9000000000000000) AS last_us, 'accounts' AS source FROM accounts WHERE {where}"
    )


def _signed_up(kind: str, value: str, where: str = "TRUE") -> str:
    return (
        f"SELECT account_id, '{kind}' AS kind, {value} AS value, {_OPENED} AS first_us, {_OPENED} AS last_us, "
        f"'sign-up' AS source FROM accounts WHERE {where}"
    )


def _prefix(ip: str) -> str:
    """The /24 of an IPv4 address, the /48 of an IPv6 one whose first three groups are written out; else NULL."""
    four = f"{ip} LIKE '%.%.%.%' AND {ip} NOT LIKE '%:%'"
    dotted = f"split_part({ip}, '.', 1) || '.' || split_part({ip}, '.', 2) || '.' || split_part({ip}, '.', 3)"
    grouped = f"split_part({ip}, ':', 1) || ':' || split_part({ip}, ':', 2) || ':' || split_part({ip}, ':', 3)"
    whole = " AND ".join(f"split_part({ip}, ':', {n}) <> ''" for n in (1, 2, 3))
    return f"CASE WHEN {four} THEN {dotted} WHEN {whole} THEN {grouped} END"


def _quoted(words: Iterable[str]) -> str:
    return ", ".join("'" + word.replace("'", "''") + "'" for word in words)


def _sources(weights: Weights) -> list[str]:
    plain = f"COALESCE(ip_class, 'unlisted') NOT IN ({_quoted(weights.excluded_networks)})"
    at_sign_up = f"COALESCE(signup_ip_class, 'unlisted') NOT IN ({_quoted(weights.excluded_networks)})"
    own_money = f"COALESCE(instrument_kind, 'card') NOT IN ({_quoted(weights.excluded_instruments)})"
    hour = 3_600_000_000
    day_end = "MIN(time_us) AS first_us, MAX(time_us) AS last_us"
    found = [
        _account_column("phone", "phone_token"),
        _account_column("email", "email_canonical_token"),
        _account_column("document", "document_token"),
        _account_column("registration", "registration_token"),
        _account_column("address", "address_token"),
        _account_column("name", "name_token", "kind = 'person'"),
        _account_column("birth_date", "birth_date_token"),
        _account_column("mail_domain", "email_domain", "kind = 'organization'"),
        _account_column("site_template", "TRANSLATE(website_host, '0123456789', '')"),
        _account_column("referrer", "referrer_account_id", "referrer_account_id <> account_id"),
        _signed_up("device", "signup_device_id"),
        _signed_up("ip", "signup_ip", at_sign_up),
    ]
    # Whoever brought somebody holds the value that those who were brought hold.
    found.append(
        "SELECT a.account_id, 'referrer' AS kind, a.account_id AS value, MIN(COALESCE(b.opened_us, b.received_us)), "
        "MAX(COALESCE(b.opened_us, b.received_us)), 'accounts' AS source FROM accounts AS a JOIN accounts AS b "
        "ON b.referrer_account_id = a.account_id WHERE b.account_id <> a.account_id GROUP BY a.account_id"
    )
    # Two rows of hours, half a width apart, so that neighbours in time always share one of them.
    for mark, shift in (("even", 0), ("odd", hour)):
        bucket = f"CAST(FLOOR(({_OPENED} + {shift}) / {2 * hour}) AS BIGINT)"
        value = f"{_prefix('signup_ip')} || '|{mark}|' || CAST({bucket} AS VARCHAR)"
        found.append(_signed_up("burst", value, "signup_ip IS NOT NULL AND opened_us IS NOT NULL"))
    found.append(
        "SELECT account_id, 'owner' AS kind, owner_name_token || '|' || birth_date_token AS value, received_us, "
        "received_us, 'owners' AS source FROM owners WHERE birth_date_token IS NOT NULL"
    )
    for kind, value, table, where in (
        ("device", "device_id", "signins", "outcome = 'success'"),
        ("ip", "ip", "signins", f"outcome = 'success' AND {plain}"),
        ("instrument", "instrument_id", "payments", own_money),
        ("wallet", "wallet", "payments", "TRUE"),
        ("key", "fingerprint", "keys", "TRUE"),
    ):
        found.append(
            f"SELECT account_id, '{kind}' AS kind, {value} AS value, {day_end}, '{table}' AS source "
            f"FROM {table} WHERE account_id IS NOT NULL AND {value} IS NOT NULL AND {where} GROUP BY account_id, {value}"
        )
    return found


def observations(weights: Weights) -> str:
    """SQL of all observations but prefixes: account_id, kind, value, first_us, last_us, source; one row each."""
    union = "\nUNION ALL\n".join(_sources(weights))
    return (
        "SELECT account_id, kind, value, MIN(first_us) AS first_us, MAX(last_us) AS last_us, MIN(source) AS source "
        f"FROM (SELECT * FROM ({union}) AS every_place) AS seen WHERE account_id IS NOT NULL AND value IS NOT NULL "
        "AND value <> '' GROUP BY account_id, kind, value"
    )


#: What explains honest sharing, one row an account: ``person`` 1 or 0, ``name``, ``seller`` (who sells to it), ``address``, ``domain`` and
#: ``country``, ``identity`` (the verified document, or the verified name without one).
ACCOUNTS = """
SELECT account_id, CASE WHEN kind = 'person' THEN 1 ELSE 0 END AS person, name_token AS name,
  COALESCE(reseller_id, account_id) AS seller, address_token AS address, email_domain AS domain, country,
  CASE WHEN verification_status IN ('verified', 'reverified') THEN COALESCE(document_token, name_token) END AS identity
FROM accounts"""


#: When each account was opened or first did something, and when it last did; the time of arrival only where nothing else is known.
ACTIVE = """
SELECT a.account_id, COALESCE(MIN(s.first_us), MIN(a.received_us)), COALESCE(MAX(s.last_us), MIN(a.received_us))
FROM accounts AS a LEFT JOIN (
  SELECT account_id, opened_us AS first_us, opened_us AS last_us FROM accounts WHERE opened_us IS NOT NULL
  UNION ALL SELECT account_id, first_us, last_us FROM link_seen WHERE source IN ('signins', 'payments', 'keys')
) AS s ON s.account_id = a.account_id
GROUP BY a.account_id"""


def prepare(engine: Engine, weights: Weights, generic: Sequence[tuple[str, str]], tokenise: Tokenise) -> dict[str, int]:
    """Make ``link_observation``, ``link_account`` and ``link_name_part``. Returns how many generic values were left out by kind."""
    engine.run(f"CREATE TEMP TABLE link_seen AS {observations(weights)}")
    prefixes = _prefix("value")
    engine.run(
        f"INSERT INTO link_seen SELECT account_id, 'ip_prefix', prefix, MIN(first_us), MAX(last_us), MIN(source) FROM "
        f"(SELECT account_id, {prefixes} AS prefix, first_us, last_us, source FROM link_seen WHERE kind = 'ip') AS ips "
        "WHERE prefix IS NOT NULL GROUP BY account_id, prefix"
    )
    values = ", ".join(f"({_quoted(pair)})" for pair in _generic_rows(generic, tokenise))
    engine.run(f"CREATE TEMP TABLE link_generic AS SELECT * FROM (VALUES {values}) AS given(kind, value)")
    held = "SELECT s.kind, COUNT(*) FROM link_seen AS s JOIN link_generic AS g ON g.kind = s.kind AND g.value = s.value"
    counted = dict(engine.rows(f"{held} GROUP BY s.kind ORDER BY s.kind"))
    engine.run(
        "CREATE TEMP VIEW link_observation AS SELECT s.* FROM link_seen AS s LEFT JOIN link_generic AS g "
        "ON g.kind = s.kind AND g.value = s.value WHERE g.kind IS NULL"
    )
    engine.run(f"CREATE TEMP VIEW link_account AS {ACCOUNTS}")
    engine.run(
        "CREATE TEMP VIEW link_name_part AS SELECT DISTINCT account_id, part_token AS part FROM account_name_parts "
        "WHERE role = 'account'"
    )
    return counted


def _generic_rows(generic: Sequence[tuple[str, str]], tokenise: Tokenise) -> list[tuple[str, str]]:
    """Generic values in the form the lake holds: tokens where the kind is one of contact or person."""
    assert set(_TOKENS.values()) <= set(TOKEN_KINDS.values())
    found = []
    for kind, text in generic:
        found.append((kind, tokenise(_TOKENS[kind], [text])[0] if kind in _TOKENS else text))
    return found
