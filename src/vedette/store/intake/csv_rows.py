"""Splits CSV text into rows of cells, each with the line where it begins; rows that are no sound CSV are put aside.

Lines without quotes are split in bulk; only quoted ones pass through a CSV reader. A quote that is never closed costs its own
line, not the rest of the file.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence

from vedette.store.intake.form import Form
from vedette.store.intake.source import Source, marked, shown
from vedette.store.intake.spool import MARK, NEWLINE, RESERVED, RETURN, SEPARATOR, Spool

_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_NEEDS_READER = tuple(mark.encode() for mark in ('"', "\r", *RESERVED))
_QUOTE_REMEDY = 'Write the cell in quotes and each quote inside it as ""'
_QUOTE_FAULT = f"|quotes are not closed or not doubled|{_QUOTE_REMEDY}"
CONTROL_FAULT = "|a cell holds a control character|Remove characters below U+0020 from the row"


class _StrayQuote(Exception):
    """A row runs on into the next line although its first line closes what it opens."""


def spool_csv(source: Source, form: Form, spool: Spool) -> None:
    """Read all rows of a CSV file into the spool. Raises FileRefused for faults of the whole file."""
    blocks = source.blocks()
    header, delimiter, first_line, rest = _header(source, form, blocks)
    spool.columns = name_columns(source, form, header)
    known = {field.name for field in form.fields}
    spool.present = tuple(name for name in spool.columns if name in known)
    spool.unknown = tuple(name for name in spool.columns if name not in known)
    splitter = _Splitter(source, spool, delimiter)
    if rest:
        splitter.block(first_line, rest)
    for line, body in blocks:
        splitter.block(line, body)
    splitter.finish()


def normal_name(text: str) -> str:
    """A column name as forms write it: lower case, blanks and dashes as underscores."""
    return re.sub(r"[\s\-]+", "_", text.strip().strip("\ufeff").casefold())


def name_columns(source: Source, form: Form, header: Sequence[str]) -> tuple[str, ...]:
    """Names for all columns of a header: those of the form where they fit, unique ones elsewhere."""
    if len(header) > source.limits.columns:
        raise source.refuse(f"has {len(header):,} columns", line=1, remedy="Export only the columns described")
    known = {field.name for field in form.fields}
    names: list[str] = []
    for position, text in enumerate(header, 1):
        name = normal_name(text)
        if name in known and name in names:
            raise source.refuse(f"names the column {name!r} twice", line=1, field=name, remedy="Keep one of them")
        wanted = name if name in known else (text.strip() or f"column_{position}")
        names.append(wanted if wanted not in names else f"{wanted}_{position}")
    require_columns(source, form, names)
    return tuple(names)


def require_columns(source: Source, form: Form, names: Sequence[str]) -> None:
    """Raise FileRefused where a required column is not among the names."""
    missing = [field.name for field in form.fields if field.required and field.name not in names]
    if missing:
        raise source.refuse(
            f"lacks the required column{'s' if missing[1:] else ''} {', '.join(missing)}",
            line=1,
            field=missing[0],
            remedy="Rename the columns, or let `vedette map` propose how",
        )


def _header(source: Source, form: Form, blocks: Iterator[tuple[int, bytes]]) -> tuple[list[str], str, int, bytes]:
    for line, body in blocks:
        while body:
            first, _, rest = body.partition(b"\n")
            if first.strip():
                cells, delimiter = _sniffed(source, form, first.decode(), line)
                return cells, delimiter, line + 1, rest
            body, line = rest, line + 1
    raise source.refuse("the file is empty", remedy="Export it again; a table without rows still needs its header")


def _sniffed(source: Source, form: Form, text: str, line: int) -> tuple[list[str], str]:
    if told := source.blemish(text):
        _, problem, remedy = told.split("|")
        raise source.refuse(problem, line=line, remedy=remedy)
    if any(mark in text for mark in RESERVED) or "\r" in text:
        remedy = "End lines with LF or CR LF, and leave control characters out of the header"
        raise source.refuse("the header is not one line of plain text", line=line, remedy=remedy)
    required = {field.name for field in form.fields if field.required}
    read: list[tuple[list[str] | None, str]] = []
    for delimiter in sorted(_DELIMITERS, key=lambda mark: -text.count(mark)):
        cells = _header_cells(text, delimiter)
        if cells is not None and required <= {normal_name(cell) for cell in cells}:
            return cells, delimiter
        read.append((cells, delimiter))
    likeliest, delimiter = read[0]
    if likeliest is None:
        raise source.refuse("the header's quotes are not closed", line=line, remedy=_QUOTE_REMEDY)
    return likeliest, delimiter


def _header_cells(text: str, delimiter: str) -> list[str] | None:
    try:
        return next(csv.reader([text], delimiter=delimiter, strict=True))
    except csv.Error:
        return None


class _Splitter:
    """Carries unfinished rows from block to block."""

    def __init__(self, source: Source, spool: Spool, delimiter: str) -> None:
        limit = source.limits.line
        # The module's limit is per process; it only ever grows to what the source lets through.
        csv.field_size_limit(max(csv.field_size_limit(), 2 * limit))
        self._source = source
        self._spool = spool
        self._width = len(spool.columns)
        self._delimiter = delimiter
        self._separator = delimiter.encode()
        self._limit = limit
        self._carried = ""
        self._carried_line = 0
        self._marked = False

    def block(self, line: int, body: bytes) -> None:
        """Take whole lines, without the newline of the last."""
        if self._carried:
            line, text = self._carried_line, f"{self._carried}{body.decode()}\n"
            self._carried = ""
            self._read(text, line, final=False)
        elif any(mark in body for mark in _NEEDS_READER):
            self._read(f"{body.decode()}\n", line, final=False)
        else:
            self._split(line, body)

    def finish(self) -> None:
        """Take what is left: a quote still open is a fault now."""
        if self._carried:
            text, self._carried = self._carried, ""
            self._read(text, self._carried_line, final=True)

    def _split(self, line: int, body: bytes) -> None:
        lines = body.replace(self._separator, b"\x1f").split(b"\n")
        need = self._width - 1
        widths = [text.count(b"\x1f") for text in lines]
        if need and widths.count(need) == len(widths):
            self._spool.block(line, lines)
            return
        sound: list[str] = []
        for number, (text, width) in enumerate(zip(lines, widths, strict=True), line):
            if width == need and text.strip():
                sound.append(f"{number}{SEPARATOR}{text.decode()}")
            elif text.strip():
                self._wrong_width(number, text.decode().split(SEPARATOR))
        self._spool.rows(sound)

    def _read(self, text: str, line: int, *, final: bool) -> None:
        """Pass lines through a CSV reader; after a fault go on with the line behind it."""
        lines = list(io.StringIO(text, newline="\n"))
        self._marked = marked(text)
        start = 0
        while start < len(lines):
            start, problem = self._read_from(lines, start, line)
            if start == len(lines):
                return
            waiting = problem == "unexpected end of data" and not final
            if waiting and sum(map(len, lines[start:])) <= self._limit:
                self._carried, self._carried_line = "".join(lines[start:]), line + start
                return
            text = lines[start].rstrip("\n")
            self._spool.fault(line + start, self._source.blemish(text) or _QUOTE_FAULT, {}, {"_text": shown(text)})
            start += 1

    def _read_from(self, lines: list[str], start: int, line: int) -> tuple[int, str]:
        """Read rows until the end or a fault: (index of the first line not taken, what is wrong with it)."""
        state = _Feed(lines, start)
        reader = csv.reader(state, delimiter=self._delimiter, strict=True)
        sound: list[str] = []
        problem = ""
        try:
            for cells in reader:
                first, state.row = state.row, state.next
                if told := self._source.blemish("\n".join(cells)) if self._marked else "":
                    self._put_aside(line + first, told, [shown(cell) for cell in cells])
                elif len(cells) != self._width:
                    self._unfit(line + first, cells)
                elif cells != [""]:
                    self._append(sound, line + first, cells)
        except _StrayQuote:
            problem = "stray quote"
        except csv.Error as fault:
            problem = str(fault)
        self._spool.rows(sound)
        return state.row, problem

    def _append(self, sound: list[str], line: int, cells: list[str]) -> None:
        text = SEPARATOR.join(cells)
        if text.count(SEPARATOR) != self._width - 1 or any(mark in text for mark in (NEWLINE, RETURN, MARK)):
            self._put_aside(line, CONTROL_FAULT, cells)
            return
        if "\n" in text or "\r" in text:
            text = self._spool.fold(text)
        sound.append(f"{line}{SEPARATOR}{text}")

    def _unfit(self, line: int, cells: list[str]) -> None:
        if any(cell.strip() for cell in cells) or len(cells) > 1:
            self._wrong_width(line, cells)

    def _wrong_width(self, line: int, cells: list[str]) -> None:
        reason = f"has {len(cells)} cells where the header has {self._width}"
        mark = _DELIMITERS[self._delimiter]
        self._put_aside(line, f"|{reason}|Quote cells that hold a {mark}, and write every cell even if blank", cells)

    def _put_aside(self, line: int, told: str, cells: list[str]) -> None:
        named = dict(zip(self._spool.columns, cells, strict=False))
        known = {name: named.pop(name) for name in self._spool.present if name in named}
        extra: dict[str, object] = {name: cell for name, cell in named.items() if cell.strip()}
        if len(cells) > self._width:
            extra["_surplus"] = cells[self._width :]
        self._spool.fault(line, told, known, extra)


class _Feed:
    """Gives lines to a CSV reader and knows which row is being read. Only a line that opens a quote may run on."""

    def __init__(self, lines: list[str], start: int) -> None:
        self._lines = lines
        self.row = start
        self.next = start

    def __iter__(self) -> Iterator[str]:
        for index in range(self.next, len(self._lines)):
            if index > self.row and self._lines[self.row].count('"') % 2 == 0:
                raise _StrayQuote
            self.next = index + 1
            yield self._lines[index]
        if self.next > self.row and self._lines[self.row].count('"') % 2 == 0:
            raise _StrayQuote
