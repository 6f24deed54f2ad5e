"""Reads OFAC's consolidated non-SDN list from cons_prim.csv with cons_alt.csv, cons_add.csv and cons_comments.csv, or from consolidated.xml or cons_advanced.xml."""

from __future__ import annotations

from collections.abc import Mapping

from vedette.watchlists.ofac_forms import belongs_to_consolidated, read_any, role_in_any
from vedette.watchlists.reading import Piece, Reading


def recognise(name: str, head: bytes) -> str:
    """The role of one of the four CSV files or of an XML file; empty for anything else."""
    return role_in_any(head) if belongs_to_consolidated(name, head) else ""


def parse(pieces: Mapping[str, Piece]) -> Reading:
    """Listings of the consolidated non-SDN list."""
    return read_any(pieces)
