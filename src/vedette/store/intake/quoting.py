"""Names and texts quoted for SQL, apart from any engine, so that whoever names a form does not import one."""

from __future__ import annotations

from pathlib import Path


def identifier(name: str) -> str:
    """A name quoted for SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text quoted for SQL."""
    return "'" + text.replace("'", "''") + "'"


def exactly(path: Path) -> str:
    """The path as a pattern of DuckDB that matches itself only."""
    return "".join(f"[{mark}]" if mark in "*?[" else mark for mark in str(path.absolute()))
