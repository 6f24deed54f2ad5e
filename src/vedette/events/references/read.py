"""Range lists in the forms they are published in: CSV, CIDR and AS number texts, MISP warning lists."""

from __future__ import annotations

import csv
import fnmatch
import ipaddress
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import PurePosixPath

from vedette.base import Place
from vedette.events.references.builtin import known_lists
from vedette.events.references.model import LISTED_CLASSES, Kind, RangeListError, RangeRows, ReadList
from vedette.events.references.unpack import Content

_SYSTEM = re.compile(r"^AS(\d{1,10})$", re.IGNORECASE)
_CODE = re.compile(r"^[A-Z]{2}$")
_STARTS = ("start", "s", "start_ip", "ip_start", "range_start", "first")
_ENDS = ("end", "e", "end_ip", "ip_end", "range_end", "last")
_COUNTRIES = ("country", "cc", "country_code")
_SYSTEMS = ("asn", "as_number", "autonomous_system_number")
_HOLDERS = ("as_name", "org", "as_org", "organization", "autonomous_system_organization")
_CLASS = ("class", "ip_class")
_EXPIRES = ("expires", "expires_on", "valid_to", "valid_until")
_MOST_DAYS = 400
_CIDRS = ("cidr", "network", "prefix", "ip", "range")
_LAST_NUMBER = 2**32 - 1
#: Between a list's name and the day in the name of those of its ranges that expire on it.
UNTIL = " until "
_READABLE = (".csv", ".txt", ".json", ".netset", ".list")


def read_content(content: Content, kind: str = "") -> list[ReadList]:
    """Every list in one plain file. ``kind`` (country, asn or a class) settles what the file does not tell.

    An unknown sort of file gives nothing; a known sort that cannot be read raises RangeListError.
    """
    stem, ending = PurePosixPath(content.name).stem, PurePosixPath(content.name).suffix.lower()
    if ending not in _READABLE or stem.endswith("-num") or stem in ("package", "package-lock"):
        return []
    try:
        text = content.data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise RangeListError(f"is not UTF-8: {fault.reason}", place=Place(content.name)) from None
    if ending == ".json":
        return _warning_list(content.name, stem, text, kind)
    lines = text.splitlines()
    if ending == ".csv" and "," in next((line for line in lines if line.strip()), ""):
        return _table(stem, csv.reader(lines), kind, content.name)
    return _plain(stem, lines, kind, content.name)


def from_rows(stem: str, header: Sequence[str], rows: Iterable[Sequence[str]], kind: str, file: str) -> list[ReadList]:
    """The lists in a table with named columns: country, AS number and class may stand side by side."""
    columns = {name.strip().lower(): number for number, name in enumerate(header)}
    start, end = _column(columns, _STARTS), _column(columns, _ENDS)
    if start is None or end is None:
        start = end = _column(columns, _CIDRS)
    if start is None or end is None:
        raise RangeListError("has no columns start and end", place=Place(file, 1), remedy="Name them start,end")
    found = _Sides(stem, columns, kind, file)
    for number, row in enumerate(rows, 2):
        if len(row) >= len(columns):
            first, last = ends_of(row[start], row[end])
            found.add(first, last, row, number)
    return found.lists()


class _Sides:
    """Collects the lists of one table, one per column that tells something and day on which ranges expire."""

    def __init__(self, stem: str, columns: dict[str, int], kind: str, file: str) -> None:
        self._stem, self._file = stem, file
        self._expires = _column(columns, _EXPIRES)
        self._country, self._system = _column(columns, _COUNTRIES), _column(columns, _SYSTEMS)
        self._holder, self._class = _column(columns, _HOLDERS), _column(columns, _CLASS)
        self._fixed = ""
        if self._country is None and self._system is None and self._class is None:
            self._fixed = class_of(stem, kind, file)
        self._rows: dict[tuple[Kind, str], RangeRows] = {}

    def add(self, first: str, last: str, row: Sequence[str], number: int) -> None:
        """One row into each list it has something for."""
        day = self._day(row, number)
        if self._country is not None and _CODE.match(code := row[self._country].strip().upper()):
            self._of(Kind.COUNTRY, day).add(first, last, code)
        if self._system is not None and (label := system_label(row[self._system], self._named(row))):
            self._of(Kind.ASN, day).add(first, last, label)
        ip_class = self._fixed or (row[self._class].strip().lower() if self._class is not None else "")
        if ip_class in LISTED_CLASSES:
            self._of(Kind.CLASS, day).add(first, last, ip_class)

    def _of(self, kind: Kind, day: str) -> RangeRows:
        if (kind, day) not in self._rows and len(self._rows) >= _MOST_DAYS:
            problem = f"names more than {_MOST_DAYS} days on which ranges expire"
            raise RangeListError(problem, place=Place(self._file), remedy="Round the days to months")
        return self._rows.setdefault((kind, day), RangeRows())

    def _day(self, row: Sequence[str], number: int) -> str:
        """The last day of a row, or empty; a day that cannot be read must not make a range count for ever."""
        text = row[self._expires].strip() if self._expires is not None else ""
        if not text:
            return ""
        try:
            return date.fromisoformat(text[:10]).isoformat()
        except ValueError:
            raise RangeListError(
                f"{text[:40]!r} is no day", place=Place(self._file, number, "expires"), remedy="Write 2026-12-31"
            ) from None

    def _named(self, row: Sequence[str]) -> str:
        return row[self._holder] if self._holder is not None else ""

    def lists(self) -> list[ReadList]:
        """What was collected."""
        ordered = sorted(self._rows.items(), key=lambda pair: (list(Kind).index(pair[0][0]), pair[0][1]))
        return [
            ReadList(f"{self._stem}{UNTIL}{day}" if day else self._stem, kind, rows, expires=day)
            for (kind, day), rows in ordered
        ]


def system_label(number: str, holder: str) -> str:
    """The label of an AS range: number and holder, or empty where the number is none."""
    digits = number.strip().upper().removeprefix("AS")
    if not digits.isascii() or not digits.isdigit() or not 0 < int(digits) <= _LAST_NUMBER:
        return ""
    return f"{int(digits)}\t{' '.join(holder.split())}"


def ends_of(first: str, last: str) -> tuple[str, str]:
    """Both ends of a range as addresses; a CIDR stands for its ends, a whole number for an IPv4 address."""
    first, last = first.strip(), last.strip()
    if "/" in first:
        try:
            network = ipaddress.ip_network(first, strict=False)
        except ValueError:
            return first, last
        return str(network[0]), str(network[-1])
    return _dotted(first), _dotted(last)


def _dotted(text: str) -> str:
    if text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= _LAST_NUMBER:
        return str(ipaddress.IPv4Address(int(text)))
    return text


def class_of(stem: str, kind: str, file: str) -> str:
    """The class a list without a class column gives: as told, else as known of its name."""
    if kind:
        if kind not in LISTED_CLASSES:
            raise RangeListError(f"kind {kind!r} does not fit", place=Place(file), remedy=_remedy())
        return kind
    for known in known_lists():
        if fnmatch.fnmatch(stem.lower(), known.pattern):
            return known.ip_class
    raise RangeListError("does not say what its ranges are", place=Place(file), remedy=_remedy())


def _remedy() -> str:
    return f"Give --kind with one of: {', '.join(sorted(LISTED_CLASSES))}, country, asn"


def _column(columns: dict[str, int], names: tuple[str, ...]) -> int | None:
    return next((columns[name] for name in names if name in columns), None)


def _table(stem: str, rows: Iterator[list[str]], kind: str, file: str) -> list[ReadList]:
    first = next(row for row in rows if row)
    if _is_header(first):
        return from_rows(stem, first, rows, kind, file)
    headers = {3: ["start", "end", "country"], 4: ["start", "end", "asn", "org"], 2: ["start", "end"]}
    if kind == Kind.ASN and len(first) == 3:
        headers[3] = ["start", "end", "asn"]
    if len(first) not in headers:
        raise RangeListError(f"has {len(first)} columns and no header", place=Place(file, 1), remedy="Name the columns")
    return from_rows(stem, headers[len(first)], _again(first, rows), kind, file)


def _again(first: list[str], rest: Iterable[list[str]]) -> Iterator[list[str]]:
    yield first
    yield from rest


def _is_header(row: Sequence[str]) -> bool:
    return row[0].strip().lower() in {*_STARTS, *_CIDRS}


def _plain(stem: str, lines: Iterable[str], kind: str, file: str) -> list[ReadList]:
    """A text of CIDR ranges, addresses or AS numbers, one a line, comments after # or ;."""
    entries = [entry for line in lines if (entry := re.split(r"[#;,\s]", line.strip(), maxsplit=1)[0])]
    return _entries(stem, entries, kind, file)


def _entries(stem: str, entries: Sequence[str], kind: str, file: str) -> list[ReadList]:
    if not entries:
        raise RangeListError("holds no ranges", place=Place(file), remedy="Check the file; the list in force stays")
    ip_class = class_of(stem, kind, file)
    ranges, systems = RangeRows(), RangeRows()
    for entry in entries:
        if match := _SYSTEM.match(entry):
            if 0 < int(match[1]) <= _LAST_NUMBER:
                systems.add(match[1], match[1], ip_class)
        else:
            ranges.add(*ends_of(entry, entry), ip_class)
    both = ((Kind.CLASS, ranges), (Kind.ASN_CLASS, systems))
    return [ReadList(stem, sort, rows) for sort, rows in both if rows.starts]


def _warning_list(file: str, stem: str, text: str, kind: str) -> list[ReadList]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise RangeListError("is not JSON", place=Place(file), remedy="Fetch the file again") from None
    entries = value.get("list") if isinstance(value, dict) else None
    if not isinstance(entries, list) or not all(isinstance(entry, str) for entry in entries):
        raise RangeListError("is no MISP warning list", place=Place(file), remedy="It needs a list of ranges")
    version = str(value.get("version", ""))[:40]
    return [ReadList(item.name, item.kind, item.rows, version) for item in _entries(stem, entries, kind, file)]
