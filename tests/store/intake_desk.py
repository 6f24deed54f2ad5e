"""A desk for tests of intake: put bytes in a file, read it, and see rows as dictionaries."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from vedette.store.engines.duckdb import connect
from vedette.store.intake import Field, Form, Limits, Reading, read, write_refused

FORM = Form(
    name="visits",
    fields=(
        Field("id", required=True),
        Field("time", "time", required=True),
        Field("who", required=True),
        Field("ip", "ip"),
        Field("country", "country"),
        Field("outcome", "choice", choices=("success", "failure")),
        Field("mfa", "flag"),
        Field("count", "whole", minimum=0, maximum=1000),
        Field("share", "fraction"),
        Field("amount", "number"),
        Field("born", "day"),
        Field("note"),
    ),
    key=("id",),
    repeats="duplicate",
)
T = "2026-01-31T09:00:00Z"
T_US = 1_769_850_000_000_000


class Desk:
    """One DuckDB connection and one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "scratch").mkdir()
        (folder / "refused").mkdir()
        self.connection = connect(folder / "scratch")
        self.reading: Reading | None = None

    def read(
        self, data: bytes | str, name: str = "visits.csv", *, form: Form = FORM, limits: Limits | None = None
    ) -> Reading:
        """Write the bytes under that name and read the file into the table ``t``."""
        path = self.folder / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        self.reading = read(self.connection, path, form, into="t", limits=limits)
        return self.reading

    def rows(self) -> list[dict[str, Any]]:
        """Kept rows in order, without blank columns."""
        cursor = self.connection.execute("SELECT * FROM t ORDER BY ordinal")
        names = [column[0] for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        return [{name: value for name, value in row.items() if value is not None} for row in rows]

    def column(self, name: str) -> list[Any]:
        """One column of the kept rows, in order."""
        return [row.get(name) for row in self.rows()]

    def refused_file(self) -> list[dict[str, Any]]:
        """The records kept for correction."""
        assert self.reading is not None
        path = write_refused(self.connection, self.reading, self.folder / "refused")
        return (
            [json.loads(line) for line in path.read_text(encoding="utf-8").removesuffix("\n").split("\n")]
            if path
            else []
        )

    def left_over(self) -> list[str]:
        """What lies in the scratch folder."""
        return [path.name for path in (self.folder / "scratch").iterdir() if path.is_file()]


def csv_of(*rows: str, header: str = "id,time,who,note") -> str:
    """A CSV text of a header and rows."""
    return "\n".join([header, *rows]) + "\n"


def places(reading: Reading) -> list[tuple[int, str]]:
    """(line, field) of each refusal."""
    return [(refusal.line, refusal.field) for refusal in reading.refused]
