"""How pages write times, ages and numbers: short, aligned, the same in every language."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from vedette.base import iso, parse_time
from vedette.doors.pages.catalogue import Translator


def moment(value: datetime | str | None) -> str:
    """A time in UTC to the minute, such as ``2026-03-01 12:00``; empty for none."""
    if value is None or value == "":
        return ""
    found = value if isinstance(value, datetime) else parse_time(value)
    return iso(found)[:16].replace("T", " ")


def age(value: datetime | str | None, now: datetime, _: Translator) -> str:
    """How long ago, or in how long, in the largest fitting unit."""
    if value is None or value == "":
        return ""
    found = value if isinstance(value, datetime) else parse_time(value)
    return span(abs(now - found), _)


def span(length: timedelta, _: Translator) -> str:
    """A length of time in the largest fitting unit."""
    minutes = int(length.total_seconds() // 60)
    if minutes < 60:
        return _("{n} min", n=minutes)
    if minutes < 48 * 60:
        return _("{n} h", n=minutes // 60)
    return _("{n} d", n=minutes // 1440)


def number(value: Any) -> str:
    """A number with thousands apart and at most two decimals."""
    if value is None or value == "":
        return ""
    return f"{value:,}" if isinstance(value, int) else f"{float(value):,.2f}".rstrip("0").rstrip(".")


def short(identity: str | None, length: int = 9) -> str:
    """An id cut for reading: its kind and its first letters. The whole stands in the title of the element."""
    if not identity:
        return ""
    kind, line, rest = identity.partition("_")
    return f"{kind}_{rest[:length]}" if line and len(rest) > length else identity
