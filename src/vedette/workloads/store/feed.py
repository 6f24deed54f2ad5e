"""Takes a tool's telemetry into the lake: rows by the list of fields, each given its account, then taken in like an export."""

from __future__ import annotations

import tempfile
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Any

import msgspec

from vedette.base import Clock, Place, Principal, from_micros, iso
from vedette.events.model import Intake
from vedette.events.records import pieces
from vedette.events.store.rows import combined
from vedette.store import Store
from vedette.store.engines.duckdb import literal
from vedette.store.intake import FileRefused, Refusal, blemish, fingerprint, marked
from vedette.workloads.adapted import AdaptedFault, Document, Holder, Ignored, Note, Refused, Row
from vedette.workloads.discover import Telemetry, telemetry_adapter
from vedette.workloads.forms import FORMS, FRACTIONS
from vedette.workloads.store.intake import ingest

#: A value that is longer cannot be decoded within the memory that the job has.
LONGEST_VALUE = 64 * 1024 * 1024
_LONGEST_LINE = 16 * 1024 * 1024
_SHOWN = 1_000
_DIGITS = 6
_ACCOUNTS = ("account_id", "src_account_id", "dst_account_id")
_TIMES = frozenset(item.name for form in FORMS for item in form.fields if item.kind == "time")
_FIELDS = {form.name: frozenset(item.name for item in form.fields) for form in FORMS}
_encode = msgspec.json.Encoder().encode
_SPLIT = "Export a shorter stretch of time into each file"

#: (kind, external id) -> (account, valid from, valid to) in microseconds; None is open.
Owners = Mapping[tuple[str, str], list[tuple[str, int | None, int | None]]]


@dataclass(slots=True)
class _Taken:
    """One file on its way: where its rows of each form are written, the lines they come from, and what is no row."""

    path: Path
    number: int
    scratch: Path
    digest: str = ""
    lines: dict[str, array[int]] = field(default_factory=dict)
    refused: list[Refusal] = field(default_factory=list)
    refused_count: int = 0
    ignored: Counter[str] = field(default_factory=Counter)
    unmapped: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    bounded: Counter[str] = field(default_factory=Counter)
    _open: dict[str, IO[bytes]] = field(default_factory=dict)

    def write(self, form: str, line: int, values: Mapping[str, Any]) -> None:
        """One row in the columns of its form."""
        if form not in self._open:
            self._open[form] = self._target(form).open("wb")
            self.lines[form] = array("Q")
        self._open[form].write(_encode(values) + b"\n")
        self.lines[form].append(line)

    def stem(self, form: str) -> str:
        """What the name of the written file begins with: the same whenever the file's content is read."""
        return f"{form}-{self.digest[:12]}-"

    def _target(self, form: str) -> Path:
        return self.scratch / f"{self.stem(form)}{self.number:0{_DIGITS}d}.jsonl"

    def refuse(self, item: Refused) -> None:
        """Count something that should have been a row."""
        self.refused_count += 1
        if len(self.refused) < _SHOWN:
            self.refused.append(Refusal(str(self.path), item.line, item.field, item.reason, item.remedy, ""))

    def close(self, *, keep: bool) -> None:
        """End the writing; the files go where the whole file is refused."""
        for form, file in self._open.items():
            file.close()
            if not keep:
                self._target(form).unlink()
        self._open.clear()


def ingest_telemetry(
    store: Store,
    principal: Principal,
    paths: Iterable[Path],
    name: str,
    *,
    clock: Clock,
    identities: str | None = None,
) -> Intake:
    """Read a tool's files, or the folders that hold them. All become visible together, or none.

    ``identities`` is SQL of a relation (account_id, product, kind, external_id, valid_from_us, valid_to_us): a row belongs to the
    account of the nearest of its names that is exactly one account's at its time. A row of no known account is refused, and the
    names are counted in ``unmapped``; ingest the file again once they are in ``identities``. Raises UnknownTelemetry.
    """
    adapter = telemetry_adapter(name)
    found = [item for given in paths for item in adapter.files_of(given)]
    if not found:
        return Intake(adapter=adapter.id, faults=(f"no file of {adapter.title} was found",))
    owners = _owners(store, adapter.product, identities)
    with tempfile.TemporaryDirectory(dir=store.workspace.scratch) as folder:
        takings, faults = [], []
        for number, path in enumerate(found):
            taken = _Taken(path, number, Path(folder))
            try:
                _translate(taken, adapter, owners)
            except FileRefused as fault:
                faults.append(str(fault))
            else:
                takings.append(taken)
        read = ingest(store, principal, Path(folder), clock=clock)
    return _summed(adapter, takings, read, faults)


def _owners(store: Store, product: str, identities: str | None) -> Owners:
    found: dict[tuple[str, str], list[tuple[str, int | None, int | None]]] = {}
    if identities is None:
        return found
    kind = "CASE WHEN kind IN ('project', 'subscription') THEN 'tenant' ELSE kind END"
    query = (
        f"SELECT DISTINCT {kind}, external_id, account_id, valid_from_us, valid_to_us FROM {identities} "
        f"WHERE product = {literal(product)} AND kind <> 'email'"
    )
    with store.engine([]) as engine:
        for row in engine.rows(query):
            found.setdefault((str(row[0]), str(row[1])), []).append((str(row[2]), row[3], row[4]))
    return found


# -- from a file to rows of the forms


def _translate(taken: _Taken, adapter: Telemetry, owners: Owners) -> None:
    """Write a file's rows. Raises FileRefused, and then leaves none."""
    done = False
    try:
        taken.digest = fingerprint(taken.path)[0]
        for item in adapter.rows(documents(taken, adapter.form)):
            if isinstance(item, Row):
                _place(taken, item, owners)
            elif isinstance(item, Refused):
                taken.refuse(item)
            elif isinstance(item, Ignored):
                taken.ignored[item.reason] += item.count
            else:
                assert isinstance(item, Note)
                taken.notes.append(f"{taken.path.name}: {item.text}")
        taken.notes += [f"{count:,} values of {name} outside 0..1: bounded" for name, count in taken.bounded.items()]
        done = True
    except AdaptedFault as fault:
        place = replace(fault.place, file=str(taken.path))
        raise FileRefused(fault.problem, place=place, remedy=fault.remedy) from None
    finally:
        taken.close(keep=done)


def documents(taken: _Taken, form: str) -> Iterator[Document]:
    """The JSON values or the lines of a file; what is damaged is refused with its line. Raises FileRefused."""
    for piece in pieces(taken.path):
        if form == "json" and piece.whole:
            if len(piece.body) > LONGEST_VALUE:
                raise _too_long(taken.path)
            yield from _sound(taken, piece.line, piece.body)
            continue
        for number, line in enumerate(piece.body.split(b"\n"), piece.line):
            if len(line) > LONGEST_VALUE:
                raise _too_long(taken.path)
            if line and not line.isspace():
                yield from _sound(taken, number, line)


def _sound(taken: _Taken, line: int, body: bytes) -> Iterator[Document]:
    text = body.decode()
    if marked(text) and (told := blemish(text, _LONGEST_LINE)):
        taken.refuse(Refused(line, told.split("|")[1]))
    else:
        yield Document(line, body)


def _too_long(path: Path) -> FileRefused:
    told = f"holds one value of more than {LONGEST_VALUE // 1024 // 1024} MiB"
    return FileRefused(told, place=Place(str(path)), remedy=_SPLIT)


def _place(taken: _Taken, row: Row, owners: Owners) -> None:
    """Write a row with its accounts, or pass over one that is nobody's."""
    if not row.values.keys() <= _FIELDS[row.form] - set(_ACCOUNTS):
        raise ValueError(f"an adapter gives fields that {row.form} does not have")
    time = row.values.get("time", row.values.get("started_at"))
    accounts = {name: _account(names, time, owners) for name, names in row.holders.items()}
    if not any(accounts.values()):
        if row.unowned:
            taken.ignored[row.unowned] += 1
            return
        names = [holder.name for held in row.holders.values() for holder in held] or ["(no name)"]
        taken.unmapped[names[0]] += 1
    values = {name: _written(taken, name, value) for name, value in row.values.items()}
    for name in [name for name, account in accounts.items() if account is None and name != "account_id"]:
        # What lies outside the provider stays without a name.
        values.pop(name.replace("account_id", "node"), None)
    taken.write(row.form, row.line, {**values, **accounts})


def _written(taken: _Taken, name: str, value: Any) -> Any:
    """A value as the form reads it. Shares are bounded here already: an adapter knows its units, and none writes percent."""
    if name in _TIMES and value is not None:
        return iso(from_micros(value))
    if name in FRACTIONS and value is not None and not 0 <= value <= 1:
        taken.bounded[name] += 1
        return min(max(value, 0.0), 1.0)
    return value


def _account(names: Iterable[Holder], time: Any, owners: Owners) -> str | None:
    """The account of the nearest name that is exactly one account's at that time."""
    for holder in names:
        known = {
            account
            for account, since, until in owners.get((holder.kind, holder.name), ())
            if (since is None or time is None or since <= time) and (until is None or time is None or time < until)
        }
        if len(known) == 1:
            return known.pop()
    return None


# -- what came of it


def _summed(adapter: Telemetry, takings: list[_Taken], read: Iterable[Intake], faults: list[str]) -> Intake:
    """One intake of all files: the rows' own, and what never was a row of a form."""
    lines = {taken.stem(form): (taken, held) for taken in takings for form, held in taken.lines.items()}
    parts = [
        replace(item, adapter=adapter.id, refused=tuple(_told(one, lines) for one in item.refused)) for item in read
    ]
    parts += [
        Intake(
            adapter=adapter.id,
            read=taken.refused_count,
            refused_count=taken.refused_count,
            refused=tuple(taken.refused),
            ignored=dict(taken.ignored),
            unmapped=dict(taken.unmapped),
            notes=tuple(taken.notes),
        )
        for taken in takings
    ]
    parts.append(Intake(adapter=adapter.id, faults=tuple(faults)))
    whole = combined(parts)[0]
    ignored = tuple(f"ignored: {count:,} {reason}" for reason, count in sorted(whole.ignored.items()))
    unmapped = (_missing(whole.unmapped),) if whole.unmapped else ()
    shown = sorted(whole.refused, key=lambda item: (item.file, item.line))[:_SHOWN]
    return replace(whole, refused=tuple(shown), notes=(*ignored, *whole.notes, *unmapped))


def _told(item: Refusal, lines: Mapping[str, tuple[_Taken, array[int]]]) -> Refusal:
    """A refusal of the written row as one of the line that it comes from."""
    taken, held = lines.get(Path(item.file).stem[:-_DIGITS], (None, None))
    if taken is None or held is None:
        return item
    found = replace(item, file=str(taken.path), line=held[item.line - 1])
    if item.field != "account_id":
        return found
    remedy = "Add the names that the summary lists to identities and ingest the file again, or write the account into the kept row"
    return replace(found, reason="belongs to no known account", remedy=remedy)


def _missing(unmapped: Mapping[str, int]) -> str:
    ordered = sorted(unmapped.items(), key=lambda pair: (-pair[1], pair[0]))
    names = ", ".join(f"{name} ({count:,})" for name, count in ordered[:20])
    more = f" and {len(ordered) - 20:,} more" if len(ordered) > 20 else ""
    return f"names that belong to no known account: {names}{more}"
