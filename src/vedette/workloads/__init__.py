"""What tenants run and how much of it counts, from metadata a fleet already has: never from inside a workload.

Counts operations with their uncertainty, tells classes of jobs or abstains, and finds work split over accounts. Judges nobody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vedette.workloads.books import book, classes, draw_classes, draw_course, forecasts, lines, notice, split_work
    from vedette.workloads.discover import telemetry_adapters
    from vedette.workloads.store.feed import ingest_telemetry
    from vedette.workloads.store.intake import ingest

__all__ = [
    "book",
    "classes",
    "draw_classes",
    "draw_course",
    "forecasts",
    "ingest",
    "ingest_telemetry",
    "lines",
    "notice",
    "split_work",
    "telemetry_adapters",
]

_HOMES = {
    "book": "books",
    "classes": "books",
    "draw_classes": "books",
    "draw_course": "books",
    "forecasts": "books",
    "ingest": "store.intake",
    "ingest_telemetry": "store.feed",
    "lines": "books",
    "notice": "books",
    "split_work": "books",
    "telemetry_adapters": "discover",
}


def __getattr__(name: str) -> Any:
    # Loaded at first use: the command line must start fast, and numpy and DuckDB are not always needed.
    if name not in _HOMES:
        raise AttributeError(name)
    from importlib import import_module

    return getattr(import_module(f"vedette.workloads.{_HOMES[name]}"), name)
