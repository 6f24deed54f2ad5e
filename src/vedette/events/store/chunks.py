"""Gathers events into column chunks and hands them to DuckDB: the hot path of reading logs."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

import msgspec
import numpy as np

from vedette.events.mask import Masker
from vedette.events.model import Event
from vedette.events.records import Item

CHUNK = 50_000
#: Columns of ``incoming`` that an Event fills, in its order; times, flags and the mail address are treated apart.
TEXTS = tuple(name for name in Event.__struct_fields__ if name not in ("time_us", "mfa", "principal_email"))
_SAFE = frozenset({"act", "outcome", "service", "region", "ip", "principal_type", "resource_type"})
_FIELDS = attrgetter(*TEXTS)
_ESCAPED_AT = b"\\u0040"
_encode = msgspec.json.Encoder().encode

CREATE = (
    "CREATE OR REPLACE TEMP TABLE incoming (file_no BIGINT, line BIGINT, time_us BIGINT, mfa VARCHAR, "
    "principal_email_token VARCHAR, raw VARCHAR, extra VARCHAR, " + ", ".join(f"{name} VARCHAR" for name in TEXTS) + ")"
)


@dataclass(slots=True)
class Chunk:
    """Events of one file that are not yet in DuckDB."""

    file_no: int
    masker: Masker
    lines: list[int] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    raws: list[str] = field(default_factory=list)
    extras: list[str | None] = field(default_factory=list)

    def add(self, item: Item, event: Event) -> None:
        """One more event, with the record it came from."""
        self.lines.append(item.line)
        self.events.append(event)
        raw = item.raw if _ESCAPED_AT not in item.raw else _encode(item.record)
        self.raws.append(self.masker.mask(raw.decode("utf-8", "replace")))
        self.extras.append(self.masker.mask(_encode(item.around).decode()) if item.around else None)

    def __len__(self) -> int:
        return len(self.events)

    def flush(self, connection: Any) -> None:
        """Append everything to the table ``incoming`` and begin anew."""
        if not self.events:
            return
        columns = self._columns()
        connection.register("chunk__", columns)
        connection.execute("INSERT INTO incoming BY NAME SELECT * FROM chunk__").fetchall()
        connection.unregister("chunk__")
        for held in (self.lines, self.events, self.raws, self.extras):
            held.clear()  # type: ignore[attr-defined]  # four lists of different items

    def _columns(self) -> dict[str, Any]:
        texts: list[Sequence[str | None]] = list(zip(*map(_FIELDS, self.events), strict=True))
        columns = {name: self._masked(name, values) for name, values in zip(TEXTS, texts, strict=True)}
        columns["event_id"] = _objects(list(map(_identity, columns["event_id"], self.raws)))
        emails = [event.principal_email for event in self.events]
        tokens = [None if email is None else self.masker.token(email) for email in emails]
        return {
            **columns,
            "file_no": np.full(len(self.events), self.file_no, np.int64),
            "line": np.array(self.lines, np.int64),
            "time_us": np.array([event.time_us for event in self.events], np.int64),
            "mfa": _objects([None if event.mfa is None else str(event.mfa) for event in self.events]),
            "principal_email_token": _objects(tokens),
            "raw": _objects(self.raws),
            "extra": _objects(self.extras),
        }

    def _masked(self, name: str, values: Sequence[str | None]) -> Any:
        return _objects(values if name in _SAFE else self.masker.column(values))


def _objects(values: Sequence[str | None]) -> Any:
    return np.array(values, dtype=object)


def _identity(event_id: str | None, raw: str) -> str:
    """The product's id, else one derived from the content: equal records are then one."""
    return event_id or f"content-{hashlib.sha256(raw.encode()).hexdigest()[:32]}"
