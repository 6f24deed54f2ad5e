"""Rules and engines for the tests of this room: small folders on disk, and tables of rows in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from vedette.detections import Limits, Rule
from vedette.detections.examples import rows_of
from vedette.detections.lake import TABLES, column_names
from vedette.detections.model import Example, Shows
from vedette.detections.read import read_rule
from vedette.detections.scaffold import write_rule
from vedette.detections.store import Sandbox, tables_of_rows

SQL = """\
SELECT account_id, time_us, 1.0 AS bits, [event_id] AS event_ids, ip_country AS v_countries
FROM signins
WHERE outcome = 'failure'
"""


def folder(root: Path, family: str = "network", name: str = "odd") -> Path:
    """A new rule's folder as ``vedette rules new`` leaves it."""
    return write_rule(root, family, name)


def rule(root: Path, sql: str = "", **changes: str) -> Rule:
    """The template rule with another SQL, or with lines of its declaration replaced; its examples are not run."""
    made = folder(root)
    if sql:
        (made / "rule.sql").write_text(sql, "utf-8")
        changes.setdefault("summary", "{count} things.")
        changes.setdefault("parameters", "")
    edit(made / "rule.yml", **changes)
    return read_rule(made)


def edit(path: Path, **changes: str) -> None:
    """Replace top-level keys of a YAML file by one-line values; an empty value drops the key."""
    lines: list[str] = []
    skipping = False
    for line in path.read_text("utf-8").splitlines():
        key = line.partition(":")[0] if line and not line.startswith(" ") else None
        if key is not None:
            skipping = key in changes
            if skipping and changes[key]:
                lines.append(f"{key}: {_quoted(changes[key])}")
        if not skipping:
            lines.append(line)
    path.write_text("\n".join(lines) + "\n", "utf-8")


def _quoted(value: str) -> str:
    return value if value.startswith("[") or value.lstrip("-").replace(".", "").isdigit() else f'"{value}"'


def tables(**rows: Sequence[Mapping[str, Any]]) -> Sandbox:
    """An engine over rows written as in examples.yml."""
    case = Example("test", Shows.QUIET, rows, ())
    return tables_of_rows(TABLES, rows_of(case, column_names()))


class FixedEngine:
    """An engine that gives the same rows whatever it is asked."""

    dialect = "duckdb"

    def __init__(self, rows: Iterable[Mapping[str, Any]]) -> None:
        self._rows = list(rows)

    def rows(self, sql: str, tables: Sequence[str], limits: Limits) -> Iterator[Mapping[str, Any]]:
        """The rows it was made with."""
        return iter(self._rows)
