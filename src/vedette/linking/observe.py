"""Observations: which account showed which value, when first and last, read from the lake in the common SQL.

One SELECT for each place where a value can stand; a new place is one more entry of ``_SOURCES``. Values are tokens, ids or
addresses as the lake holds them. The engine's views of the lake must be there; two views of this room are made over them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol

from vedette.accounts.derive import TOKEN_KINDS
from vedette.linking.model import Weights

EVENT_TABLES = ("payments", "signins", "keys")
TABLES = ("accounts", "owners", "account_name_parts", *EVENT_TABLES)
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


def _account_column(kind: str, value: str, where: str = "TRUE", of: str = "", source: str = "accounts") -> str:
    return (
        f"SELECT account_id, '{kind}' AS kind, {value} AS value, {_OPENED} AS first_us, "
        f"COALESCE(closed_us, 9000000000000000) AS last_us, '{source}' AS source FROM {of}accounts WHERE {where}"
    )


def _signed_up(kind: str, value: str, where: str = "TRUE", of: str = "") -> str:
    return (
        f"SELECT account_id, '{kind}' AS kind, {value} AS value, {_OPENED} AS first_us, {_OPENED} AS last_us, "
        f"'sign-up' AS source FROM {of}accounts WHERE {where}"
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


def _declared(weights: Weights, of: str) -> list[str]:
    """What accounts and owners say of themselves; ``of`` begins the names of the relations that are read."""
    at_sign_up = f"COALESCE(signup_ip_class, 'unlisted') NOT IN ({_quoted(weights.excluded_networks)})"
    hour = 3_600_000_000
    found = [
        _account_column("phone", "phone_token", of=of),
        _account_column("email", "email_canonical_token", of=of),
        _account_column("phone", "recovery_phone_token", of=of, source="recovery contact"),
        _account_column("email", "recovery_email_token", of=of, source="recovery contact"),
        _account_column("document", "document_token", of=of),
        _account_column("registration", "registration_token", of=of),
        _account_column("address", "address_token", of=of),
        _account_column("name", "name_token", "kind = 'person'", of=of),
        _account_column("birth_date", "birth_date_token", of=of),
        _account_column("mail_domain", "email_domain", "kind = 'organization'", of=of),
        _account_column("site_template", "TRANSLATE(website_host, '0123456789', '')", of=of),
        _account_column("referrer", "referrer_account_id", "referrer_account_id <> account_id", of=of),
        _signed_up("device", "signup_device_id", of=of),
        _signed_up("ip", "signup_ip", at_sign_up, of=of),
    ]
    # Whoever brought somebody holds the value that those who were brought hold.
    found.append(
        "SELECT a.account_id, 'referrer' AS kind, a.account_id AS value, MIN(COALESCE(b.opened_us, b.received_us)) AS first_us, "
        f"MAX(COALESCE(b.opened_us, b.received_us)) AS last_us, 'accounts' AS source FROM {of}accounts AS a JOIN accounts AS b "
        "ON b.referrer_account_id = a.account_id WHERE b.account_id <> a.account_id GROUP BY a.account_id"
    )
    # Two rows of hours, half a width apart, so that neighbours in time always share one of them.
    for mark, shift in (("even", 0), ("odd", hour)):
        bucket = f"CAST(FLOOR(({_OPENED} + {shift}) / {2 * hour}) AS BIGINT)"
        value = f"{_prefix('signup_ip')} || '|{mark}|' || CAST({bucket} AS VARCHAR)"
        found.append(_signed_up("burst", value, "signup_ip IS NOT NULL AND opened_us IS NOT NULL", of=of))
    found.append(
        "SELECT account_id, 'owner' AS kind, owner_name_token || '|' || birth_date_token AS value, received_us AS first_us, "
        f"received_us AS last_us, 'owners' AS source FROM {of}owners WHERE birth_date_token IS NOT NULL"
    )
    return found


def _done(weights: Weights, of: str) -> list[str]:
    """What accounts did: signed in, paid, registered keys."""
    plain = f"COALESCE(ip_class, 'unlisted') NOT IN ({_quoted(weights.excluded_networks)})"
    own_money = f"COALESCE(instrument_kind, 'card') NOT IN ({_quoted(weights.excluded_instruments)})"
    return [
        f"SELECT account_id, '{kind}' AS kind, {value} AS value, MIN(time_us) AS first_us, MAX(time_us) AS last_us, '{table}' AS source "
        f"FROM {of}{table} WHERE account_id IS NOT NULL AND {value} IS NOT NULL AND {where} GROUP BY account_id, {value}"
        for kind, value, table, where in (
            ("device", "device_id", "signins", "outcome = 'success'"),
            ("ip", "ip", "signins", f"outcome = 'success' AND {plain}"),
            ("instrument", "instrument_id", "payments", own_money),
            ("wallet", "wallet", "payments", "TRUE"),
            ("key", "fingerprint", "keys", "TRUE"),
        )
    ]


def observations(weights: Weights) -> str:
    """SQL of all observations but prefixes: account_id, kind, value, first_us, last_us, source; one row each."""
    return _once([*_declared(weights, ""), *_done(weights, "")])


def changes(weights: Weights) -> str:
    """The same of the named accounts, whole, from relations ``part_...``; and of others what is new, from ``new_...``."""
    others = [
        f"SELECT * FROM ({sql}) AS done WHERE account_id NOT IN (SELECT account_id FROM link_named)"
        for sql in _done(weights, "new_")
    ]
    return _once([*_declared(weights, "part_"), *_done(weights, "part_"), *others])


def _once(places: Iterable[str]) -> str:
    union = "\nUNION ALL\n".join(places)
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


def active(of: str, done: str) -> str:
    """SQL of when accounts were received, opened or first did something, and last did: nothing but the arrival may be known."""
    union = " UNION ALL ".join(
        f"SELECT account_id, time_us FROM {done}{table} WHERE account_id IS NOT NULL" for table in EVENT_TABLES
    )
    return (
        "SELECT a.account_id, MIN(a.received_us) AS received_us, MIN(s.time_us) AS first_us, MAX(s.time_us) AS last_us "
        f"FROM {of}accounts AS a LEFT JOIN (SELECT account_id, opened_us AS time_us FROM {of}accounts WHERE opened_us IS NOT NULL "
        f"UNION ALL {union}) AS s ON s.account_id = a.account_id GROUP BY a.account_id"
    )


def prepare(engine: Engine, weights: Weights, generic: Sequence[tuple[str, str]], tokenise: Tokenise) -> None:
    """Make ``link_observation``, ``link_account``, ``link_name_part`` and ``link_left_out`` (generic values) of everything."""
    _relations(engine, observations(weights), generic, tokenise, of="")


def prepare_changes(
    engine: Engine, weights: Weights, generic: Sequence[tuple[str, str]], tokenise: Tokenise, new: Mapping[str, str]
) -> None:
    """The same of accounts about which there is something new; ``new`` gives for each table the sub-select over its new files.

    ``link_named`` are accounts told anew, their relatives by referral included: of them everything is read. Of other accounts
    only what they did is new.
    """
    for table in TABLES:
        engine.run(f"CREATE OR REPLACE TEMP VIEW new_{table} AS SELECT * FROM {new[table]}")
    told = " UNION ".join(
        f"SELECT account_id FROM new_{table}" for table in ("accounts", "owners", "account_name_parts")
    )
    engine.run(
        f"CREATE OR REPLACE TEMP TABLE link_told AS SELECT account_id FROM ({told}) AS told WHERE account_id IS NOT NULL"
    )
    engine.run(
        "CREATE OR REPLACE TEMP TABLE link_named AS SELECT account_id FROM link_told "
        "UNION SELECT referrer_account_id FROM accounts WHERE referrer_account_id IS NOT NULL AND account_id IN (SELECT account_id FROM link_told) "
        f"UNION SELECT account_id FROM ({_FORMER_REFERRERS}) AS former"
    )
    for table in TABLES:
        engine.run(
            f"CREATE OR REPLACE TEMP TABLE part_{table} AS SELECT * FROM {table} WHERE account_id IN (SELECT account_id FROM link_named)"
        )
    _relations(engine, changes(weights), generic, tokenise, of="part_")


_FORMER_REFERRERS = """
SELECT a.account_id FROM l_account AS a JOIN l_kind AS k ON k.word = 'referrer' JOIN (
  SELECT DISTINCT s.code FROM link_told AS t JOIN l_account AS x ON x.account_id = t.account_id
  JOIN l_seen AS s ON s.n = x.n JOIN l_kind AS r ON r.kind = s.kind AND r.word = 'referrer'
) AS c ON c.code = hash(k.kind, a.account_id)"""


def _relations(engine: Engine, seen: str, generic: Sequence[tuple[str, str]], tokenise: Tokenise, *, of: str) -> None:
    engine.run(f"CREATE OR REPLACE TEMP TABLE link_shown AS {seen}")
    engine.run(
        "CREATE OR REPLACE TEMP TABLE link_seen AS SELECT account_id, kind, value, first_us, last_us, source FROM link_shown UNION ALL "
        "SELECT account_id, 'ip_prefix', prefix, MIN(first_us), MAX(last_us), MIN(source) FROM "
        f"(SELECT account_id, {_prefix('value')} AS prefix, first_us, last_us, source FROM link_shown WHERE kind = 'ip') AS ips "
        "WHERE prefix IS NOT NULL GROUP BY account_id, prefix"
    )
    engine.run("DROP TABLE link_shown")
    values = ", ".join(f"({_quoted(pair)})" for pair in _generic_rows(generic, tokenise))
    engine.run(f"CREATE OR REPLACE TEMP TABLE link_generic AS SELECT * FROM (VALUES {values}) AS given(kind, value)")
    engine.run(
        "CREATE OR REPLACE TEMP VIEW link_left_out AS SELECT s.account_id, s.kind, s.value FROM link_seen AS s "
        "JOIN link_generic AS g ON g.kind = s.kind AND g.value = s.value"
    )
    engine.run(
        "CREATE OR REPLACE TEMP VIEW link_observation AS SELECT s.* FROM link_seen AS s LEFT JOIN link_generic AS g "
        "ON g.kind = s.kind AND g.value = s.value WHERE g.kind IS NULL"
    )
    engine.run(f"CREATE OR REPLACE TEMP VIEW link_account AS {ACCOUNTS.replace('FROM accounts', f'FROM {of}accounts')}")
    engine.run(
        "CREATE OR REPLACE TEMP VIEW link_name_part AS SELECT DISTINCT account_id, part_token AS part "
        f"FROM {of}account_name_parts WHERE role = 'account'"
    )


def _generic_rows(generic: Sequence[tuple[str, str]], tokenise: Tokenise) -> list[tuple[str, str]]:
    """Generic values in the form the lake holds: tokens where the kind is one of contact or person."""
    assert set(_TOKENS.values()) <= set(TOKEN_KINDS.values())
    found = []
    for kind, text in generic:
        found.append((kind, tokenise(_TOKENS[kind], [text])[0] if kind in _TOKENS else text))
    return found
