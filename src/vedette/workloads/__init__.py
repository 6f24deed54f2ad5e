"""What tenants run and how much of it counts, from metadata a fleet already has: never from inside a workload.

Counts operations with their uncertainty, tells classes of jobs or abstains, and finds work split over accounts. Judges nobody.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vedette.workloads.books import book, classes, forecasts, lines, notice, structuring
    from vedette.workloads.store.intake import ingest

__all__ = ["book", "classes", "forecasts", "ingest", "lines", "notice", "structuring"]

_HOMES = {
    "book": "books",
    "classes": "books",
    "forecasts": "books",
    "ingest": "store.intake",
    "lines": "books",
    "notice": "books",
    "structuring": "books",
}


def __getattr__(name: str) -> Any:
    # Loaded at first use: the command line must start fast, and numpy and DuckDB are not always needed.
    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(f"vedette.workloads.{_HOMES[name]}"), name)
