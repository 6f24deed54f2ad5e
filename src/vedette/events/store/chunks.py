"""Gathers events into columns and writes them to scratch files for DuckDB: the hot path of reading logs.

Scratch Parquet instead of a growing table: measured seven times faster than appending, and memory stays bounded.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from operator import attrgetter
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from vedette.events.mask import Masker
from vedette.events.model import Event
from vedette.events.records import Item
from vedette.store.engines.duckdb import DuckEngine, literal

_CHUNK_EVENTS = 50_000
_CHUNK_BYTES = 128 * 1024 * 1024
#: Columns of ``incoming`` that an Event fills, in its order; times, flags and the mail address are treated apart.
TEXTS = tuple(name for name in Event.__struct_fields__ if name not in ("time_us", "mfa", "principal_email"))
_SAFE = frozenset({"act", "outcome", "service", "region", "ip", "principal_type", "resource_type"})
_FIELDS = attrgetter(*TEXTS)
_ESCAPED_AT = b"\\u0040"
_encode = msgspec.json.Encoder().encode


class Gathered:
    """Events on their way from files to the lake, numbered in order of arrival."""

    def __init__(self, engine: DuckEngine, scratch: Path, masker: Masker) -> None:
        self._connection = engine.connection
        self._scratch = scratch
        self._masker = masker
        self._written: list[Path] = []
        self._count = 0
        self._begin()

    def _begin(self) -> None:
        self._files: list[int] = []
        self._lines: list[int] = []
        self._events: list[Event] = []
        self._raws: list[str] = []
        self._extras: list[str | None] = []
        self._bytes = 0

    def add(self, file_no: int, item: Item, event: Event) -> None:
        """One more event, with the record it came from."""
        raw = self._raw(item)
        self._files.append(file_no)
        self._lines.append(item.line)
        self._events.append(event)
        self._raws.append(self._masker.mask(raw.decode("utf-8", "replace")))
        self._extras.append(self._masker.mask(_encode(item.around).decode()) if item.around else None)
        self._bytes += len(raw)
        if len(self._events) >= _CHUNK_EVENTS or self._bytes >= _CHUNK_BYTES:
            self._flush()

    def _raw(self, item: Item) -> bytes:
        """The record's bytes as they came, written anew only where something personal must be taken out."""
        if self._masker.names_people:
            return _encode(self._masker.without_names(item.record))
        return item.raw if _ESCAPED_AT not in item.raw else _encode(item.record)

    def _flush(self) -> None:
        columns = self._columns()
        target = self._scratch / f"incoming-{uuid.uuid4().hex}.parquet"
        self._written.append(target)
        self._connection.register("chunk__", columns)
        self._connection.execute(f"COPY (SELECT * FROM chunk__) TO {literal(str(target))} (FORMAT parquet)").fetchall()
        self._connection.unregister("chunk__")
        self._begin()

    def _columns(self) -> dict[str, Any]:
        count = len(self._events)
        texts: list[Sequence[str | None]] = list(zip(*map(_FIELDS, self._events), strict=True)) or [()] * len(TEXTS)
        columns = {name: self._masked(name, values) for name, values in zip(TEXTS, texts, strict=True)}
        columns["event_id"] = _texts(list(map(_identity, columns["event_id"], self._raws)))
        emails = [event.principal_email for event in self._events]
        first, self._count = self._count, self._count + count
        return {
            **columns,
            "n": np.arange(first, first + count),
            "file_no": np.array(self._files, np.int64),
            "line": np.array(self._lines, np.int64),
            "time_us": np.array([event.time_us for event in self._events], np.int64),
            "mfa": _texts([None if event.mfa is None else str(event.mfa) for event in self._events]),
            "principal_email_token": _texts([email and self._masker.token(email) for email in emails]),
            "raw": _texts(self._raws),
            "extra": _texts(self._extras),
        }

    def _masked(self, name: str, values: Sequence[str | None]) -> Any:
        return _texts(values if name in _SAFE else self._masker.column(values))

    def publish(self, without: set[int]) -> None:
        """Make the view ``incoming`` over everything gathered, except the files of these numbers."""
        if self._events or not self._written:
            self._flush()
        paths = ", ".join(literal(str(path)) for path in self._written)
        typed = ", ".join(
            f"{name}::VARCHAR AS {name}" for name in (*TEXTS, "mfa", "principal_email_token", "raw", "extra")
        )
        refused = f"WHERE file_no NOT IN ({', '.join(map(str, sorted(without)))})" if without else ""
        self._connection.execute(
            f"CREATE OR REPLACE TEMP VIEW incoming AS SELECT n, file_no, line, time_us, {typed} FROM read_parquet([{paths}]) {refused}"
        ).fetchall()

    def discard(self) -> None:
        """Remove the scratch files."""
        for path in self._written:
            path.unlink(missing_ok=True)


def _texts(values: Sequence[str | None]) -> Any:
    return np.array(values, dtype=object)


def _identity(event_id: str | None, raw: str) -> str:
    """The product's id, else one derived from the content: equal records are then one."""
    return event_id or f"content-{hashlib.sha256(raw.encode()).hexdigest()[:32]}"
