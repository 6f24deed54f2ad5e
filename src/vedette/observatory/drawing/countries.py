"""What a country is called beside its code."""

from __future__ import annotations

from functools import cache

from vedette.names.tables import rows

_CALLED = {
    "KP": "North Korea",
    "KR": "South Korea",
    "CN": "China",
    "GB": "United Kingdom",
    "US": "United States",
    "RU": "Russia",
}


@cache
def _names() -> dict[str, str]:
    return {row[0]: row[2] for row in rows("countries.tsv") if len(row) > 2} | _CALLED


def name_of(code: str) -> str:
    """The English name of a country, or the code where none is known."""
    return _names().get(code, code)
