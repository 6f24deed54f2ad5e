"""Declared time zones: their IANA name and the span of their offsets over a year, in minutes east of UTC."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

_FIXED = re.compile(r"(?:utc|gmt)?\s*([+-])(\d{1,2})(?::?(\d{2}))?", re.IGNORECASE)
_WIDEST = 14 * 60


@lru_cache(maxsize=1)
def _known() -> dict[str, str]:
    return {name.casefold(): name for name in available_timezones()}


@lru_cache(maxsize=2_048)
def zone_name(text: str) -> str:
    """The IANA spelling of a zone; other texts as they stand, trimmed."""
    text = text.strip()
    return _known().get(text.casefold().replace(" ", "_"), text)


@lru_cache(maxsize=4_096)
def offsets(text: str, year: int) -> tuple[int, int] | None:
    """Smallest and largest offset of a zone in a year; also of fixed forms such as UTC+9. None where not known."""
    name = _known().get(text.strip().casefold().replace(" ", "_"))
    if name is None:
        return _fixed(text.strip())
    zone = ZoneInfo(name)
    moments = (datetime(year, month, 15, 12, tzinfo=zone) for month in range(1, 13))
    found = [(moment.utcoffset() or timedelta()) // timedelta(minutes=1) for moment in moments]
    return min(found), max(found)


def _fixed(text: str) -> tuple[int, int] | None:
    found = _FIXED.fullmatch(text)
    if found is None:
        return None
    minutes = int(found[2]) * 60 + int(found[3] or 0)
    if minutes > _WIDEST or int(found[3] or 0) > 59:
        return None
    signed = -minutes if found[1] == "-" else minutes
    return signed, signed
