"""The rooms that publish tables in the lake, one a line, in their order."""

from __future__ import annotations

from vedette.store import Catalogue


def catalogue() -> Catalogue:
    """Every table of the lake, as the rooms declare them."""
    from vedette.accounts.tables import TABLES as ACCOUNTS
    from vedette.events.tables import TABLES as EVENTS
    from vedette.observatory.tables import TABLES as OBSERVATORY
    from vedette.workloads.tables import TABLES as WORKLOADS

    return Catalogue((*EVENTS, *ACCOUNTS, *OBSERVATORY, *WORKLOADS))
