"""What an export file should hold: fields with their kinds and limits, and what came of reading one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from vedette.base import Json, Place, VedetteError

Kind = Literal["text", "time", "day", "number", "fraction", "whole", "flag", "country", "choice", "ip"]
Repeats = Literal["refuse", "duplicate"]
LONGEST_LINE = 16 * 1024 * 1024


class FileRefused(VedetteError):
    """A file that is refused whole: unreadable, truncated, wrongly encoded, or without a required column."""


@dataclass(frozen=True, slots=True)
class Field:
    """One column of an export.

    ``minimum`` and ``maximum`` bound numbers and times (microseconds since 1970); ``choices`` are lower-case words. A required field must not be blank.
    """

    name: str
    kind: Kind = "text"
    required: bool = False
    choices: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    remedy: str = ""

    @property
    def column(self) -> str:
        """The column it becomes: times turn into integer microseconds (``opened_at`` -> ``opened_us``)."""
        return f"{self.name.removesuffix('_at')}_us" if self.kind == "time" else self.name


@dataclass(frozen=True, slots=True)
class Form:
    """The columns of one kind of export file and what identifies a row.

    ``repeats`` says what a second row with a known key is: for events always a ``duplicate``; for records it is a duplicate
    when its content is the same and refused when it is not. An empty ``key`` means the whole content identifies the row.
    """

    name: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    repeats: Repeats = "refuse"
    version: int = 1

    def column_of(self, name: str) -> str:
        """The typed column that a field of that name becomes."""
        return next(field.column for field in self.fields if field.name == name)


@dataclass(frozen=True, slots=True)
class Refusal:
    """One row that was refused: where, which field, why, and what would mend it. ``raw`` holds its cells."""

    file: str
    line: int
    field: str
    reason: str
    remedy: str
    raw: str

    @property
    def place(self) -> Place:
        """Where it stands."""
        return Place(self.file, self.line, self.field or None)

    def as_json(self) -> dict[str, Json]:
        """The contract's form; the cells are left out, for they may be personal."""
        return {
            "file": self.file,
            "line": self.line,
            "field": self.field,
            "reason": self.reason,
            "remedy": self.remedy,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What came of reading one file: read = kept + duplicates + refused_count.

    ``into`` is the typed table in the connection; ``refused`` holds the first thousand refusals.
    """

    into: str
    file: str
    sha256: str
    read: int
    kept: int
    duplicates: int
    refused_count: int
    refused: tuple[Refusal, ...]
    unknown_columns: tuple[str, ...]
    present: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def counts(self) -> Mapping[str, int]:
        """The four counts by name."""
        return {
            "read": self.read,
            "kept": self.kept,
            "duplicates": self.duplicates,
            "refused": self.refused_count,
        }


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a file's parts may be: bytes of a line, distinct columns, bytes after unpacking (against gzip bombs).

    ``first`` allows a longer first line where a whole file may be one value on it.
    """

    line: int = LONGEST_LINE
    first: int = 0
    columns: int = 2_000
    expanded: int = 64 * 1024**3
