"""CSV: one object a row, every field a column; cells that a spreadsheet would run begin with an apostrophe, taken off again."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from vedette.sharing.model import INDICATORS, Basis, Kind, Marking, Reading, Refused, Shared, ShareError, Tier, Writer
from vedette.sharing.patterns import fit
from vedette.sharing.values import LONGEST_TITLE, MOST_REFS, Unfit, clean, moment, object_id, word

CAPTION = "CSV table, safe to open in a spreadsheet"
SUFFIX = "csv"
MEDIA_TYPE = "text/csv;charset=utf-8"
KINDS = frozenset(Kind)
COLUMNS = (
    *("id", "kind", "value", "title", "description", "marking", "valid_from", "valid_until", "tier", "basis"),
    *("origin_id", "origin", "confidence", "family", "citation", "refs", "relation", "count", "first_seen"),
    *("last_seen", "appeal", "created", "modified", "recalled", "recall_reason"),
)
HOLDS = frozenset(COLUMNS)
_NEEDED = ("kind", "value", "marking", "valid_until")
_RISKY = tuple("=+-@|%＝＋－＠'")
_LONGEST_CELL = 120_000
MOST_OBJECTS = 500_000


def write(objects: Sequence[Shared], writer: Writer) -> bytes:
    """The table with its head; lists are joined with blanks."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(COLUMNS)
    for item in objects:
        table.writerow([_safe(_cell(getattr(item, name))) for name in COLUMNS])
    return out.getvalue().encode()


def _cell(held: object) -> str:
    if isinstance(held, bool):
        return "true" if held else ""
    if isinstance(held, tuple):
        return " ".join(held)
    return "" if held is None else str(held)


def _safe(text: str) -> str:
    return f"'{text}" if text.lstrip().startswith(_RISKY) or text[:1] in ("\t", "\r", "\n") else text


def recognises(head: bytes) -> bool:
    """Whether the first line names the needed columns."""
    line = head.removeprefix(b"\xef\xbb\xbf").partition(b"\n")[0].decode("utf-8", "replace")
    found = [cell.strip() for cell in line.split(",")]
    return all(name in found for name in _NEEDED)


def read(data: bytes) -> Reading:
    """Rows as objects. Raises ShareError where the file is no such table."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ShareError("is no UTF-8 text", remedy="Save it as CSV UTF-8") from None
    objects: dict[str, Shared] = {}
    refused: list[Refused] = []
    for line, row in _rows(text):
        try:
            item = _item(row)
            if item.id in objects:
                raise Unfit("the id stands twice")
            objects[item.id] = item
        except Unfit as fault:
            refused.append(Refused(f"line {line}", str(fault)))
    return Reading(objects=tuple(objects.values()), refused=tuple(refused))


def _rows(text: str) -> list[tuple[int, dict[str, str]]]:
    table = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    csv.field_size_limit(_LONGEST_CELL)
    found: list[tuple[int, dict[str, str]]] = []
    try:
        missing = [name for name in _NEEDED if name not in (table.fieldnames or ())]
        if missing:
            raise ShareError(f"has no column {', '.join(missing)}", remedy=f"Columns: {', '.join(COLUMNS)}")
        for row in table:
            if len(found) >= MOST_OBJECTS:
                raise ShareError(f"holds more than {MOST_OBJECTS:,} rows", remedy="Ask for several smaller files")
            found.append((table.line_num, row))
    except csv.Error:
        raise ShareError(
            f"is no CSV table at line {table.line_num:,}", remedy="Quote cells that hold commas, quotes or line ends"
        ) from None
    return found


def _item(row: Mapping[str, Any]) -> Shared:
    if None in row or any(cell is None for cell in row.values()):
        raise Unfit("the row has more or fewer cells than the head")
    given = {name: str(row.get(name) or "").removeprefix("'") for name in COLUMNS}
    kind = word(Kind, given["kind"], "kind")
    text = fit(kind, given["value"]) if kind in INDICATORS or kind is Kind.TYPOLOGY else ""
    start, until = (
        moment(given["valid_from"] or given["created"], "valid_from"),
        moment(given["valid_until"], "valid_until"),
    )
    if until <= start:
        raise Unfit("valid_until does not lie after valid_from")
    created = moment(given["created"] or start, "created")
    tier = word(Tier, given["tier"] or "A", "tier")
    if tier is not Tier.OPEN:
        raise Unfit("not of the open tier: named disclosure does not come this way")
    return Shared(
        id=object_id(given["id"]),
        kind=kind,
        value=text,
        created=created,
        modified=moment(given["modified"] or created, "modified"),
        valid_from=start,
        valid_until=until,
        marking=word(Marking, given["marking"], "marking"),
        basis=word(Basis, given["basis"] or Basis.UNSTATED, "basis"),
        **_texts(given),
        **_numbers(given),
        refs=_refs(given["refs"]),
        citation=tuple(clean(cited, 60) for cited in given["citation"].split()[:50]),
        recalled=given["recalled"] == "true",
    )


def _texts(given: Mapping[str, str]) -> dict[str, Any]:
    most = {"title": LONGEST_TITLE, "origin": LONGEST_TITLE, "appeal": LONGEST_TITLE, "recall_reason": LONGEST_TITLE}
    most |= {"family": 60, "relation": 60, "description": 5_000}
    found: dict[str, Any] = {name: clean(given[name], size) for name, size in most.items()}
    found["origin_id"] = object_id(given["origin_id"], "identity") if given["origin_id"] else ""
    for name in ("first_seen", "last_seen"):
        found[name] = moment(given[name], name) if given[name] else ""
    return found


def _numbers(given: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, int | None] = {}
    for name, most in (("confidence", 100), ("count", 999_999_999)):
        text = given[name]
        if text and not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) <= most):
            raise Unfit(f"{name} is no whole number from 0 to {most:,}")
        found[name] = int(text) if text else None
    return found


def _refs(text: str) -> tuple[str, ...]:
    found = text.split()
    if len(found) > MOST_REFS:
        raise Unfit(f"more than {MOST_REFS:,} references")
    return tuple(map(object_id, found))
