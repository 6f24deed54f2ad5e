"""Takes the records out of billing exports: JSON as for logs, CSV with the names of its columns made plain."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from vedette.events.billing.discover import BillingAdapter
from vedette.events.records import Item, records
from vedette.store.intake import Limits, Source, blemish, marked

_REMEDY = "Export it again as CSV in UTF-8 with the names of the columns in the first line"


def billing_records(path: Path, adapter: BillingAdapter) -> Iterator[Item]:
    """Every record of one file with the line where it ends, or a fault. Raises FileRefused for a file that cannot be followed."""
    return records(path, adapter) if adapter.form == "json" else _csv(path)


def _csv(path: Path) -> Iterator[Item]:
    source = Source(path, Limits(), hashed=False)
    reader = csv.reader(_lines(source), strict=True)
    try:
        names = tuple(plain(name) for name in next(reader, []))
    except csv.Error as fault:
        raise source.refuse(f"has no readable header: {fault}", line=1, remedy=_REMEDY) from None
    if not names or len(set(names)) < len(names):
        raise source.refuse("has no header, or two columns of one name", line=1, remedy=_REMEDY)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as fault:
            yield Item(reader.line_num, None, b"", f"is no CSV: {fault}")
            continue
        if cells:
            yield _row(reader.line_num, names, cells)


def _lines(source: Source) -> Iterator[str]:
    for _, body in source.blocks():
        for line in body.decode().split("\n"):
            yield line + "\n"


def _row(line: int, names: tuple[str, ...], cells: list[str]) -> Item:
    text = ",".join(cells)
    if marked(text) and (told := blemish(text, Limits().line)):
        return Item(line, None, text.encode(), told.split("|")[1])
    if len(cells) != len(names):
        return Item(line, None, text.encode(), f"has {len(cells)} cells under {len(names)} columns")
    return Item(line, dict(zip(names, (cell.strip() for cell in cells), strict=True)), text.encode())


def plain(name: str) -> str:
    """A column's name in small letters, letters and digits only: ``Amount In`` is ``amountin``."""
    return "".join(letter for letter in name.lower() if letter.isalnum())
