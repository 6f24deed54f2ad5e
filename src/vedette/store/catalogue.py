"""The catalogue of the lake: each table's name, owner, columns and how personal they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from vedette.base import VedetteError


class Sensitivity(StrEnum):
    """How a column must be treated when it is shown or leaves the house."""

    PUBLIC = "public"
    PERSONAL = "personal"
    SECRET = "secret"


class ColumnType(StrEnum):
    """The column types that every engine shares."""

    TEXT = "VARCHAR"
    WHOLE = "BIGINT"
    NUMBER = "DOUBLE"
    FLAG = "BOOLEAN"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a lake table."""

    name: str
    type: ColumnType = ColumnType.TEXT
    sensitivity: Sensitivity = Sensitivity.PUBLIC


@dataclass(frozen=True, slots=True)
class LakeTable:
    """One table of the lake. ``key`` identifies a row.

    With ``current`` true the table is published as of now: the newest row of each key, by ``received_us`` then ``ordinal``.
    With ``dated`` true its rows carry ``day`` (YYYY-MM-DD, UTC) and are stored in one folder per day.
    """

    name: str
    room: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    current: bool = False
    dated: bool = True

    def __post_init__(self) -> None:
        names = [column.name for column in self.columns]
        if len(set(names)) != len(names):
            raise ValueError(f"table {self.name} names a column twice")
        needed = [*self.key, "received_us", *(["day"] if self.dated else []), *(["ordinal"] if self.current else [])]
        missing = [name for name in needed if name not in names]
        if missing:
            raise ValueError(f"table {self.name} lacks the columns {missing}")


class UnknownTable(VedetteError):
    """A table that no room publishes."""


class Catalogue:
    """All tables of all rooms, by name."""

    def __init__(self, tables: Iterable[LakeTable] = ()) -> None:
        self._tables: dict[str, LakeTable] = {}
        for table in tables:
            if table.name in self._tables:
                raise ValueError(f"two rooms publish a table {table.name}")
            self._tables[table.name] = table

    def __iter__(self) -> Iterator[LakeTable]:
        return iter(self._tables.values())

    def table(self, name: str) -> LakeTable:
        """The table of that name. Raises UnknownTable listing what there is."""
        if name not in self._tables:
            raise UnknownTable(f"no table {name!r} in the lake", remedy=f"One of: {', '.join(sorted(self._tables))}")
        return self._tables[name]
