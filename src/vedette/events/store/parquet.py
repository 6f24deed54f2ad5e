"""Lets Parquet files of records be read like lines of JSON, row by row, by having DuckDB write them so."""

from __future__ import annotations

import uuid
from pathlib import Path

import duckdb

from vedette.base import Place
from vedette.store.engines.duckdb import connect, literal
from vedette.store.intake import FileRefused, exactly


def is_parquet(path: Path) -> bool:
    """Whether a file says by its name that it is one."""
    return path.suffix.casefold() == ".parquet"


def as_lines(path: Path, scratch: Path) -> Path:
    """A file of JSON lines in the scratch folder, one a row in the rows' order. The caller removes it.

    Raises FileRefused for what is no sound Parquet file.
    """
    target = scratch / f"rows-{uuid.uuid4().hex}.jsonl"
    connection = connect(scratch, threads=1)
    try:
        source = f"read_parquet({literal(exactly(path))}, hive_partitioning = false)"
        connection.execute(f"COPY (SELECT * FROM {source}) TO {literal(str(target))} (FORMAT json)").fetchall()
    except duckdb.Error as fault:
        target.unlink(missing_ok=True)
        problem = str(fault).splitlines()[0][:300]
        raise FileRefused(
            f"cannot be read as Parquet: {problem}", place=Place(str(path)), remedy="Export it again"
        ) from None
    finally:
        connection.close()
    return target
