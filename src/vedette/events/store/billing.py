"""Reads billing exports into the lake's payments: translated to the form of payments, then taken in by the same checks."""

from __future__ import annotations

import json
import tempfile
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import IO, Any

from vedette.audit import writing
from vedette.base import Clock, Principal, from_micros, iso, to_micros
from vedette.events.billing.cards import holds_card, without_cards
from vedette.events.billing.discover import BillingAdapter, billing_adapters
from vedette.events.billing.model import BillingFault, Ignored, Payment
from vedette.events.billing.read import billing_records
from vedette.events.discover import UnknownAdapter
from vedette.events.forms import PAYMENTS, plausible
from vedette.events.model import Intake, RecordFault
from vedette.events.records import Item, log_files
from vedette.events.store.refused import RefusedRecords
from vedette.events.store.rows import Batch, combined, new_rows, stage_payments
from vedette.store import Store
from vedette.store.engines.duckdb import DuckEngine, literal
from vedette.store.intake import FileRefused, Form, Reading, Refusal, fingerprint, read, write_refused

_SHOWN = 1_000
_AT_ONCE = 500
_KEPT = "Correct the record and ingest it again"
_IDS = ("payment_id", "account_id")
_CARD_AS_ID = "Write an id of fewer than 13 digits in a row; a card number is never stored"
_COLUMNS = tuple(item.name for item in PAYMENTS.fields if item.name not in ("time", "account_id"))

#: External id -> (account, valid from, valid to) in microseconds; None is open.
Owners = Mapping[str, list[tuple[str, int | None, int | None]]]


@dataclass(slots=True)
class Translated:
    """One export file on its way: rows in the form of payments with the lines they come from, and what is no row."""

    path: Path
    refused: RefusedRecords
    lines: array[int] = field(default_factory=lambda: array("Q"))
    ignored: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)
    refusals: list[Refusal] = field(default_factory=list)
    _waiting: list[tuple[Item, str]] = field(default_factory=list)

    def refuse(self, item: Item, fault: RecordFault) -> None:
        """Keep a record that is refused, without anything like a card number in it."""
        name = fault.field if isinstance(fault, BillingFault) else ""
        raw = without_cards(item.raw.decode("utf-8", "replace"))
        if len(self.refusals) < _SHOWN:
            reason = without_cards(fault.problem)
            self.refusals.append(Refusal(str(self.path), item.line, name, reason, fault.remedy or _KEPT, ""))
        self._waiting.append((Item(item.line, None, raw.encode()), fault.problem))
        if len(self._waiting) >= _AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Write what was refused since the last time."""
        if self._waiting:
            self.refused.add(self._waiting)
            self._waiting.clear()


def ingest_billing(
    store: Store,
    principal: Principal,
    paths: Iterable[Path],
    product: str,
    *,
    clock: Clock,
    identities: str | None = None,
    advance: Callable[[int], None] = lambda _n: None,
) -> Intake:
    """Read billing exports, or the folders that hold them, into ``payments``. All become visible together, or none.

    ``identities`` is SQL of a relation as for ``ingest_logs``. A payment belongs to the account that its record names, else to
    the one that ``identities`` gives for its customer at that time; else it is refused. Records that are no payment received are
    counted in ``ignored`` by reason. Raises UnknownAdapter.
    """
    known = billing_adapters()
    if product not in known:
        raise UnknownAdapter(f"no billing adapter {product!r}", remedy=f"One of: {', '.join(sorted(known))}")
    adapter = known[product]
    found = [item for given in paths for item in log_files(given, adapter)]
    if not found:
        return Intake(adapter=adapter.id, faults=(f"no file of {adapter.title} was found",))
    received = to_micros(clock.now())
    form = _form(adapter, received)
    batch = Batch(form, [], [])
    with store.engine(["payments"]) as engine, tempfile.TemporaryDirectory(dir=store.workspace.scratch) as scratch:
        owners = _owners(engine, adapter.product, identities)
        taken = [_take(store, engine, batch, path, adapter, owners, Path(scratch)) for path in found]
        files = [item for item in taken if item is not None]
        advance(sum(item.read for item in batch.readings))
        if batch.readings:
            stored = _commit(store, engine, batch, principal, adapter, clock)
            for number, (reading, file) in enumerate(zip(batch.readings, files, strict=True)):
                batch.intakes.append(_intake(adapter, reading, file, stored.get(number, 0)))
    return combined(batch.intakes)[0]


def _form(adapter: BillingAdapter, received: int) -> Form:
    """The form of payments, where a blank account is mended as the adapter says."""
    form = plausible(PAYMENTS, received)
    remedies = {"account_id": adapter.customer_remedy, "payment_id": _CARD_AS_ID}
    fields = tuple(replace(item, remedy=remedies.get(item.name, item.remedy)) for item in form.fields)
    return replace(form, fields=fields)


def _owners(engine: DuckEngine, product: str, identities: str | None) -> Owners:
    if identities is None:
        return {}
    found: dict[str, list[tuple[str, int | None, int | None]]] = {}
    query = (
        f"SELECT DISTINCT external_id, account_id, valid_from_us, valid_to_us FROM {identities} "
        f"WHERE product = {literal(product)} AND kind <> 'email'"
    )
    for name, *owner in engine.rows(query):
        found.setdefault(str(name), []).append((owner[0], owner[1], owner[2]))
    return found


def _take(
    store: Store,
    engine: DuckEngine,
    batch: Batch,
    path: Path,
    adapter: BillingAdapter,
    owners: Owners,
    scratch: Path,
) -> Translated | None:
    """Read one file into the batch; None where it is refused whole or holds no payment."""
    number = len(batch.readings)
    refused = RefusedRecords(path, store.workspace.refused)
    target = scratch / f"{number}.jsonl"
    try:
        refused.digest = fingerprint(path)[0]
        file = Translated(path, refused)
        _translate(file, adapter, owners, target)
        if not file.lines:
            refused.close()
            batch.intakes.append(_empty(adapter, file))
            return None
        reading = read(engine.connection, target, batch.form, into=f"billing_{number}")
    except FileRefused as fault:
        refused.discard()
        batch.intakes.append(Intake(adapter=adapter.id, faults=(without_cards(str(fault)),)))
        return None
    refused.close()
    told = tuple(replace(item, file=str(path), line=file.lines[item.line - 1]) for item in reading.refused)
    reading = replace(reading, file=str(path), refused=told)
    write_refused(engine.connection, reading, store.workspace.refused)
    batch.readings.append(reading)
    return file


def _translate(file: Translated, adapter: BillingAdapter, owners: Owners, target: Path) -> None:
    """Write the payments of a file as rows of the form; those that tell less than another record come last."""
    later: list[tuple[int, str]] = []
    with target.open("w", encoding="utf-8") as rows:
        for item in billing_records(file.path, adapter):
            payment = _payment(file, adapter, item)
            if payment is None:
                continue
            row = json.dumps(_row(payment, owners))
            if payment.whole:
                _write(file, rows, item.line, row)
            else:
                later.append((item.line, row))
        for line, row in later:
            _write(file, rows, line, row)
    file.flush()


def _write(file: Translated, rows: IO[str], line: int, row: str) -> None:
    file.lines.append(line)
    rows.write(row + "\n")


def _payment(file: Translated, adapter: BillingAdapter, item: Item) -> Payment | None:
    """The payment of a record; None where it is ignored or refused, which is noted."""
    try:
        if item.record is None:
            raise RecordFault(item.fault)
        found = adapter.payment(item.record)
    except RecordFault as fault:
        file.refuse(item, fault)
        return None
    if isinstance(found, Ignored):
        file.ignored[found.reason] += 1
        return None
    if found.unknown:
        file.unknown[without_cards(found.unknown)[:60]] += 1
    return found


def _row(payment: Payment, owners: Owners) -> dict[str, str | None]:
    """A payment in the columns of the form: texts without card numbers, an id that holds one blank."""
    held: dict[str, Any] = asdict(payment)
    row: dict[str, Any] = {name: held[name] for name in _COLUMNS}
    row["account_id"] = payment.account_id or _owner(payment, owners)
    row["time"] = iso(from_micros(payment.time_us))
    return {name: _clean(name, text) for name, text in row.items()}


def _clean(name: str, text: str | None) -> str | None:
    if text is None or not holds_card(text) or name in ("time", "amount"):
        return text
    return None if name in (*_IDS, "instrument_id", "wallet") else without_cards(text)


def _owner(payment: Payment, owners: Owners) -> str | None:
    """The account of the customer at the time of the payment, where it is exactly one."""
    found = {
        account
        for account, since, until in owners.get(payment.customer or "", ())
        if (since is None or since <= payment.time_us) and (until is None or payment.time_us < until)
    }
    return found.pop() if len(found) == 1 else None


def _commit(
    store: Store, engine: DuckEngine, batch: Batch, principal: Principal, adapter: BillingAdapter, clock: Clock
) -> dict[int, int]:
    """Store the new payments; returns how many of each file."""
    with writing(store, principal, "events.ingest_billing", clock=clock) as act:
        new = new_rows(engine, batch)
        stage_payments(store, engine, act, new, to_micros(clock.now()))
        act.fact("adapter", adapter.id)
        return {int(n): int(count) for n, count in engine.rows(f"SELECT file__, count(*) FROM {new} GROUP BY file__")}


def _intake(adapter: BillingAdapter, reading: Reading, file: Translated, stored: int) -> Intake:
    return Intake(
        adapter=adapter.id,
        read=reading.read + file.refused.count,
        stored=stored,
        known=stored,
        duplicates=reading.read - stored - reading.refused_count,
        refused_count=reading.refused_count + file.refused.count,
        refused=tuple(sorted((*file.refusals, *reading.refused), key=lambda item: item.line))[:_SHOWN],
        ignored=dict(file.ignored),
        notes=(adapter.note, *_notes(file)),
    )


def _empty(adapter: BillingAdapter, file: Translated) -> Intake:
    """What came of a file in which no record is a payment received."""
    return Intake(
        adapter=adapter.id,
        read=file.refused.count,
        refused_count=file.refused.count,
        refused=tuple(file.refusals),
        ignored=dict(file.ignored),
        notes=(adapter.note, *_notes(file)),
    )


def _notes(file: Translated) -> tuple[str, ...]:
    """What is set aside, said in words with counts."""
    told = []
    if file.ignored:
        told.append(f"{file.path.name}: ignored, not in read: {_counted(file.ignored)}")
    if file.unknown:
        told.append(f"{file.path.name}: means of payment of no known kind, left blank: {_counted(file.unknown)}")
    return tuple(told)


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{name} ({number:,})" for name, number in counts.most_common(20))
