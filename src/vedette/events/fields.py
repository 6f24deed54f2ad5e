"""Careful taking of values out of decoded records: whatever stands there, a text, a mapping or nothing comes out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from vedette.events.model import RecordFault

#: Letters of a text that are kept.
LONGEST = 2_000
_NOTHING: Mapping[str, Any] = {}
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC).timestamp()
_LATEST = datetime(2100, 1, 1, tzinfo=UTC).timestamp()
_MILLISECONDS_FROM = 100_000_000_000


def text(value: Any) -> str | None:
    """A text of at most 2,000 characters; numbers and flags as text; None for blanks and anything nested."""
    if type(value) is str:
        return (value if len(value) <= LONGEST else value[:LONGEST]) or None
    if type(value) in (int, float, bool):
        return str(value)
    return None


def mapping(value: Any) -> Mapping[str, Any]:
    """The value if it is a mapping, else an empty one."""
    return value if type(value) is dict else _NOTHING


def either(record: Mapping[str, Any], name: str) -> Any:
    """The value under a name, or under the name in small letters, as some pipelines write it."""
    value = record.get(name)
    return record.get(name.lower()) if value is None else value


def first(value: Any) -> Any:
    """The first of a list, or the value itself."""
    if type(value) is list:
        return value[0] if value else None
    return value


def flag(value: Any) -> bool | None:
    """True or false, also where written as text; None for anything else."""
    if value is True or value == "true":
        return True
    if value is False or value == "false":
        return False
    return None


def moment(value: Any) -> int:
    """Microseconds since 1970 of an ISO 8601 text, or of a number of seconds or milliseconds.

    A text without zone counts as UTC, which is what these products write. Raises RecordFault with the reason.
    """
    if type(value) is str:
        return _of_text(value)
    if type(value) in (int, float):
        return _possible(value / 1000 if value >= _MILLISECONDS_FROM else float(value), value)
    raise RecordFault("has no time")


@lru_cache(maxsize=4096)
def _of_text(value: str) -> int:
    # Records lie in the order of time, so that many in a row bear the same text.
    try:
        when = datetime.fromisoformat(value)
    except ValueError:
        raise RecordFault(f"{value[:60]!r} is no time") from None
    return _possible((when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp(), value)


def _possible(seconds: float, value: Any) -> int:
    if not _EARLIEST <= seconds <= _LATEST:
        raise RecordFault(f"{str(value)[:60]!r} is no possible time of an event: correct the clock or the unit")
    return round(seconds * 1_000_000)


def email(value: Any) -> str | None:
    """The value if it is an address of a person or a mailbox, not of a machine account."""
    found = text(value)
    if found is None or "@" not in found or found.endswith(".gserviceaccount.com"):
        return None
    return found
