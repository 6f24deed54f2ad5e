"""Reads OFAC's SDN list from sdn.csv with alt.csv, add.csv and sdn_comments.csv, or from sdn.xml or sdn_advanced.xml."""

from __future__ import annotations

from collections.abc import Mapping

from vedette.watchlists.ofac_forms import belongs_to_consolidated, read_any, role_in_any
from vedette.watchlists.reading import Piece, Reading


def recognise(name: str, head: bytes) -> str:
    """The role of one of the four CSV files or of an XML file; empty for anything else."""
    return "" if belongs_to_consolidated(name, head) else role_in_any(head)


def parse(pieces: Mapping[str, Piece]) -> Reading:
    """Listings of the SDN list."""
    return read_any(pieces)
