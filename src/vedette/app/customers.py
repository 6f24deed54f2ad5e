"""Reads prospective customers from a file or standard input: CSV, one JSON object a line, or one JSON array or object.

A row that cannot be read is a fault of its own; the others go on. A file in which nothing can be read is refused whole.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NoReturn, TypeAlias

from vedette.accounts.exclusion import allowed, is_excluded
from vedette.app.checks import Customer
from vedette.base import Place, VedetteError, canonical_json

_LARGEST = 256 * 1024 * 1024
_LONGEST_ROW = 4 * 1024 * 1024
_IDS = ("query_id", "account_id", "id")
#: Fields of a sign-up beyond ``accounts.*``: how the customer pays (KYC-01, KYC-03).
_PAYMENT = ("wallet", "payer_name", "payer_country", "instrument_kind", "extra")


class CustomersError(VedetteError):
    """The customers handed in, or one row of them, cannot be read."""


Row: TypeAlias = Customer | CustomersError
_Raw: TypeAlias = tuple[int, Mapping[str, Any] | CustomersError]


def read_customers(data: bytes, name: str) -> tuple[Row, ...]:
    """A customer or a fault for every row, in order. Raises CustomersError where the file as a whole cannot be read."""
    if len(data) > _LARGEST:
        raise CustomersError("is larger than 256 MiB", place=Place(name), remedy="Hand in smaller files")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise CustomersError(f"is not UTF-8 (byte {fault.start})", place=Place(name)) from None
    if not text.strip():
        raise CustomersError("is empty", place=Place(name), remedy="Give one customer a line")
    raw = _json_rows(text, name) if _looks_like_json(text) else _csv_rows(text, name)
    rows = tuple(_row(line, found, name) for line, found in raw)
    faults = [row for row in rows if isinstance(row, CustomersError)]
    if len(faults) == len(rows):
        raise faults[0] if faults else CustomersError("holds no customer", place=Place(name))
    return rows


def read_customer(fields: Mapping[str, Any], name: str = "customer") -> Customer:
    """One customer from fields that are already parsed, such as a request's body. Raises CustomersError."""
    return _customer(fields, Place(name, 1))


def read_file(path: Path) -> bytes:
    """The bytes of a file. Raises CustomersError with the system's reason."""
    try:
        return path.read_bytes()
    except OSError as fault:
        raise CustomersError(f"cannot be read: {fault.strerror}", place=Place(str(path))) from None


def parse_json(text: str) -> Any:
    """JSON without the words NaN and Infinity. Raises ValueError, also for what is nested beyond reason."""
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except RecursionError:
        raise ValueError("is nested too deeply") from None


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is no JSON number")


def _looks_like_json(text: str) -> bool:
    """By the first character; a broken first line before lines of JSON objects does not turn them into CSV."""
    if text.lstrip()[0] in "[{":
        return True
    lines = [line for line in text[:_LONGEST_ROW].splitlines()[1:3] if line.strip()]
    return bool(lines) and all(line.lstrip().startswith("{") for line in lines)


# -- rows


def _csv_rows(text: str, name: str) -> Iterator[_Raw]:
    reader = csv.DictReader(io.StringIO(text), strict=True)
    try:
        header = [column for column in reader.fieldnames or () if column]
        if len(header) != len(set(header)):
            raise CustomersError("names a column twice", place=Place(name, 1), remedy="Give each column its own name")
        for row in reader:
            place = Place(name, reader.line_num)
            yield reader.line_num, CustomersError("has more cells than the header", place=place) if None in row else row
    except csv.Error as fault:
        # After such a fault nobody knows where the next row begins.
        raise CustomersError(str(fault), place=Place(name, reader.line_num)) from None


def _json_rows(text: str, name: str) -> Iterator[_Raw]:
    try:
        whole = parse_json(text)
    except ValueError:
        yield from _json_lines(text, name)
        return
    for number, row in enumerate(whole if isinstance(whole, list) else [whole], start=1):
        yield number, _object(row, Place(name, number))


def _json_lines(text: str, name: str) -> Iterator[_Raw]:
    # By line feeds only: the line separators of Unicode may stand inside a JSON text.
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        place = Place(name, number)
        if len(line) > _LONGEST_ROW:
            yield number, CustomersError("is longer than 4 MiB", place=place)
            continue
        try:
            yield number, _object(parse_json(line), place)
        except ValueError:
            yield number, CustomersError("is not JSON", place=place, remedy="Write one JSON object a line")


def _object(row: Any, place: Place) -> Mapping[str, Any] | CustomersError:
    return row if isinstance(row, dict) else CustomersError("is not an object of fields", place=place)


def _row(line: int, raw: Mapping[str, Any] | CustomersError, name: str) -> Row:
    if isinstance(raw, CustomersError):
        return raw
    try:
        return _customer(raw, Place(name, line))
    except CustomersError as fault:
        return fault


# -- one customer


def _customer(row: Mapping[str, Any], place: Place) -> Customer:
    _must_be_writable(row, place)
    query_id = next((str(row[key]) for key in _IDS if row.get(key) not in (None, "")), f"line-{place.line}")
    owners = row.get("owners") or ()
    if not isinstance(owners, list | tuple) or not all(isinstance(owner, dict) for owner in owners):
        raise CustomersError("owners must be a list of objects", place=Place(place.file, place.line, "owners"))
    filled = {key: value for key, value in row.items() if key != "owners" and value not in (None, "")}
    extra = filled.get("extra")
    columns = {*filled, *(key for owner in owners for key in owner), *(extra if isinstance(extra, Mapping) else ())}
    return Customer(
        query_id,
        _known_apart(allowed(filled)),
        tuple(allowed(owner) for owner in owners),
        tuple(sorted(filter(is_excluded, columns))),
    )


def _must_be_writable(row: Mapping[str, Any], place: Place) -> None:
    try:
        data = canonical_json(row)
    except (ValueError, TypeError, RecursionError):
        raise CustomersError(
            "holds half a character, or a number too large", place=place, remedy="Write UTF-8 and ordinary numbers"
        ) from None
    if len(data) > _LONGEST_ROW:
        raise CustomersError("is longer than 4 MiB", place=place)


@cache
def _known() -> frozenset[str]:
    from vedette.accounts.forms import ACCOUNTS

    return frozenset((*(field.name for field in ACCOUNTS.fields), *_IDS, *_PAYMENT))


def _known_apart(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Unknown fields moved under ``extra``, where the presence check reads whatever they say."""
    known = {key: value for key, value in fields.items() if key in _known()}
    unknown = {key: value for key, value in fields.items() if key not in _known()}
    held = known.get("extra")
    if unknown:
        known["extra"] = {**(held if isinstance(held, Mapping) else {"extra": held} if held else {}), **unknown}
    return known
