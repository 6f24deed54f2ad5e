"""The family of a user agent: browser, command line, library or automation, by a small table of texts."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from vedette.events.vocabulary import table_rows

_LONGEST = 1_000


@lru_cache(maxsize=1)
def _rows() -> tuple[tuple[str, str, str], ...]:
    path = Path(__file__).with_name("data") / "user_agents.tsv"
    return tuple((cells[0], cells[1], cells[2]) for _, cells in table_rows(path, 3))


@lru_cache(maxsize=65_536)
def family(user_agent: str) -> str:
    """The family, such as ``chrome`` or ``aws-cli``; ``other`` where no text fits. At most 1,000 characters are read."""
    text = user_agent[:_LONGEST].casefold()
    return next((name for name, _, mark in _rows() if mark in text), "other")


@lru_cache(maxsize=1)
def kinds() -> dict[str, str]:
    """The kind of each family: browser, cli, sdk, automation, console or service."""
    return {name: kind for name, kind, _ in _rows()}
