"""Reads prospective customers from a file or standard input: CSV, one JSON object a line, or one JSON array or object."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from vedette.app.checks import Customer
from vedette.base import Place, VedetteError

_LARGEST = 256 * 1024 * 1024
_IDS = ("query_id", "account_id", "id")


class CustomersError(VedetteError):
    """The customers handed in cannot be read."""


def read_customers(data: bytes, name: str) -> tuple[Customer, ...]:
    """Customers in order. Raises CustomersError naming the line."""
    if len(data) > _LARGEST:
        raise CustomersError("is larger than 256 MiB", place=Place(name), remedy="Hand in smaller files")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise CustomersError(f"is not UTF-8 (byte {fault.start})", place=Place(name)) from None
    if not text.strip():
        raise CustomersError("is empty", place=Place(name), remedy="Give one customer a line")
    rows = _json_rows(text, name) if text.lstrip()[0] in "[{" else _csv_rows(text, name)
    return tuple(_customer(row, Place(name, line)) for line, row in rows)


def read_file(path: Path) -> bytes:
    """The bytes of a file. Raises CustomersError with the system's reason."""
    try:
        return path.read_bytes()
    except OSError as fault:
        raise CustomersError(f"cannot be read: {fault.strerror}", place=Place(str(path))) from None


def _csv_rows(text: str, name: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    reader = csv.DictReader(io.StringIO(text), strict=True)
    try:
        for row in reader:
            if None in row:
                raise CustomersError("has more cells than the header", place=Place(name, reader.line_num))
            yield reader.line_num, row
    except csv.Error as fault:
        raise CustomersError(str(fault), place=Place(name, reader.line_num)) from None


def _json_rows(text: str, name: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        yield from _json_lines(text, name)
        return
    for number, row in enumerate(whole if isinstance(whole, list) else [whole], start=1):
        yield number, _object(row, Place(name, number))


def _json_lines(text: str, name: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            try:
                row = json.loads(line)
            except (ValueError, RecursionError):
                raise CustomersError("is not JSON", place=Place(name, number)) from None
            yield number, _object(row, Place(name, number))


def _object(row: Any, place: Place) -> Mapping[str, Any]:
    if not isinstance(row, dict):
        raise CustomersError("is not an object of fields", place=place)
    return row


def _customer(row: Mapping[str, Any], place: Place) -> Customer:
    query_id = next((str(row[key]) for key in _IDS if row.get(key) not in (None, "")), f"line-{place.line}")
    owners = row.get("owners") or ()
    if not isinstance(owners, list | tuple) or not all(isinstance(owner, dict) for owner in owners):
        raise CustomersError("owners must be a list of objects", place=Place(place.file, place.line, "owners"))
    fields = {key: value for key, value in row.items() if key != "owners" and value not in (None, "")}
    return Customer(query_id, fields, tuple(owners))
