"""Country names as official lists write them, read to ISO 3166-1 alpha-2."""

from __future__ import annotations

from functools import lru_cache

from vedette.names.folding import fold
from vedette.names.tables import rows


@lru_cache(maxsize=1)
def _table() -> dict[str, str]:
    return {fold(name): row[0] for row in rows("countries.tsv") for name in row}


@lru_cache(maxsize=4096)
def country_code(text: str) -> str | None:
    """ISO 3166-1 alpha-2 in upper case, or None where the text names no single country ("Korea", "Region: Crimea")."""
    return _table().get(fold(text))
