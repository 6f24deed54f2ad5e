"""What an account did, in one vocabulary (OCSF 1.8): sign-ins, payments, keys and raw logs, with what is known of addresses.

Does not judge. Grows by one folder per log product in ``adapters/`` and by range lists loaded as references.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vedette.events.billing.discover import billing_adapters
    from vedette.events.discover import adapters as log_adapters
    from vedette.events.model import Event, Intake
    from vedette.events.store.billing import ingest_billing
    from vedette.events.store.lists import dprk_status, ensure, lookup
    from vedette.events.store.logs import ingest_logs
    from vedette.events.store.remap import remap
    from vedette.events.store.rows import ingest_tables

__all__ = [
    "Event",
    "Intake",
    "billing_adapters",
    "dprk_status",
    "ensure",
    "ingest_billing",
    "ingest_logs",
    "ingest_tables",
    "log_adapters",
    "lookup",
    "remap",
]

_HOMES = {
    "Event": "model",
    "Intake": "model",
    "billing_adapters": "billing.discover",
    "dprk_status": "store.lists",
    "ensure": "store.lists",
    "ingest_billing": "store.billing",
    "ingest_logs": "store.logs",
    "ingest_tables": "store.rows",
    "log_adapters": "discover",
    "lookup": "store.lists",
    "remap": "store.remap",
}


def __getattr__(name: str) -> Any:
    # Loaded at first use: the command line must start fast, and numpy and DuckDB are not always needed.
    if name not in _HOMES:
        raise AttributeError(name)
    from importlib import import_module

    # The folder of adapters bears the plain word.
    held = name.removeprefix("log_")
    return getattr(import_module(f"vedette.events.{_HOMES[name]}"), held)
