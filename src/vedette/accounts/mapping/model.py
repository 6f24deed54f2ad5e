"""The words of a mapping: which of a stranger's files is which table, and how each column is read."""

from __future__ import annotations

from dataclasses import dataclass, field

from vedette.base import VedetteError

FILE_NAME = "vedette-mapping.yml"
ASK = "ask"
KINDS = ("text", "time", "day", "number", "choice", "channel", "row")


class MappingError(VedetteError):
    """A mapping that cannot be used, or an export that it does not fit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMapping:
    """How one column of DESIGN section 4 is filled.

    ``source`` is the stranger's column (a dotted path in nested records), empty for a constant or a made value.
    ``format`` belongs to times and days (``iso``, ``epoch_s``, ``epoch_ms``, ``epoch_us`` or strptime letters) and is
    ``ask`` where nobody can tell day from month. ``decimal`` belongs to numbers. ``values`` maps words to ours.
    ``confidence``, ``sample`` and ``question`` are for the reader of the file and change nothing.
    """

    target: str
    source: str = ""
    kind: str = "text"
    format: str = ""
    decimal: str = ""
    constant: str = ""
    values: tuple[tuple[str, str], ...] = ()
    confidence: float = 1.0
    sample: str = ""
    questions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FileMapping:
    """One file and the table that it fills; an empty table means that it is left alone, for the reason given.

    ``zone`` is how its times without a zone are read; ``zone_confirmed`` says that a person has agreed.
    """

    file: str
    table: str = ""
    why: str = ""
    zone: str = ""
    zone_confirmed: bool = True
    confidence: float = 1.0
    columns: tuple[ColumnMapping, ...] = ()
    unmapped: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Mapping:
    """Everything proposed or agreed for one export folder."""

    files: tuple[FileMapping, ...]

    @property
    def questions(self) -> tuple[str, ...]:
        """What a person must still say, one sentence each."""
        found = []
        for item in self.files:
            if item.table and not item.zone_confirmed:
                found.append(f"{item.file}: times bear no zone; they would be read as {item.zone}")
            for column in item.columns:
                found += [f"{item.file}: {column.target}: {question}" for question in column.questions]
        return tuple(found)
