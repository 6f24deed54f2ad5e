"""The neutral document: headings, paragraphs, tables, figures and fields with provenance, from which every writer starts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from vedette.base import Json, VedetteError, canonical_json, digest, from_micros


class DocumentError(VedetteError):
    """A document that cannot be built, read back or written as asked."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; ``level`` is 1 to 3."""

    text: str
    level: int = 1

    def __post_init__(self) -> None:
        if self.level not in (1, 2, 3):
            raise DocumentError(f"a heading of level {self.level}", remedy="Levels are 1, 2 and 3")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; a ``note`` is set apart as something to heed."""

    text: str
    note: bool = False


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of short texts."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text under named columns. ``weights`` are the columns' relative widths, equal where none are given."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""
    weights: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        wrong = next((row for row in self.rows if len(row) != len(self.columns)), None)
        if not self.columns or wrong is not None:
            raise DocumentError("a table's rows do not fit its columns", remedy="Give every row one text a column")
        if self.weights and len(self.weights) != len(self.columns):
            raise DocumentError("a table's weights do not fit its columns", remedy="Give one a column, or none")


@dataclass(frozen=True, slots=True)
class Mark:
    """One number of a figure: a bar, a point of a line with its band, or a moment (seconds since 1970) of a timeline."""

    label: str
    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture of numbers. ``kind`` is bar, line or timeline; the numbers always stand beside it in words.

    ``levels`` are values that a course is held against, such as thresholds; those far above it are left to the words.
    """

    kind: str
    title: str
    description: str
    marks: tuple[Mark, ...]
    unit: str = ""
    levels: tuple[Mark, ...] = ()

    def __post_init__(self) -> None:
        if self.kind not in ("bar", "line", "timeline"):
            raise DocumentError(f"no figure {self.kind!r}", remedy="One of: bar, line, timeline")

    def table(self) -> Table:
        """The figure's numbers as text."""
        if self.kind == "timeline":
            moments = tuple((mark.label, _moment(mark.value), _moment(mark.high)) for mark in self.marks)
            return Table(("What", "From (UTC)", "To (UTC)"), moments, self.title)
        banded = any(mark.low is not None or mark.high is not None for mark in self.marks)
        value = f"Value ({self.unit})" if self.unit else "Value"
        columns = ("What", value, "From", "To") if banded else ("What", value)
        rows = [
            (mark.label, number(mark.value), number(mark.low), number(mark.high))[: len(columns)] for mark in self.marks
        ]
        return Table(columns, tuple(rows), self.title)


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a paper asks for: what is held, or None, and where it comes from. ``needed`` fields may not be missing."""

    key: str
    label: str
    value: str | None
    provenance: str = ""
    needed: bool = False
    citation: str = ""

    @property
    def missing(self) -> bool:
        """Whether nothing is held."""
        return self.value is None or not self.value.strip()


@dataclass(frozen=True, slots=True)
class Fields:
    """A group of fields, shown as a table of what is held with its provenance."""

    fields: tuple[Field, ...]
    caption: str = ""
    words: tuple[str, str, str] = ("Field", "Held", "Where it comes from")

    def table(self) -> Table:
        """The fields that are held."""
        rows = tuple((item.label, item.value or "", item.provenance) for item in self.fields if not item.missing)
        return Table(self.words, rows, self.caption, (2.0, 3.5, 2.5))


Block: TypeAlias = "Heading | Paragraph | Bullets | Table | Figure | Fields"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A whole paper. ``language`` is a code such as ``en`` or ``ko``, which chooses fonts; ``made_at`` is ISO 8601 in UTC and the only time in any output."""

    title: str
    blocks: tuple[Block, ...]
    made_at: str
    language: str = "en"

    def as_json(self) -> dict[str, Json]:
        """The form stored, hashed and exported."""
        return {
            "title": self.title,
            "language": self.language,
            "made_at": self.made_at,
            "blocks": [_told(block) for block in self.blocks],
        }

    @property
    def sha256(self) -> str:
        """The hash of the content, which every printed page bears."""
        return digest("vedette-document", canonical_json(self.as_json())).hex()


def _told(block: Block) -> dict[str, Json]:
    match block:
        case Heading():
            return {"kind": "heading", "text": block.text, "level": block.level}
        case Paragraph():
            return {"kind": "paragraph", "text": block.text, "note": block.note}
        case Bullets():
            return {"kind": "bullets", "items": list(block.items)}
        case Table():
            return {
                "kind": "table",
                "columns": list(block.columns),
                "rows": [list(row) for row in block.rows],
                "caption": block.caption,
                "weights": list(block.weights),
            }
        case Figure():
            return {
                "kind": "figure",
                "figure": block.kind,
                "title": block.title,
                "description": block.description,
                "unit": block.unit,
                "marks": [
                    {"label": mark.label, "value": mark.value, "low": mark.low, "high": mark.high}
                    for mark in block.marks
                ],
            }
        case Fields():
            return {
                "kind": "fields",
                "caption": block.caption,
                "words": list(block.words),
                "fields": [field_json(item) for item in block.fields],
            }


def field_json(item: Field) -> dict[str, Json]:
    """One field in the form stored and exported."""
    return {
        "key": item.key,
        "label": item.label,
        "value": item.value,
        "provenance": item.provenance,
        "needed": item.needed,
        "citation": item.citation,
    }


def read_document(value: Mapping[str, object]) -> Document:
    """The document that ``as_json`` told. Raises DocumentError for anything else."""
    try:
        return Document(
            title=_text(value["title"]),
            language=_text(value["language"]),
            made_at=_text(value["made_at"]),
            blocks=tuple(_block(_mapping(item)) for item in _list(value["blocks"])),
        )
    except (KeyError, TypeError, ValueError) as fault:
        raise DocumentError(f"this is no document: {fault}", remedy="Make the report again") from None


def _block(value: Mapping[str, object]) -> Block:
    match value["kind"]:
        case "heading":
            return Heading(_text(value["text"]), int(_number(value["level"])))
        case "paragraph":
            return Paragraph(_text(value["text"]), note=bool(value["note"]))
        case "bullets":
            return Bullets(_texts(value["items"]))
        case "table":
            rows = tuple(_texts(row) for row in _list(value["rows"]))
            weights = tuple(_number(item) for item in _list(value["weights"]))
            return Table(_texts(value["columns"]), rows, _text(value["caption"]), weights)
        case "figure":
            marks = tuple(_mark(_mapping(item)) for item in _list(value["marks"]))
            texts = [_text(value[key]) for key in ("figure", "title", "description")]
            return Figure(texts[0], texts[1], texts[2], marks, _text(value["unit"]))
        case "fields":
            words = _texts(value["words"])
            held = tuple(_field(_mapping(item)) for item in _list(value["fields"]))
            return Fields(held, _text(value["caption"]), (words[0], words[1], words[2]))
        case other:
            raise ValueError(f"no block {other!r}")


def _field(value: Mapping[str, object]) -> Field:
    held = value["value"]
    return Field(
        _text(value["key"]),
        _text(value["label"]),
        None if held is None else _text(held),
        _text(value["provenance"]),
        needed=bool(value["needed"]),
        citation=_text(value["citation"]),
    )


def _mark(value: Mapping[str, object]) -> Mark:
    low, high = value["low"], value["high"]
    return Mark(
        _text(value["label"]),
        _number(value["value"]),
        None if low is None else _number(low),
        None if high is None else _number(high),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("a text is missing")
    return value


def _texts(value: object) -> tuple[str, ...]:
    return tuple(_text(item) for item in _list(value))


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise TypeError("a list is missing")
    return value


def _mapping(value: object) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise TypeError("a block is missing")
    return value


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError("a number is missing")
    return float(value)


def _moment(seconds: float | None) -> str:
    return "" if seconds is None else from_micros(round(seconds * 1e6)).strftime("%Y-%m-%d %H:%M")


def number(value: float | None) -> str:
    """A number for people: whole numbers with separators, others to four digits; empty for None."""
    if value is None:
        return ""
    if value == int(value) and abs(value) < 1e15:
        return f"{int(value):,}"
    return f"{value:.4g}"
