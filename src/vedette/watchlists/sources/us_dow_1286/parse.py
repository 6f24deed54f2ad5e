"""Reads the Section 1286 List of Institutions and Talent Programmes from its JSON form or from a table."""

from __future__ import annotations

from collections.abc import Mapping

from vedette.base import PartyKind
from vedette.watchlists.reading import Piece, Reading
from vedette.watchlists.us_restricted import is_list, read_restricted
from vedette.watchlists.us_tables import Table, is_table, read_table

_PROGRAMME = "NDAA FY2019 section 1286"
_TABLE = Table(
    first="schema",
    name="name",
    aliases=("aliases",),
    country="country",
    start="start-date",
    end="end-date",
    newest="report-date",
    remarks=("notes",),
)


def recognise(name: str, head: bytes) -> str:
    """Whether the file says that it is this list, or has its table's header."""
    return "primary" if is_list("dow-1286", head) or is_table(_TABLE, head) else ""


def parse(pieces: Mapping[str, Piece]) -> Reading:
    """Listings with ids derived from name and country."""
    piece = pieces["primary"]
    if is_table(_TABLE, piece.data):
        return read_table(piece, _TABLE, programme=_PROGRAMME)
    return read_restricted(piece, kind=PartyKind.ORGANIZATION, programme=_PROGRAMME)
