"""The tables of the lake that a rule may read, beside the references of this room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from vedette.accounts.tables import TABLES as ACCOUNT_TABLES
from vedette.events.tables import TABLES as EVENT_TABLES

TABLES = (*EVENT_TABLES, *ACCOUNT_TABLES)


def column_names() -> Mapping[str, Sequence[str]]:
    """The columns of every table."""
    return {table.name: tuple(column.name for column in table.columns) for table in TABLES}
