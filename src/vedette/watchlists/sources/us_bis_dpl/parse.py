"""Reads the BIS Denied Persons List from its JSON form."""

from __future__ import annotations

from collections.abc import Mapping

from vedette.watchlists.reading import Piece, Reading
from vedette.watchlists.us_restricted import is_list, read_restricted


def recognise(name: str, head: bytes) -> str:
    """Whether the file says that it is this list."""
    return "primary" if is_list("bis-dpl", head) else ""


def parse(pieces: Mapping[str, Piece]) -> Reading:
    """Listings with ids derived from name and country."""
    return read_restricted(pieces["primary"], programme="EAR 764 denial order")
