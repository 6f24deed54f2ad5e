"""Reads JSON lines into rows of cells: one object a line, its known keys as columns, the others kept together."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from vedette.store.intake.csv_rows import CONTROL_FAULT, normal_name, require_columns
from vedette.store.intake.form import Form
from vedette.store.intake.source import Source, marked, shown
from vedette.store.intake.spool import NEWLINE, RETURN, SEPARATOR, Spool

_SHAPE_FAULT = (
    "|is not one JSON object of at most 100 levels on one line|Write each record as {...} on a line of its own"
)
_DEEPEST = 100
_TWICE = "the key stands twice in different spelling"


def spool_json(source: Source, form: Form, spool: Spool) -> None:
    """Read all records of a JSON lines file into the spool. Raises FileRefused for faults of the whole file."""
    reader = _Reader(source, form, spool)
    seen = False
    for line, body in source.blocks():
        reader.block(line, body)
        seen = seen or bool(body.strip())
    if not seen:
        raise source.refuse("the file is empty", remedy="Export it again; one without records is no export")
    spool.columns = (*(field.name for field in form.fields), "extra")
    spool.extra_ready = True
    spool.present = tuple(field.name for field in form.fields if field.name in reader.seen)
    spool.unknown = tuple(reader.unknown)
    if reader.records:
        require_columns(source, form, [*spool.present, *reader.unknown])


class _RowFault(Exception):
    """Why one record cannot be taken: ``field|reason|remedy``."""

    def __init__(self, field: str, reason: str, remedy: str) -> None:
        super().__init__(reason)
        self.told = f"{normal_name(field)[:100].replace('|', ' ')}|{reason}|{remedy}"


class _Reader:
    def __init__(self, source: Source, form: Form, spool: Spool) -> None:
        self._source = source
        self._spool = spool
        self._positions = {field.name: place for place, field in enumerate(form.fields)}
        self._places: dict[str, int | None] = {}
        self._width = len(form.fields) + 1
        self._decode = msgspec.json.Decoder(float_hook=str).decode
        self.unknown: dict[str, None] = {}
        self.seen: set[str] = set()
        self.records = 0

    def block(self, line: int, body: bytes) -> None:
        """Take whole lines."""
        sound: list[str] = []
        doubtful = marked(body.decode())
        for number, text in enumerate(body.split(b"\n"), line):
            if doubtful and (told := self._source.blemish(text.decode())):
                self._spool.fault(number, told, {}, {"_text": shown(text.decode())})
            elif text.strip():
                self._line(sound, number, text)
        self._spool.rows(sound)

    def _line(self, sound: list[str], line: int, text: bytes) -> None:
        try:
            record = self._decode(text)
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
            record = None
        if not isinstance(record, dict) or (text.count(b"[") + text.count(b"{") > _DEEPEST and _deep(record)):
            self._spool.fault(line, _SHAPE_FAULT, {}, {"_text": text.decode()})
            return
        self.records += 1
        try:
            row = SEPARATOR.join(self._cells(record))
        except _RowFault as fault:
            self._put_aside(line, fault.told, record)
            return
        if row.count(SEPARATOR) != self._width - 1 or NEWLINE in row or RETURN in row or "\x00" in row:
            self._put_aside(line, CONTROL_FAULT, record)
            return
        if "\n" in row or "\r" in row:
            row = self._spool.fold(row)
        sound.append(f"{line}{SEPARATOR}{row}")

    def _put_aside(self, line: int, told: str, record: dict[str, Any]) -> None:
        known = {key: value for key, value in record.items() if normal_name(key) in self._positions}
        self._spool.fault(line, told, known, {key: value for key, value in record.items() if key not in known})

    def _cells(self, record: dict[str, Any]) -> list[str]:
        cells = [""] * self._width
        extra: dict[str, Any] = {}
        for key, value in record.items():
            place = self._places[key] if key in self._places else self._place(key)
            if place is None:
                _keep(extra, key, value)
            elif cells[place]:
                raise _RowFault(key, _TWICE, "Keep one of them")
            else:
                cells[place] = value if type(value) is str else _as_text(key, value)
        if extra:
            self._note_unknown(extra)
            cells[-1] = json.dumps(extra, ensure_ascii=False, separators=(",", ":"))
        return cells

    def _place(self, key: str) -> int | None:
        place = self._positions.get(normal_name(key))
        if len(self._places) < self._source.limits.columns:
            self._places[key] = place
        if place is not None:
            self.seen.add(normal_name(key))
        return place

    def _note_unknown(self, extra: dict[str, Any]) -> None:
        for key in extra:
            self.unknown.setdefault(key)
        if len(self.unknown) > self._source.limits.columns:
            remedy = "Export only the columns described"
            raise self._source.refuse(f"has more than {self._source.limits.columns:,} columns", remedy=remedy)


def _keep(extra: dict[str, Any], key: str, value: Any) -> None:
    if key in ("_surplus", "_text"):
        remedy = "Put each cell under the name of its column, and remove this key"
        raise _RowFault(key, "was refused before and is not corrected yet", remedy)
    if value is not None and value != "":
        extra[key] = value


def _as_text(key: str, value: Any) -> str:
    if value is None:
        return ""
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, int):
        return _digits(key, value)
    raise _RowFault(key, "holds a list or an object", "Give one plain value, or let `vedette map` unfold the records")


def _digits(key: str, value: int) -> str:
    if value.bit_length() > 1024:
        raise _RowFault(key, "is a number of more than 300 digits", "Write it as text, or correct it")
    return str(value)


def _deep(record: dict[str, Any]) -> bool:
    """Whether a record nests deeper than is ever read."""
    level: list[Any] = [record]
    for _ in range(_DEEPEST):
        inner = [item for value in level for item in (value.values() if isinstance(value, dict) else value)]
        level = [item for item in inner if isinstance(item, dict | list)]
        if not level:
            return False
    return True
