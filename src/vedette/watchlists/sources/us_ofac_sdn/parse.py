"""Reads OFAC's SDN list from sdn.csv with alt.csv, add.csv and sdn_comments.csv."""

from __future__ import annotations

from collections.abc import Mapping

from vedette.watchlists.ofac_csv import is_consolidated, read_ofac, role_of
from vedette.watchlists.reading import Piece, Reading


def recognise(name: str, head: bytes) -> str:
    """The role of one of the four files; empty for anything else."""
    return "" if is_consolidated(name) else role_of(head)


def parse(pieces: Mapping[str, Piece]) -> Reading:
    """Listings of the SDN list."""
    return read_ofac(pieces)
