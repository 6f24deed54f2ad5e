"""Names and texts quoted for SQL, apart from any engine, so that whoever names a form does not import one."""

from __future__ import annotations


def identifier(name: str) -> str:
    """A name quoted for SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text quoted for SQL."""
    return "'" + text.replace("'", "''") + "'"
