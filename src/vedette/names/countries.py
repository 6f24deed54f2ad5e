"""Country names as official lists write them, read to ISO 3166-1 alpha-2."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from vedette.names.folding import fold


@lru_cache(maxsize=1)
def _table() -> dict[str, str]:
    table: dict[str, str] = {}
    for line in files("vedette.names").joinpath("data/countries.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            code, alpha3, *names = line.split("\t")
            for name in (code, alpha3, *names):
                table[fold(name)] = code
    return table


@lru_cache(maxsize=4096)
def country_code(text: str) -> str | None:
    """ISO 3166-1 alpha-2 in upper case, or None where the text names no single country ("Korea", "Region: Crimea")."""
    return _table().get(fold(text))
