"""Columns that are refused entry (EXC-01..03): what tells of origin, birthplace, gender, look or language is never stored."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

from vedette.names import fold

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def column_words(name: str) -> str:
    """A column's name as folded words: ``CountryOfBirth``, ``country_of_birth`` and ``Country of birth`` are equal."""
    return fold(_CAMEL.sub(" ", name))


@lru_cache(maxsize=1)
def _refused() -> tuple[str, ...]:
    text = files("vedette.accounts").joinpath("data", "excluded_columns.txt").read_text(encoding="utf-8")
    return tuple(line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#"))


@lru_cache(maxsize=4_096)
def is_excluded(column: str) -> bool:
    """Whether a column of that name is refused entry."""
    words = f" {column_words(column)} "
    run_together = words.replace(" ", "")
    return any(f" {refused} " in words or refused.replace(" ", "") == run_together for refused in _refused())


def note(columns: Iterable[str]) -> str:
    """The sentence that tells which columns were dropped; empty where none was."""
    dropped = sorted(column for column in columns if is_excluded(column))
    if not dropped:
        return ""
    return f"never stored, because it must not be judged (EXC-01): {', '.join(dropped)}"


def allowed(extra: Mapping[str, Any]) -> dict[str, Any]:
    """The unknown columns of a row without the refused ones, at any depth."""
    return {key: _allowed(value) for key, value in extra.items() if not is_excluded(key)}


def _allowed(value: Any) -> Any:
    if isinstance(value, Mapping):
        return allowed(value)
    if isinstance(value, list):
        return [_allowed(item) for item in value]
    return value
