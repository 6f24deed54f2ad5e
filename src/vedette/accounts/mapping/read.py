"""Reads a mapping back, strictly: an unknown key, table, column, zone or format is an error naming file and line."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import available_timezones

from vedette.accounts.mapping.model import ASK, KINDS, ColumnMapping, FileMapping, Mapping, MappingError
from vedette.accounts.mapping.targets import targets
from vedette.accounts.zones import zone_name
from vedette.base import ContentError, Place, Record, read_record, unique

_LARGEST = 4 * 1024 * 1024
_NONE = "none"
_QUOTE = "Put it in quotes: YAML reads No, 12 and 2026-01-31 as something else than text"
_MOMENT = datetime(2001, 12, 31, 23, 58)
_FORMATS = ("iso", "epoch_s", "epoch_ms", "epoch_us", ASK)


def read_mapping(path: Path) -> Mapping:
    """Read a mapping file. Raises MappingError or ContentError with the place and the remedy."""
    try:
        if path.stat().st_size > _LARGEST:
            raise MappingError("is larger than 4 MiB", place=Place(str(path)))
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise MappingError(f"cannot be read: {fault}", place=Place(str(path))) from None
    return mapping_of(text, str(path))


def mapping_of(text: str, file: str) -> Mapping:
    """Read the text of a mapping."""
    record = read_record(text, file)
    where = record.place("version")
    if record.take_int("version") != 1:
        raise ContentError("is of an unknown version", place=where, remedy="Make it anew with `vedette map`")
    records = record.take_records("files")
    record.finish()
    found = tuple(_file(item) for item in records)
    unique(((item.file, each.place("file")) for item, each in zip(found, records, strict=True)), "file")
    return Mapping(found)


def _file(item: Record) -> FileMapping:
    file = item.take_text("file")
    table = item.take_choice("table", (_NONE, *targets()))
    if table == _NONE:
        why = item.take_text("why", "left alone")
        item.finish()
        return FileMapping(file=file, why=why)
    zone = _zone(item)
    confirmed = item.take_bool("zone_confirmed", True)
    records = item.take_records("columns")
    columns = tuple(_column(each, table) for each in records)
    unique(((column.target, each.place()) for column, each in zip(columns, records, strict=True)), "column")
    _complete(item, table, columns)
    item.finish()
    return FileMapping(file=file, table=table, zone=zone, zone_confirmed=confirmed, columns=columns)


def _zone(item: Record) -> str:
    where = item.place("zone")
    given = item.take_text("zone", "")
    name = zone_name(given) if given else ""
    if name and name not in available_timezones():
        raise ContentError(f"{given!r} is no time zone", place=where, remedy="Write for example Europe/Berlin or UTC")
    return name


def _complete(item: Record, table: str, columns: tuple[ColumnMapping, ...]) -> None:
    given = {column.target for column in columns}
    for target in targets()[table]:
        if target.need == "required" and target.column not in given:
            raise ContentError(
                f"{table} needs the column {target.column}", place=item.place(), remedy="Map it, or write table: none"
            )


def _column(item: Record, table: str) -> ColumnMapping:
    target = item.take_choice("to", [each.column for each in targets()[table]])
    source, constant = item.take_text("from", "", _QUOTE), item.take_text("constant", "", _QUOTE)
    kind = item.take_choice("as", KINDS, "text")
    form, decimal = _format(item, kind), _decimal(item, kind)
    values = tuple(map(_pair, item.take_records("values", optional=True)))
    item.finish()
    if not source and not constant and kind != "row":
        raise ContentError(f"{target} has neither from nor constant", place=item.place(), remedy="Name your column")
    return ColumnMapping(
        target=target, source=source, constant=constant, kind=kind, format=form, decimal=decimal, values=values
    )


def _format(item: Record, kind: str) -> str:
    where = item.place("format")
    given = item.take_text("format", "iso" if kind in ("time", "day") else "")
    if given and given not in _FORMATS and not _is_strptime(given):
        remedy = f"One of: {', '.join(_FORMATS)}, or strptime letters such as %d.%m.%Y %H:%M"
        raise ContentError(f"{given!r} is no form of time", place=where, remedy=remedy)
    return given


def _is_strptime(form: str) -> bool:
    """Whether a form names at least a day, a month and a year, and reads back what it writes."""
    try:
        return datetime.strptime(_MOMENT.strftime(form), form).date() == _MOMENT.date()
    except ValueError:
        return False


def _decimal(item: Record, kind: str) -> str:
    return item.take_choice("decimal", (".", ",", ASK), "." if kind == "number" else None) if _has(item, kind) else ""


def _has(item: Record, kind: str) -> bool:
    return kind == "number" or item.has("decimal")


def _pair(item: Record) -> tuple[str, str]:
    pair = item.take_text("theirs", remedy=_QUOTE), item.take_text("ours", remedy=_QUOTE)
    item.finish()
    return pair
