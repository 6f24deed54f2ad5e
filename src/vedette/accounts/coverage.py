"""How much of each column of an export folder is filled, before anything is taken in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from vedette.accounts import forms as own
from vedette.events import forms as events
from vedette.store.engines.duckdb import DuckEngine
from vedette.store.intake import Form, export_files, read


def coverage_of(directory: Path, *, memory: str = "1200MB", threads: int = 2) -> dict[str, dict[str, float]]:
    """Table -> column of DESIGN section 4 -> share of kept rows in which it is filled, 0..1; 0 where it is absent.

    Tables without a file are left out. Raises FileRefused where the folder or one of its files cannot be read.
    """
    found: dict[str, dict[str, float]] = {}
    with TemporaryDirectory() as scratch, DuckEngine({}, Path(scratch), memory=memory, threads=threads) as engine:
        for form in (*own.FORMS, *events.FORMS):
            files = export_files(directory, form.name)
            if files:
                found[form.name] = _shares(form, [_counts(engine, form, path) for path in files])
    return found


def _counts(engine: DuckEngine, form: Form, path: Path) -> tuple[int, ...]:
    """Kept rows of a file, then filled cells of each field in the form's order."""
    read(engine.connection, path, form, into="looked_at")
    columns = ", ".join(f'count("{field.column}")' for field in form.fields)
    return tuple(engine.rows(f"SELECT count(*), {columns} FROM looked_at")[0])


def _shares(form: Form, counts: list[tuple[int, ...]]) -> dict[str, float]:
    return dict(_named(form, [sum(column) for column in zip(*counts, strict=True)]))


def _named(form: Form, totals: list[int]) -> Iterator[tuple[str, float]]:
    rows, *filled = totals
    for field, count in zip(form.fields, filled, strict=True):
        yield field.name, round(count / rows, 4) if rows else 0.0
