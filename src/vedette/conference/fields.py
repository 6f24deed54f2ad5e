"""Taking fields out of hostile records: bounded, cleaned, and refused by name rather than guessed."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

from vedette.conference.model import Author, Refused, Statement, refuse

T = TypeVar("T")

MOST_BYTES = 512 * 1024 * 1024
_SHORT, _LONG = 2_000, 100_000
_MOST_AUTHORS = 6_000
_DEEPEST = 40
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_GAP = re.compile(r"[ \t\r\n,]*")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_SPLIT = re.compile(r"\s*[;\n|]\s*")
_NOTHING = frozenset({"", "none", "no", "n/a", "na", "nil", "-", "not applicable"})


class FieldFault(ValueError):
    """A field that cannot be taken; becomes a refused row."""

    def __init__(self, field: str, reason: str, remedy: str = "") -> None:
        super().__init__(reason)
        self.field = field
        self.reason = reason
        self.remedy = remedy or "Correct the field in the venue's export and import it again"


def decode(data: bytes, file: str) -> str:
    """UTF-8 text with or without byte order mark. Raises ConferenceError for any other encoding, and for NUL bytes."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        raise refuse("is not UTF-8", file, line=line, remedy="Save it as UTF-8 and import it again") from None
    if "\x00" in text:
        raise refuse("holds NUL characters", file, remedy="Export it again: this is no text file")
    return text


def elements(text: str, file: str, keys: Iterable[str] = ()) -> Iterator[tuple[int, Any]]:
    """(line, value) of each record of a JSON array, object, JSON lines, or of the arrays under ``keys`` of one object.

    Raises ConferenceError naming the line where the text is no JSON.
    """
    start = len(text) - len(text.lstrip())
    if text[start : start + 1] == "[":
        yield from _array(text, start, file)
        return
    value, end = _decoded(text, start, file)
    if text[end:].strip():
        yield from _lines(text, file)
        return
    held = [key for key in keys if isinstance(value, dict) and isinstance(value.get(key), list)]
    if not held:
        yield text.count("\n", 0, start) + 1, value
    for key in held:
        place = re.search(rf'"{key}"\s*:\s*\[', text)
        if place is not None:
            yield from _array(text, place.end() - 1, file)


def _lines(text: str, file: str) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except (ValueError, RecursionError):
                yield number, None


def _array(text: str, start: int, file: str) -> Iterator[tuple[int, Any]]:
    place = counted = start + 1
    line = text.count("\n", 0, place) + 1
    while True:
        gap = _GAP.match(text, place)
        place = gap.end() if gap else place
        line += text.count("\n", counted, place)
        counted = place
        if place >= len(text):
            raise refuse("ends in the middle of its array", file, line=line, remedy="Export it again: it is cut off")
        if text[place] == "]":
            return
        value, place = _decoded(text, place, file)
        yield line, value


def _decoded(text: str, place: int, file: str) -> tuple[Any, int]:
    try:
        return _DECODER.raw_decode(text, place)
    except json.JSONDecodeError as fault:
        raise refuse(
            f"is no JSON: {fault.msg}", file, line=fault.lineno, remedy="Export it again: it is damaged"
        ) from None
    except (RecursionError, ValueError):
        line = text.count("\n", 0, place) + 1
        raise refuse("is nested too deeply or holds an endless number", file, line=line) from None


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


_DECODER = json.JSONDecoder(parse_constant=_no_constant)


def each(
    file: str, records: Iterable[tuple[int, Any]], make: Callable[[int, Any], T | None]
) -> tuple[list[T], list[Refused]]:
    """Make something of each record; a faulty one becomes a refusal that names file, line and field, and the rest goes on."""
    made: list[T] = []
    refused: list[Refused] = []
    for line, record in records:
        try:
            found = make(line, record)
        except FieldFault as fault:
            refused.append(Refused(file, line, fault.field, fault.reason, fault.remedy))
        else:
            if found is not None:
                made.append(found)
    return made, refused


def text(value: Any, field: str, *, limit: int = _SHORT, needed: bool = False) -> str:
    """A text without control characters, composed (NFC), stripped; numbers are written out, absence is empty."""
    if value is None:
        value = ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise FieldFault(field, "must be a text")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    written = str(value)
    if len(written) > limit:
        raise FieldFault(field, f"is longer than {limit:,} characters")
    if any("\ud800" <= sign <= "\udfff" for sign in written):
        raise FieldFault(field, "holds half a character")
    cleaned = unicodedata.normalize("NFC", _CONTROL.sub(" ", written)).strip()
    if needed and not cleaned:
        raise FieldFault(field, "is missing", f"Give every submission a {field}")
    return cleaned


def long_text(value: Any, field: str) -> str:
    """A text such as an abstract."""
    return text(value, field, limit=_LONG)


def mapping(value: Any, field: str) -> Mapping[str, Any]:
    """A JSON object."""
    if not isinstance(value, Mapping):
        raise FieldFault(field, "must be an object with named fields")
    return value


def items(value: Any, field: str) -> list[Any]:
    """A JSON array; absence is empty."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise FieldFault(field, "must be a list")
    if len(value) > _MOST_AUTHORS:
        raise FieldFault(field, f"has more than {_MOST_AUTHORS:,} entries")
    return value


def year(value: Any) -> int | None:
    """The first calendar year that a value writes out; seconds or milliseconds since 1970 are read, too."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return _year_of_number(float(value))
    found = _YEAR.search(str(value))
    return int(found[0]) if found else None


def _year_of_number(value: float) -> int | None:
    if 1900 <= value < 2100 and value == int(value):
        return int(value)
    seconds = value / 1000 if value > 1e11 else value
    return 1970 + int(seconds // 31_556_952) if 3e8 < seconds < 4e9 else None


def several(value: Any, field: str) -> tuple[str, ...]:
    """Names in a list, or in one text parted by semicolons, bars or new lines; "none" is no name."""
    parts = value if isinstance(value, list) else _SPLIT.split(text(value, field, limit=_LONG))
    found = [text(part, field) for part in parts]
    return tuple(part for part in found if part.casefold() not in _NOTHING)


def statement(intended_use: Any, funders: Any, partners: Any) -> Statement | None:
    """The statement, or None where none of its three questions was put."""
    if intended_use is None and funders is None and partners is None:
        return None
    return Statement(
        intended_use=long_text(intended_use, "intended_use"),
        funders=several(funders, "funders"),
        partners=several(partners, "partners"),
    )


def authors(made: Iterable[Author]) -> tuple[Author, ...]:
    """The authorship entries that say anything at all."""
    return tuple(author for author in made if author.name or author.email or author.affiliation or author.profile_id)


def json_depth_holds(value: Any, depth: int = 0) -> bool:
    """Whether a value kept as it came is flat enough to be written again."""
    if depth > _DEEPEST:
        return False
    if isinstance(value, dict):
        return all(json_depth_holds(inner, depth + 1) for inner in value.values())
    if isinstance(value, list):
        return all(json_depth_holds(inner, depth + 1) for inner in value)
    return True
