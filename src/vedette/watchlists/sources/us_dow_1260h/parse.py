"""Reads the Section 1260H List of Chinese Military Companies from its JSON form."""

from __future__ import annotations

from collections.abc import Mapping

from vedette.base import PartyKind
from vedette.watchlists.reading import Piece, Reading
from vedette.watchlists.us_restricted import is_list, read_restricted


def recognise(name: str, head: bytes) -> str:
    """Whether the file says that it is this list."""
    return "primary" if is_list("dow-1260h", head) else ""


def parse(pieces: Mapping[str, Piece]) -> Reading:
    """Listings with ids derived from name and country."""
    return read_restricted(pieces["primary"], kind=PartyKind.ORGANIZATION, programme="NDAA FY2021 section 1260H")
