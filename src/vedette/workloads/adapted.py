"""The words between a telemetry adapter and the store: rows by the list of fields, what is no row, and careful taking of values.

Free text cannot pass: a name is a short word of plain letters, an accelerator is a known or a maker's name, and what tenants
call their pods is kept as a digest only.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import isfinite
from typing import Any, NamedTuple, TypeVar

import msgspec

from vedette import hardware
from vedette.base import VedetteError, to_micros

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@:+-]{0,127}")
_DEVICE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,79}")
_MAKERS = re.compile(
    r"(?:NVIDIA|AMD|Intel|Google|Tesla|GeForce|Quadro)(?:[ _-](?=[A-Za-z0-9.]*\d|RTX|GTX|PCIe|Instinct)[A-Za-z0-9.]{1,10}){1,5}",
    re.IGNORECASE,
)
_SLICE = re.compile(r"(?:[\s._-]*mig)?[\s._-]*(\d)g[._-](\d{1,3})gb(?:[._+-]?me)?", re.IGNORECASE)
_PART = re.compile(
    r"(?:-[0-9a-f]{6,10}-[a-z0-9]{5}|(?:-(?:worker|master|launcher|chief|head|leader|server|replica|ps))?-\d{1,4})$"
)
#: Seconds since 1970 between which a time is possible: 2000 to 2100.
EARLIEST, LATEST = 946_684_800, 4_102_444_800
_MILLISECONDS_FROM = 100_000_000_000
_LONGEST_NUMBER = 40
UNKNOWN = "unknown"

Value = str | int | float | None
_T = TypeVar("_T")


class Document(NamedTuple):
    """One JSON value or one line of a file, with the line where it begins."""

    line: int
    body: bytes


class Holder(NamedTuple):
    """A name under which a tool knows an account: its kind (principal or tenant) and the name itself."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row for a form of this room. Times are microseconds since 1970.

    ``holders`` gives for each column of an account the names that may tell it, the nearest first. ``unowned`` says why a row of
    no known account is passed over rather than refused; blank where it must be refused.
    """

    form: str
    values: Mapping[str, Value]
    holders: Mapping[str, tuple[Holder, ...]]
    line: int = 1
    unowned: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """Something that should have become a row. The reason holds nothing of the file's text."""

    line: int
    reason: str
    remedy: str = "Correct it at its source and ingest the file again"
    field: str = ""


@dataclass(frozen=True, slots=True)
class Ignored:
    """Things that are no row of this room, counted by reason."""

    reason: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Note:
    """What a reader of the summary must know of a file."""

    text: str


Found = Row | Refused | Ignored | Note


class AdaptedFault(VedetteError):
    """A file that is not of the adapter's format at all, so that it is refused whole."""


@dataclass(slots=True)
class Counts:
    """Counts by reason that become ``Ignored`` at the end."""

    held: dict[str, int] = field(default_factory=dict)

    def add(self, reason: str, count: int = 1) -> None:
        """Count some more."""
        if count:
            self.held[reason] = self.held.get(reason, 0) + count

    def found(self) -> Iterator[Found]:
        """What was counted."""
        yield from (Ignored(reason, count) for reason, count in self.held.items())

    def notes(self) -> Iterator[Found]:
        """The same as notes: what was mended in rows that are kept."""
        yield from (Note(f"{count:,} {reason}") for reason, count in self.held.items())


def decoded(body: bytes | msgspec.Raw, kind: type[_T]) -> _T | None:
    """The JSON value as an object of that kind, which holds the fields it names and no others; None where it is none."""
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return None


def name_of(value: Any) -> str | None:
    """The value if it is a name that a machine gave: at most 128 letters, digits and ``._@:+-``; paths and sentences are none."""
    text = str(value) if type(value) in (str, int) else ""
    return text if _NAME.fullmatch(text) else None


def device_of(value: Any) -> str | None:
    """The value if it is the serial or the id of a device."""
    return value if type(value) is str and _DEVICE.fullmatch(value) else None


def holders_of(*names: tuple[str, Any]) -> tuple[Holder, ...]:
    """Holders from (kind, value) in this order; what is no name is left out."""
    found = ((kind, name_of(value)) for kind, value in names)
    return tuple(Holder(kind, name) for kind, name in found if name)


def accelerator_of(value: Any, profile: Any = "") -> str:
    """The accelerator's name, with its MIG slice as `` MIG 1g.10gb``; ``unknown`` for a text that no maker would write."""
    text = value if type(value) is str and len(value) <= 80 else ""
    cut = _SLICE.search(text) or (_SLICE.fullmatch(profile) if type(profile) is str else None)
    plain = " ".join(_SLICE.sub(" ", text).split()) if cut else text.strip()
    known = hardware.find(plain) is not None and _NAME.fullmatch(re.sub(r"[ ()]", "-", plain)) is not None
    if not known and not _MAKERS.fullmatch(plain):
        plain = UNKNOWN
    return f"{plain} MIG {cut[1]}g.{cut[2]}gb" if cut else plain


def workload_of(namespace: Any, pod: Any) -> str | None:
    """The id of the job that a pod belongs to: a digest, because tenants write what they like into names of pods.

    The number of a replica and the random endings of controllers are left out, so that the pods of one job share its id.
    """
    if type(pod) is not str or not 0 < len(pod) <= 253:
        return None
    stem = _PART.sub("", pod) or pod
    return "pod-" + hashlib.sha256(f"{namespace}\n{stem}".encode("utf-8", "replace")).hexdigest()[:16]


def number_of(value: Any) -> float | None:
    """A finite number, also where it is written as text."""
    kind = type(value)
    if (kind is not str or len(value) > _LONGEST_NUMBER) and kind is not float and kind is not int:
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if isfinite(number) else None


def micros_of(value: Any) -> int | None:
    """Microseconds since 1970 of ISO 8601 (without zone: UTC) or of seconds or milliseconds; None outside 2000 to 2100."""
    if type(value) is str and not value.replace(".", "", 1).isdigit():
        try:
            when = datetime.fromisoformat(value.strip()[:40])
        except ValueError:
            return None
        seconds: float | None = to_micros(when if when.tzinfo else when.replace(tzinfo=UTC)) / 1e6
    else:
        seconds = number_of(value)
        if seconds is not None and seconds >= _MILLISECONDS_FROM:
            seconds /= 1_000
    if seconds is None or not EARLIEST <= seconds <= LATEST:
        return None
    return round(seconds * 1_000_000)


def elements(
    documents: Iterable[Document], kind: type[_T], refused: list[Refused], what: str
) -> Iterator[tuple[int, _T]]:
    """(line, object) of each document; those that are none are added to ``refused``."""
    for document in documents:
        found = decoded(document.body, kind)
        if found is None:
            refused.append(Refused(document.line, f"is no {what}"))
        else:
            yield document.line, found
