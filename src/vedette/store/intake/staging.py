"""Presents any file's rows to DuckDB as cells of text, so that one set of rules types every format."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from vedette.store.intake.csv_rows import name_columns
from vedette.store.intake.form import Form
from vedette.store.intake.quoting import exactly, identifier, literal
from vedette.store.intake.source import Source
from vedette.store.intake.spool import SEPARATOR, Spool

_USUAL_LINE = 2_000_000


@dataclass(frozen=True, slots=True)
class Staged:
    """``relation`` gives ``line`` and ``c0, c1, ...`` for the columns named; ``faults`` gives the rows already put aside.

    ``extra_ready`` tells that the last column is the JSON object of unknown columns itself; ``broken_lines`` that line
    breaks inside cells travel as control characters. ``present`` names the fields of the form that the file has.
    """

    relation: str
    names: tuple[str, ...]
    present: tuple[str, ...]
    unknown: tuple[str, ...]
    faults: str = ""
    extra_ready: bool = False
    broken_lines: bool = False

    def cell(self, name: str) -> str:
        """The column that holds the cells of this name."""
        return f"c{self.names.index(name)}"


def stage_spool(spool: Spool) -> Staged:
    """The rows of a closed spool."""
    columns = {"line": "BIGINT", **{f"c{place}": "VARCHAR" for place in range(len(spool.columns))}}
    put_aside = {"line": "BIGINT", "reason": "VARCHAR", "cells": "VARCHAR", "extra": "VARCHAR"}
    return Staged(
        relation=_scan(str(spool.rows_path), columns, spool.longest),
        names=spool.columns,
        present=spool.present,
        unknown=spool.unknown,
        faults=_scan(str(spool.faults_path), put_aside, spool.longest_fault),
        extra_ready=spool.extra_ready,
        broken_lines=spool.broken_lines,
    )


def _scan(path: str, columns: Mapping[str, str], longest: int) -> str:
    typed = ", ".join(f"{literal(name)}: {literal(kind)}" for name, kind in columns.items())
    size = max(_USUAL_LINE, longest + 64 * len(columns))
    buffer = "" if size == _USUAL_LINE else f", buffer_size = {2 * size}"
    return (
        f"(SELECT * FROM read_csv({literal(path)}, auto_detect = false, header = false, columns = {{{typed}}}, "
        f"delim = {literal(SEPARATOR)}, quote = '', escape = '', new_line = '\\n', nullstr = '', strict_mode = true, "
        f"max_line_size = {size}{buffer}))"
    )


def stage_parquet(connection: Any, source: Source, form: Form) -> Staged:
    """The rows of a Parquet file. Raises FileRefused where its columns will not do, DuckDB's error where it is damaged."""
    _hash(source)
    scan = f"read_parquet({literal(exactly(source.path))}, file_row_number = true, hive_partitioning = false)"
    described = connection.execute(f"DESCRIBE SELECT * FROM {scan}").fetchall()
    columns = [(str(row[0]), str(row[1])) for row in described][:-1]
    names = name_columns(source, form, [name for name, _ in columns])
    known = {field.name for field in form.fields}
    for name, (_, kind) in zip(names, columns, strict=True):
        if name in known and _nested(kind):
            raise source.refuse("holds lists or objects", field=name, remedy="Export one plain value per cell")
    cells = ", ".join(f"{_text(f'p{place}', kind)} AS c{place}" for place, (_, kind) in enumerate(columns))
    aliases = ", ".join(f"p{place}" for place in range(len(columns)))
    return Staged(
        relation=f"(SELECT number + 1 AS line, {cells} FROM {scan} AS file({aliases}, number))",
        names=names,
        present=tuple(name for name in names if name in known),
        unknown=tuple(name for name in names if name not in known),
    )


def _hash(source: Source) -> None:
    remedy = "Check the file and its permissions"
    try:
        with source.path.open("rb") as file:
            source.take_hash(hashlib.file_digest(file, "sha256"))
            size = os.fstat(file.fileno()).st_size
    except OSError as fault:
        raise source.refuse(f"cannot be read: {fault.strerror or fault}", remedy=remedy) from None
    if not size:
        raise source.refuse("is empty", remedy="Export it again")


def _nested(kind: str) -> bool:
    return kind.endswith("]") or kind.startswith(("STRUCT", "MAP", "UNION", "VARIANT"))


def _text(column: str, kind: str) -> str:
    column = identifier(column)
    if kind == "TIMESTAMP WITH TIME ZONE":
        return f"strftime(make_timestamp(epoch_us({column})), '%Y-%m-%dT%H:%M:%S.%fZ')"
    return f"to_json({column})::VARCHAR" if _nested(kind) else f"{column}::VARCHAR"
