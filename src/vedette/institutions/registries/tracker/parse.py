"""Reads a user's table of institutions."""

from __future__ import annotations

import csv
import io

from vedette.institutions.model import Organisation, Reading, Refused, refuse

_NEEDED = ("id", "name")
_OPTIONAL = ("aliases", "acronyms", "country", "city", "domains", "postcodes", "parents", "source", "concern")


def recognise(name: str, head: bytes) -> bool:
    """Whether the first line is a header with the columns id, name and at least one more of this table."""
    first = head.removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0].decode("utf-8", "replace").strip()
    columns = [cell.strip().strip('"').casefold() for cell in first.split(",")]
    return set(_NEEDED) <= set(columns) and set(columns) <= {*_NEEDED, *_OPTIONAL} and len(columns) > len(_NEEDED)


def parse(name: str, data: bytes) -> Reading:
    """One organisation a row. Raises InstitutionError for an encoding other than UTF-8; rows without id or name are refused."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        raise refuse(f"is not UTF-8 (byte 0x{data[fault.start]:02x})", name, line, "Save the table as UTF-8") from None
    found: dict[str, Organisation] = {}
    refused: list[Refused] = []
    rows = csv.DictReader(io.StringIO(text.replace("\0", "\N{REPLACEMENT CHARACTER}"), newline=""))
    rows.fieldnames = [column.strip().casefold() for column in rows.fieldnames or ()]
    try:
        for row in rows:
            organisation = _organisation({key: cell for key, cell in row.items() if isinstance(cell, str) and key})
            if organisation is None or organisation.id in found:
                refused.append(
                    Refused(rows.line_num, "has no id or no name" if organisation is None else "repeats an id")
                )
            else:
                found[organisation.id] = organisation
    except csv.Error as fault:
        raise refuse(f"is no CSV: {fault}", name, rows.line_num, "Save the table as CSV") from None
    return Reading(organisations=tuple(found.values()), refused=tuple(refused))


def _organisation(row: dict[str, str]) -> Organisation | None:
    own, name = row.get("id", "").strip(), row.get("name", "").strip()
    if not own or not name:
        return None

    def several(column: str) -> tuple[str, ...]:
        return tuple(part.strip() for part in row.get(column, "").split(";") if part.strip())

    country = row.get("country", "").strip().upper()
    return Organisation(
        id=own,
        names=(name, *several("aliases")),
        acronyms=several("acronyms"),
        country=country if len(country) == 2 else "",
        cities=several("city"),
        domains=several("domains"),
        postcodes=several("postcodes"),
        parents=several("parents"),
        source=row.get("source", "").strip(),
        concern=row.get("concern", "").strip(),
    )
