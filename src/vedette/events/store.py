"""The only SQL on the state of this room: which range lists were loaded; and tables of ranges in Parquet files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
from sqlalchemy import BigInteger, Column, Connection, MetaData, Table, Text, select

from vedette.audit import Act
from vedette.store.engines.duckdb import literal

REFERENCE = Table(
    "event_reference",
    MetaData(),
    Column("reference_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("rows", BigInteger, nullable=False),
    Column("loaded_us", BigInteger, nullable=False),
    Column("expires", Text, nullable=False),
    Column("file", Text, nullable=False),
    Column("attribution", Text, nullable=False),
)


def reference_rows(connection: Connection) -> list[Mapping[str, Any]]:
    """Every version of every range list, oldest first."""
    query = select(REFERENCE).order_by(REFERENCE.c.loaded_us, REFERENCE.c.reference_id)
    return [dict(row) for row in connection.execute(query).mappings()]


def write_references(act: Act, rows: list[dict[str, Any]]) -> None:
    """Add versions of range lists."""
    act.upsert(REFERENCE, rows)


def parquet_rows(path: Path) -> tuple[list[str], list[tuple[str, ...]]] | None:
    """Header and rows, as text, of a Parquet file; None where it is none."""
    connection = duckdb.connect(
        ":memory:", config={"autoinstall_known_extensions": False, "autoload_known_extensions": False}
    )
    try:
        source = f"read_parquet({literal(str(path))})"
        header = [str(row[0]) for row in connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()]
        rows = connection.execute(f"SELECT coalesce(COLUMNS(*)::VARCHAR, '') FROM {source}").fetchall()
        return header, rows
    except duckdb.Error:
        return None
    finally:
        connection.close()
