"""United States lists of restricted parties kept as a plain table: one row an entry, other names in one cell, two dates.

Three tables are in use, with other headers. The publishers give no entry numbers, so ids are derived from name and country.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from vedette.base import Name, NameQuality, PartyKind, Place, stable_id
from vedette.names import country_code
from vedette.watchlists.dates import day_or_none
from vedette.watchlists.draft import Draft
from vedette.watchlists.reading import ListError, Piece, Reading, records_of
from vedette.watchlists.written import short_form

_COMPANY_COMMA = re.compile(r",(?!\s*(?:Ltd|Limited|Inc|LLC|L\.L\.C|Co|Corp|JSC|GmbH|S\.A|PLC)\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Which columns of a table mean what. An empty name says that the table has no such column.

    ``newest`` names a column that holds the year of a yearly list: only the rows of its latest year are in force.
    ``commas`` says that a comma may part other names, except before a legal form.
    """

    first: str
    name: str
    aliases: Sequence[str]
    country: str = ""
    start: str = ""
    end: str = ""
    newest: str = ""
    remarks: Sequence[str] = ()
    commas: bool = False

    @property
    def header(self) -> set[str]:
        """The columns that must be there."""
        return {self.name, *self.aliases, *self.remarks, self.country, self.start, self.end, self.newest} - {""}


def is_table(table: Table, head: bytes) -> bool:
    """Whether a file begins with the table's header."""
    line = head.lstrip(b"\xef\xbb\xbf").split(b"\n", 1)[0].decode("utf-8", "replace")
    cells = [cell.strip() for cell in line.split(",")]
    return cells[0] == table.first and table.header <= set(cells)


def read_table(piece: Piece, table: Table, *, programme: str) -> Reading:
    """Read one table of organisations. A row that ended on or before the table's newest date is not in force."""
    rows = list(records_of(piece, table.first, table.header))
    latest = max((row[table.newest] for _, row in rows), default="") if table.newest else ""
    newest = max((day for _, row in rows for day in _days(row, table)), default=None)
    ignored: Counter[str] = Counter()
    drafts: dict[str, Draft] = {}
    for line, row in rows:
        if not row[table.name]:
            raise ListError("a row has no name", place=Place(piece.name, line), remedy="Download the file again")
        if table.newest and row[table.newest] != latest:
            ignored["of an earlier yearly list"] += 1
        elif _ended(row, table, newest):
            ignored["no longer listed"] += 1
        else:
            _gather(row, table, programme, drafts)
    listings = tuple(draft.listing() for draft in drafts.values())
    return Reading(listings=listings, published=newest, ignored=dict(ignored))


def _days(row: Mapping[str, str], table: Table) -> Iterator[date]:
    for column in filter(None, (table.start, table.end)):
        day = day_or_none(row[column])
        if day is not None:
            yield day


def _ended(row: Mapping[str, str], table: Table, newest: date | None) -> bool:
    """An end after every date the table knows is still to come."""
    end = day_or_none(row[table.end]) if table.end else None
    return end is not None and newest is not None and end <= newest


def _gather(row: Mapping[str, str], table: Table, programme: str, drafts: dict[str, Draft]) -> None:
    """Add a row to its entry; a party named again, with another date or other names, is one entry."""
    name = row[table.name].rstrip("*").strip()
    country = row[table.country] if table.country else ""
    entity_id = stable_id("ent", programme, name, country)
    draft = drafts.setdefault(entity_id, Draft(entity_id, kind=PartyKind.ORGANIZATION))
    draft.name([name], NameQuality.PRIMARY)
    draft.names += short_form(name)
    draft.names += (Name(text, NameQuality.STRONG) for column in table.aliases for text in _split(row[column], table))
    draft.countries.append(country_code(country) or "" if country else "")
    draft.programmes = [programme]
    draft.remarks += (row[column] for column in table.remarks)
    draft.listed_on = draft.listed_on or (day_or_none(row[table.start]) if table.start else None)


def _split(cell: str, table: Table) -> Iterator[str]:
    for part in cell.split(";"):
        pieces = _COMPANY_COMMA.split(part) if table.commas else (part,)
        yield from (piece.strip() for piece in pieces if piece.strip())
