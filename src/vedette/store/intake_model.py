"""The words of intake: a form that says what a file must hold, and a reading that says what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from vedette.base import VedetteError

FieldKind = Literal["text", "time", "day", "number", "fraction", "whole", "flag", "country", "choice", "ip"]
SQL_TYPES: Mapping[FieldKind, str] = {
    "text": "VARCHAR",
    "time": "BIGINT",
    "day": "VARCHAR",
    "number": "DOUBLE",
    "fraction": "DOUBLE",
    "whole": "BIGINT",
    "flag": "BOOLEAN",
    "country": "VARCHAR",
    "choice": "VARCHAR",
    "ip": "VARCHAR",
}


class FileRefused(VedetteError):
    """A file that is refused whole, with file, place and remedy."""


@dataclass(frozen=True, slots=True)
class Field:
    """One column that a form knows. A blank cell is NULL; ``required`` refuses the row that leaves it blank.

    Kinds: ``text``; ``time`` (ISO 8601 with zone, stored as whole microseconds); ``day`` (YYYY, YYYY-MM or YYYY-MM-DD);
    ``number`` (finite); ``fraction`` (0..1); ``whole`` (64 bit); ``flag`` (true/false/yes/no/1/0); ``country`` (alpha-2);
    ``choice`` (one of ``choices``, in any case); ``ip`` (IPv4 or IPv6, in canonical form).
    ``minimum`` and ``maximum`` bound numbers. ``remedy`` replaces the usual advice.
    """

    name: str
    kind: FieldKind = "text"
    required: bool = False
    choices: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    remedy: str = ""

    @property
    def column(self) -> str:
        """Its column in the typed table: times drop ``_at`` and end in ``_us``, all others keep their name."""
        return f"{self.name.removesuffix('_at')}_us" if self.kind == "time" else self.name


@dataclass(frozen=True, slots=True)
class Form:
    """What one kind of export file holds. ``key`` names the fields (not columns) that identify a row.

    A repeated key with the same content is a duplicate. With other content it is a duplicate too where ``repeats`` is
    ``duplicate`` (events: the first stays); with ``refuse`` the later row is refused (accounts). No key: nothing repeats.
    ``version`` changes whenever the meaning of a field does.
    """

    name: str
    fields: tuple[Field, ...]
    key: tuple[str, ...] = ()
    version: str = "1"
    repeats: Literal["duplicate", "refuse"] = "duplicate"

    def __post_init__(self) -> None:
        names = [field.name for field in self.fields]
        columns = [field.column for field in self.fields]
        if len(set(names)) != len(names) or len({*columns, "ordinal", "extra"}) != len(columns) + 2:
            raise ValueError(f"form {self.name} names a field twice, or one that intake adds itself")
        if unknown := set(self.key) - set(names):
            raise ValueError(f"form {self.name} has no field {sorted(unknown)} for its key")

    def field(self, name: str) -> Field:
        """The field of that name. Raises KeyError."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class Refusal:
    """One row that was not taken: where, why and what to do. ``raw`` is the row as a JSON object of its cells.

    ``reason`` never repeats a cell's content, so that it may be logged; ``raw`` may hold personal data.
    """

    file: str
    line: int
    field: str
    reason: str
    remedy: str
    raw: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What one file gave: ``read = kept + duplicates + refused_count``.

    ``into`` is the table of kept rows: ``ordinal`` (line where the row begins, or row number in Parquet), one column per
    field of the form, and ``extra`` (JSON object of unknown columns and of values left blank). ``refused_table`` holds every
    refused row (line, field, reason, remedy, raw); ``refused`` holds the first 1,000 of them.
    ``filled`` counts the non-blank kept values per field.
    """

    file: str
    into: str
    refused_table: str
    read: int
    kept: int
    duplicates: int
    refused_count: int
    refused: tuple[Refusal, ...]
    unknown_columns: tuple[str, ...]
    notes: tuple[str, ...]
    sha256: str
    filled: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a file's parts may be, in bytes; ``columns`` counts distinct ones, ``expanded`` bounds gzip bombs."""

    line: int = 16 * 1024 * 1024
    columns: int = 2_000
    expanded: int = 64 * 1024**3
