"""Cells in which a publisher numbers several values: "(1) 55501 (2) 55502"."""

from __future__ import annotations

import re

_MARK = re.compile(r"\(\d{1,2}\)\s*")


def numbered(cell: str) -> tuple[str, ...]:
    """The values of such a cell, or the one value of a plain one; nothing for a blank."""
    return tuple(part.strip(" ;,") for part in _MARK.split(cell) if part.strip(" ;,"))
