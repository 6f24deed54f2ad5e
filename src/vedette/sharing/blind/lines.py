"""Files of identifiers to ask about: CSV or JSON lines, one query a line, malformed lines kept in their place."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from vedette.base import Place, VedetteError
from vedette.sharing.blind.match import Query

_LARGEST = 256 * 1024 * 1024
_MOST = 1_000_000
_LONGEST = 4_000


class UnreadableFile(VedetteError):
    """A file of identifiers that must be refused whole."""


def read(path: Path) -> list[Query]:
    """The queries of a file, or of standard input for ``-``. Columns: kind (or type), value, country, ref.

    Raises UnreadableFile for a file that is too large, not UTF-8, or without the columns kind and value. A line that cannot
    be read becomes a query of an unknown kind, so that answers stay in step with lines.
    """
    text = _text(path)
    first = text.lstrip()[:1]
    found = _json_lines(text) if first == "{" else _table(text, path)
    if len(found) > _MOST:
        raise UnreadableFile(f"has more than {_MOST:,} lines", place=Place(str(path)), remedy="Split it")
    return found


def _text(path: Path) -> str:
    try:
        with sys.stdin.buffer if str(path) == "-" else path.open("rb") as file:
            data = file.read(_LARGEST + 1)
        if len(data) > _LARGEST:
            raise UnreadableFile("is too large", place=Place(str(path)), remedy="Split it")
        return data.decode("utf-8-sig")
    except OSError as fault:
        raise UnreadableFile(f"cannot be read: {fault.strerror}", place=Place(str(path))) from None
    except UnicodeDecodeError:
        raise UnreadableFile("is not UTF-8", place=Place(str(path)), remedy="Save it as UTF-8") from None


def _json_lines(text: str) -> list[Query]:
    found = []
    for line in text.split("\n"):
        if not line.strip():
            continue
        try:
            value = json.loads(line) if len(line) <= _LONGEST else None
        except (ValueError, RecursionError):
            value = None
        found.append(_query(value) if isinstance(value, dict) else Query("", ""))
    return found


def _table(text: str, path: Path) -> list[Query]:
    try:
        rows = csv.DictReader(io.StringIO(text, newline=""), strict=False)
        names = {name.strip().lower() for name in rows.fieldnames or ()}
        if "value" not in names or not names & {"kind", "type"}:
            raise UnreadableFile(
                "has no columns kind and value", place=Place(str(path), 1), remedy="Begin with: kind,value,country,ref"
            )
        return [_query({str(name).strip().lower(): value for name, value in row.items()}) for row in rows]
    except csv.Error:
        raise UnreadableFile("is no CSV", place=Place(str(path)), remedy="Begin with: kind,value,country,ref") from None


def _query(row: Mapping[str, object]) -> Query:
    kind, value, country, ref = (
        _field(row, *names) for names in (("kind", "type"), ("value",), ("country",), ("ref",))
    )
    return Query(kind.lower(), value, country, ref)


def _field(row: Mapping[str, object], *names: str) -> str:
    texts: Iterable[object] = (row.get(name) for name in names)
    found = next((text for text in texts if isinstance(text, str) and text.strip()), "")
    return found.strip()[:_LONGEST]
