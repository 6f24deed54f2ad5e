"""Gathers sound rows and faulty ones in two plain files that DuckDB reads in parallel without any quoting to get wrong.

Cells are separated by the control character US and rows by newline; a newline inside a cell travels as RS, a carriage return
as GS. FS marks what the source could not take as it is. A cell that itself holds one of these (or NUL) is a fault of its row.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any

SEPARATOR = "\x1f"
NEWLINE = "\x1e"
RETURN = "\x1d"
MARK = "\x1c"
RESERVED = (SEPARATOR, NEWLINE, RETURN, MARK, "\x00")
_TO_SPOOL = str.maketrans({"\n": NEWLINE, "\r": RETURN})


class Spool:
    """The two files, open for writing inside ``with`` and removed after it.

    ``columns`` names the cells of a row after its line number; the reader of a format sets it, ``present``, ``unknown``
    and ``extra_ready``.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.columns: tuple[str, ...] = ()
        self.present: tuple[str, ...] = ()
        self.unknown: tuple[str, ...] = ()
        self.extra_ready = False
        self.written = 0
        self.longest = 0
        self.longest_fault = 0
        self.broken_lines = False

    def __enter__(self) -> Spool:
        self.rows_path, self._rows = _open(self._folder)
        self.faults_path, self._faults = _open(self._folder)
        return self

    def __exit__(self, _kind: type[BaseException] | None, _value: object, _trace: TracebackType | None) -> None:
        try:
            self.close()
        finally:
            self.rows_path.unlink(missing_ok=True)
            self.faults_path.unlink(missing_ok=True)

    def close(self) -> None:
        """Flush both files; they stay until the ``with`` block ends."""
        self._rows.close()
        self._faults.close()

    def block(self, first_line: int, rows: Sequence[bytes]) -> None:
        """Write rows of consecutive lines whose cells are already separated."""
        self._rows.write(b"\n".join([b"%d\x1f%b" % pair for pair in enumerate(rows, first_line)]) + b"\n")
        self.written += len(rows)
        self.longest = max(self.longest, max(map(len, rows)))

    def rows(self, rows: Sequence[str]) -> None:
        """Write rows that begin with their line number, cells already separated and folded to one line each."""
        if rows:
            data = ("\n".join(rows) + "\n").encode()
            self._rows.write(data)
            self.written += len(rows)
            self.longest = max(self.longest, min(len(data), 4 * max(map(len, rows))))

    def fold(self, text: str) -> str:
        """A row's text on one line."""
        self.broken_lines = True
        return text.translate(_TO_SPOOL)

    def fault(self, line: int, told: str, cells: Mapping[str, Any], extra: Mapping[str, Any] | None = None) -> None:
        """Put one row aside: its line, ``field|reason|remedy``, its known cells and the others as they came."""
        others = json.dumps(extra) if extra else ""
        text = SEPARATOR.join((str(line), told, json.dumps(cells), others))
        self._faults.write(f"{text}\n".encode())
        self.longest_fault = max(self.longest_fault, 4 * len(told) + len(text))


def _open(folder: Path) -> tuple[Path, IO[bytes]]:
    handle, name = tempfile.mkstemp(prefix="intake-", suffix=".spool", dir=folder)
    return Path(name), os.fdopen(handle, "wb", buffering=1024 * 1024)
