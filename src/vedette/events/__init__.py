"""What an account did, in one vocabulary (OCSF 1.8): sign-ins, payments, keys and raw logs, with what is known of addresses.

Does not judge. Grows by one folder per log product in ``adapters/`` and by range lists loaded as references.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vedette.events.discover import adapters
    from vedette.events.ingest import ingest_logs, ingest_tables
    from vedette.events.model import Event, Intake, Refused
    from vedette.events.references.keep import dprk_status, lookup

__all__ = ["Event", "Intake", "Refused", "adapters", "dprk_status", "ingest_logs", "ingest_tables", "lookup"]

_HOMES = {
    "Event": "model",
    "Intake": "model",
    "Refused": "model",
    "adapters": "discover",
    "dprk_status": "references.keep",
    "ingest_logs": "ingest",
    "ingest_tables": "ingest",
    "lookup": "references.keep",
}


def __getattr__(name: str) -> Any:
    # Loaded at first use: the command line must start fast, and numpy and DuckDB are not always needed.
    if name not in _HOMES:
        raise AttributeError(name)
    from importlib import import_module

    return getattr(import_module(f"vedette.events.{_HOMES[name]}"), name)
