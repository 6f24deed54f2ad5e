"""What the accounts of a case did: their newest events from the lake, and how many a day of each kind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from vedette.base import from_micros, iso
from vedette.store import Store

_NEWEST = 200
_MOST_ACCOUNTS = 200
#: Table, the kind shown, and what of a row says what happened; addresses and devices stay masked.
_KINDS = (
    ("signins", "sign-in", "concat_ws(' · ', outcome, channel, ip_country, ip_class, ua_family)"),
    ("payments", "payment", "concat_ws(' · ', instrument_kind, payer_country, currency)"),
    ("keys", "key", "concat_ws(' · ', kind)"),
    ("logs", "log", "concat_ws(' · ', product, operation)"),
)


def activity(store: Store, accounts: Sequence[str]) -> dict[str, Any]:
    """Newest events first, with counts by day; ``left_out`` says how many accounts were too many to look at."""
    looked = list(accounts[:_MOST_ACCOUNTS])
    known = {table.name: {column.name for column in table.columns} for table in store.catalogue}
    kinds = [kind for kind in _KINDS if {"time_us", "account_id"} <= known.get(kind[0], set())]
    rows: list[tuple[int, str, str, str]] = []
    counts: dict[str, dict[str, int]] = {}
    with store.engine([table for table, _, _ in kinds]) as engine:
        for table, kind, says in kinds:
            marks = ", ".join("?" for _ in looked)
            where = f"FROM {table} WHERE account_id IN ({marks})"
            sql = f"SELECT time_us, account_id, {_known(says, known[table])} {where} ORDER BY time_us DESC LIMIT {_NEWEST}"
            rows += ((at, kind, account, text) for at, account, text in list(engine.rows(sql, looked)))
            days = list(engine.rows(f"SELECT day, count(*) {where} GROUP BY day ORDER BY day", looked))
            counts[kind] = {str(day): int(count) for day, count in days}
    newest = sorted(rows, reverse=True)[:_NEWEST]
    return {
        "events": [
            {"at": iso(from_micros(at)), "kind": kind, "account": account, "says": text or ""}
            for at, kind, account, text in newest
        ],
        "days": _series(counts),
        "total": sum(sum(found.values()) for found in counts.values()),
        "left_out": max(0, len(accounts) - _MOST_ACCOUNTS),
    }


def _known(says: str, columns: set[str]) -> str:
    """The expression with the columns that the table has; a column of a later version is simply not shown."""
    names = says.removeprefix("concat_ws(' · ', ").removesuffix(")").split(", ")
    held = [name for name in names if name in columns]
    return f"concat_ws(' · ', {', '.join(held)})" if held else "''"


def _series(counts: dict[str, dict[str, int]]) -> dict[str, Any]:
    days = sorted({day for found in counts.values() for day in found})
    series = [{"name": kind, "counts": [found.get(day, 0) for day in days]} for kind, found in counts.items() if found]
    return {"days": days, "series": series}
