"""Which part of the corpus a question is about: a country, years, and what came in since a moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from vedette.observatory.model import FOCUS


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A country (ISO 3166-1 alpha-2), the years from ``begin`` to ``end`` with both ends, and works first seen from ``since`` on.

    With ``begin`` 0 works without a year count too.
    """

    country: str = FOCUS
    begin: int = 0
    end: int = 9999
    since: datetime | None = None
