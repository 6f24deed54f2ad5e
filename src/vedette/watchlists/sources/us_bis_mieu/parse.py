"""Reads the military-intelligence end users that BIS names, from a table."""

from __future__ import annotations

from collections.abc import Mapping

from vedette.watchlists.reading import Piece, Reading
from vedette.watchlists.us_tables import Table, is_table, read_table

_TABLE = Table(first="Type", name="Name", aliases=("Alias",), country="Country", start="Date", end="End date")


def recognise(name: str, head: bytes) -> str:
    """Whether the table says in its rows that they belong to this list."""
    return "primary" if is_table(_TABLE, head) and b",US-BIS-MIEU," in head else ""


def parse(pieces: Mapping[str, Piece]) -> Reading:
    """Listings with ids derived from name and country."""
    return read_table(pieces["primary"], _TABLE, programme="EAR 744.22")
