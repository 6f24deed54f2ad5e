"""Reads OFAC's non-SDN consolidated list from cons_prim.csv with cons_alt.csv, cons_add.csv and cons_comments.csv."""

from __future__ import annotations

from collections.abc import Mapping

from vedette.watchlists.ofac_csv import is_consolidated, read_ofac, role_of
from vedette.watchlists.reading import Piece, Reading


def recognise(name: str, head: bytes) -> str:
    """The role of one of the four files; empty for anything else."""
    return role_of(head) if is_consolidated(name) else ""


def parse(pieces: Mapping[str, Piece]) -> Reading:
    """Listings of the consolidated non-SDN list."""
    return read_ofac(pieces)
