"""Reads one export file into a typed table, refused rows apart, nothing lost: read = kept + duplicates + refused."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from vedette.base import Place
from vedette.store.intake.csv_rows import spool_csv
from vedette.store.intake.files import format_of
from vedette.store.intake.form import FileRefused, Form, Limits, Reading, Refusal
from vedette.store.intake.json_rows import spool_json
from vedette.store.intake.quoting import identifier
from vedette.store.intake.separate import separate
from vedette.store.intake.source import Source
from vedette.store.intake.spool import Spool
from vedette.store.intake.staging import Staged, stage_parquet, stage_spool
from vedette.store.workspace import write_durably

_SHOWN = 1_000
_ROOM = "Make room on the disk of the workspace, or give it more memory, and run again"


def read(connection: Any, path: Path, form: Form, *, into: str, limits: Limits | None = None) -> Reading:
    """Read a CSV, JSON lines or Parquet file (gzip allowed) against a form.

    Makes the view ``into`` (typed columns of the form; ``extra``: unknown columns as JSON text; ``ordinal``: the line where
    the row begins, or its number in a Parquet file) and the table ``<into>__refused`` in the DuckDB connection.
    Raises FileRefused where the file must be refused whole.
    """
    kind = format_of(path)
    source = Source(path, limits or Limits())
    if not kind:
        raise source.refuse("is of no known format", remedy="Use .csv, .jsonl or .parquet")
    with _faults_of(source, kind):
        if kind == "parquet":
            return _reading(connection, source, form, stage_parquet(connection, source, form), into)
        with Spool(_scratch(connection)) as spool:
            (spool_csv if kind == "csv" else spool_json)(source, form, spool)
            spool.close()
            return _reading(connection, source, form, stage_spool(spool), into)


@contextmanager
def _faults_of(source: Source, kind: str) -> Iterator[None]:
    """Turn what goes wrong under way into a refusal of the file."""
    try:
        yield
    except OSError as fault:
        raise source.refuse(f"could not be unpacked for reading: {fault.strerror or fault}", remedy=_ROOM) from None
    except (duckdb.OutOfMemoryException, duckdb.IOException, duckdb.InvalidInputException) as fault:
        problem = str(fault).splitlines()[0][:300]
        damaged = kind == "parquet" and not isinstance(fault, duckdb.OutOfMemoryException)
        remedy = "Export it again as Parquet, CSV or JSON lines" if damaged else _ROOM
        raise source.refuse(f"cannot be read: {problem}", remedy=remedy) from None


def _scratch(connection: Any) -> Path:
    configured = connection.execute("SELECT current_setting('temp_directory')").fetchall()[0][0]
    folder = Path(str(configured)) if configured else Path(tempfile.gettempdir())
    return folder if folder.is_dir() else Path(tempfile.gettempdir())


def _reading(connection: Any, source: Source, form: Form, staged: Staged, into: str) -> Reading:
    counts = separate(connection, form, staged, into)
    refused_table = identifier(f"{into}__refused")
    rows = connection.execute(
        f"SELECT line__, wrong__, cells, extra FROM {refused_table} ORDER BY ordinal LIMIT {_SHOWN}"
    ).fetchall()
    return Reading(
        into=into,
        file=str(source.path),
        sha256=source.sha256,
        read=counts.kept + counts.duplicates + counts.refused,
        kept=counts.kept,
        duplicates=counts.duplicates,
        refused_count=counts.refused,
        refused=tuple(_refusal(source.path, row) for row in rows),
        unknown_columns=staged.unknown,
        present=staged.present,
        notes=counts.notes,
    )


def _refusal(path: Path, row: tuple[Any, ...]) -> Refusal:
    line, wrong, cells, extra = row
    field, reason, remedy = str(wrong).split("|", 2)
    return Refusal(str(path), int(line), field, reason, remedy, json.dumps(_cells(cells, extra), ensure_ascii=False))


def _cells(cells: str, extra: str | None) -> dict[str, Any]:
    return {**json.loads(extra or "{}"), **json.loads(cells)}


def write_refused(
    connection: Any, reading: Reading, folder: Path, *, only: Collection[str] | None = None
) -> Path | None:
    """Keep every refused row as JSON lines that can be corrected and fed again. Returns the file, or None for none.

    ``only`` names the cells that may be kept, where nothing else of a stranger's file may lie in the workspace.
    Cells beyond the header's width stand under ``_surplus``, a line that could not be split under ``_text``; both are
    refused again until their content is put under the names of columns. The file is named after the content it came from,
    so that reading the same file again writes the same one.
    """
    if not reading.refused_count:
        return None
    rows = connection.execute(
        f"SELECT cells, extra FROM {identifier(f'{reading.into}__refused')} ORDER BY ordinal"
    ).fetchall()
    kept = (_cells(cells, extra) for cells, extra in rows)
    lines = [
        json.dumps({name: row[name] for name in row if only is None or name in only}, ensure_ascii=False)
        for row in kept
    ]
    stem = Path(reading.file).name.split(".")[0]
    target = folder / f"{stem}-{reading.sha256[:12]}.jsonl"
    try:
        write_durably(target, ("\n".join(lines) + "\n").encode(), mode=0o600)
    except OSError as fault:
        problem = f"refused rows could not be kept: {fault.strerror or fault}"
        raise FileRefused(problem, place=Place(str(target)), remedy=_ROOM) from None
    return target
