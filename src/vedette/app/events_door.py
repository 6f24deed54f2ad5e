"""Events handed in as lines of JSON: read like an export, once each by their ids, with the counts of what became of them.

For ``POST /v1/events``: ``accept(store, body, principal, clock)`` gives an ``Accepted``; answer 202 with ``as_json()``. A line
is a row of a table (``{"table": "signins", "event_id": ..., "time": ...}``, also ``payments`` and ``keys``) or a raw record
of a log product (``{"product": "okta", "event": {...}}``). Findings follow by the watch (``watch``) or the next run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from vedette import accounts, events
from vedette.base import Clock, Json, Principal, VedetteError
from vedette.store import Store

TABLES = ("signins", "payments", "keys")
#: The longest batch: longer ones belong into an export.
MOST_BYTES = 32 * 1024 * 1024
_MOST_TOLD = 100
_TABLE = msgspec.json.Decoder(dict[str, msgspec.Raw])


class BatchRefused(VedetteError):
    """The body is no batch of events, and nothing of it was read."""


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """One line that was not stored, and why. Lines are counted from one."""

    line: int
    reason: str

    def as_json(self) -> dict[str, Json]:
        """As it is answered."""
        return {"line": self.line, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class Accepted:
    """What became of a batch: read = stored + duplicates + refused_count. ``refused`` tells the first hundred."""

    read: int = 0
    stored: int = 0
    duplicates: int = 0
    refused_count: int = 0
    refused: tuple[RefusedLine, ...] = ()
    other: int = 0
    unmapped: int = 0

    def as_json(self) -> dict[str, Json]:
        """The answer of the door."""
        return {
            "read": self.read,
            "stored": self.stored,
            "duplicates": self.duplicates,
            "refused_count": self.refused_count,
            "refused": [item.as_json() for item in self.refused],
            "other": self.other,
            "unmapped": self.unmapped,
        }


@dataclass(slots=True)
class _Sorted:
    """The batch's lines by where they belong, each with its number in the batch."""

    rows: dict[str, list[tuple[int, bytes]]] = field(default_factory=dict)
    refused: list[RefusedLine] = field(default_factory=list)
    read: int = 0


def accept(store: Store, data: bytes, principal: Principal, clock: Clock) -> Accepted:
    """Store the events of a batch that are new. A line that cannot be read is refused and the others are stored.

    The same batch, or the same events in another batch, change nothing. Raises BatchRefused where the body is empty or too
    long.
    """
    if len(data) > MOST_BYTES:
        raise BatchRefused(f"the batch is longer than {MOST_BYTES:,} bytes", remedy="Send it in parts")
    found = _sorted(data)
    if not found.read:
        raise BatchRefused("the batch holds no line", remedy="Send one JSON object a line")
    with TemporaryDirectory(dir=store.workspace.scratch) as name:
        folder = Path(name)
        _write(folder, found)
        intakes = list(events.ingest_tables(store, principal, folder, clock=clock)) if _tables(found) else []
        for product in sorted(set(found.rows) - set(TABLES)):
            identities = accounts.identities(store)
            path = folder / "logs" / product
            intakes.append(events.ingest_logs(store, principal, (path,), product, clock=clock, identities=identities))
    return _accepted(found, {intake.adapter: intake for intake in intakes})


def _tables(found: _Sorted) -> bool:
    return any(name in found.rows for name in TABLES)


def _sorted(data: bytes) -> _Sorted:
    found = _Sorted()
    products = events.log_adapters()
    for number, line in enumerate(data.split(b"\n"), start=1):
        if not line.strip():
            continue
        found.read += 1
        try:
            name, row = _placed(line, products)
        except VedetteError as fault:
            found.refused.append(RefusedLine(number, fault.problem))
        else:
            found.rows.setdefault(name, []).append((number, row))
    return found


def _placed(line: bytes, products: Mapping[str, object]) -> tuple[str, bytes]:
    """The table or product of a line, and the row or record without what only says that."""
    try:
        record = _TABLE.decode(line)
        table = msgspec.json.decode(record.pop("table", msgspec.Raw(b"null")), type=str | None)
        product = msgspec.json.decode(record.pop("product", msgspec.Raw(b"null")), type=str | None)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        raise BatchRefused("is no JSON object with a table or a product") from None
    if table in TABLES and product is None:
        return table, msgspec.json.encode(record)
    if product is not None and product in products and table is None:
        if set(record) != {"event"} or not bytes(record["event"]).lstrip().startswith(b"{"):
            raise BatchRefused("a record of a product stands alone under 'event', as an object")
        return product, bytes(record["event"])
    known = ", ".join((*TABLES, *sorted(products)))
    raise BatchRefused(f"names no table or product that is read: one of {known}")


def _write(folder: Path, found: _Sorted) -> None:
    for name, rows in found.rows.items():
        path = folder / f"{name}.jsonl" if name in TABLES else folder / "logs" / name / "events.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"".join(row.replace(b"\r", b" ").replace(b"\n", b" ") + b"\n" for _, row in rows))


def _accepted(found: _Sorted, intakes: Mapping[str, events.Intake]) -> Accepted:
    refused = sorted([*found.refused, *_refused(found, intakes)], key=lambda item: item.line)
    count = len(found.refused) + sum(item.refused_count for item in intakes.values())
    for name, rows in found.rows.items():
        if name not in intakes or intakes[name].faults:
            # A file refused whole stores nothing: every line of it is told as refused.
            count += len(rows) - (intakes[name].read if name in intakes else 0)
            reason = intakes[name].faults[0] if name in intakes else "could not be read"
            refused.extend(RefusedLine(number, reason) for number, _ in rows)
    return Accepted(
        read=found.read,
        stored=sum(item.stored for item in intakes.values()),
        duplicates=sum(item.duplicates for item in intakes.values()),
        refused_count=count,
        refused=tuple(refused[:_MOST_TOLD]),
        other=sum(item.other for item in intakes.values()),
        unmapped=sum(sum(item.unmapped.values()) for item in intakes.values()),
    )


def _refused(found: _Sorted, intakes: Mapping[str, events.Intake]) -> Iterator[RefusedLine]:
    """What the rooms refused, with the lines of the batch instead of those of the file that was made of it."""
    for name, intake in intakes.items():
        rows = found.rows[name]
        for item in intake.refused:
            place = item.line
            number = rows[place - 1][0] if place is not None and 0 < place <= len(rows) else rows[0][0]
            yield RefusedLine(number, item.reason)
