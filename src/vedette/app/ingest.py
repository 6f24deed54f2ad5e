"""Reads exports and raw logs: each room its own tables, the counts of all of them side by side, nothing lost between."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

from vedette.base import Clock, Json, Place, Principal, VedetteError
from vedette.store import Store


class IngestError(VedetteError):
    """What was named cannot be ingested."""


class Counted(Protocol):
    """What every room says of a reading: read = stored + duplicates + refused_count."""

    adapter: str
    read: int
    stored: int
    duplicates: int
    refused_count: int

    @property
    def known(self) -> int: ...

    @property
    def other(self) -> int: ...

    def as_json(self) -> dict[str, Json]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Rows of somebody's database for one table of an export; ``address`` may hold a password and is never shown."""

    address: str = field(repr=False)
    table: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to ingest: export folders, files with an adapter, addresses of buckets, or a query; a mapping for a stranger's columns.

    ``endpoint`` is where the buckets lie, Amazon where it is None.
    """

    paths: tuple[Path, ...] = ()
    objects: tuple[str, ...] = ()
    endpoint: str | None = None
    query: Query | None = None
    adapter: str | None = None
    mapping: Path | None = None


def order_of(
    names: Iterable[str],
    *,
    query: Query | None = None,
    adapter: str | None = None,
    mapping: Path | None = None,
    endpoint: str | None = None,
) -> Order:
    """An order for what a person named: addresses of buckets begin with ``s3://``, all else is a path."""
    named = tuple(names)
    return Order(
        paths=tuple(Path(name) for name in named if not name.startswith("s3://")),
        objects=tuple(name for name in named if name.startswith("s3://")),
        endpoint=endpoint,
        query=query,
        adapter=adapter,
        mapping=mapping,
    )


@dataclass(slots=True)
class IngestReport:
    """What every room read; ``faults`` names files refused whole."""

    intakes: list[Counted] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    most_refused: float = 0.01

    @property
    def over_limit(self) -> list[str]:
        """Tables of which more rows were refused than the settings allow."""
        return [item.adapter for item in self.intakes if item.refused_count > self.most_refused * max(item.read, 1)]

    @property
    def refusals(self) -> list[str]:
        """Why the command must end with exit 1: files refused whole, tables over the limit of refused rows."""
        return [*self.faults, *(self._over(item) for item in self.intakes if item.adapter in self.over_limit)]

    def _over(self, item: Counted) -> str:
        """Which share was refused, which is allowed, and the first refusal, so that it can be looked at."""
        told = f"{item.adapter}: too many rows refused: {item.refused_count:,} of {item.read:,}"
        return f"{told}, where the setting max_refused allows {self.most_refused:.2%}{_first(item)}"

    @property
    def failed(self) -> bool:
        """Whether the command must end with exit 1."""
        return bool(self.refusals)

    def total(self) -> dict[str, Json]:
        """The last row of the contract: everything added up."""
        names = ("read", "stored", "known", "other", "duplicates", "refused_count")
        counts: dict[str, Json] = {name: sum(int(getattr(item, name)) for item in self.intakes) for name in names}
        refused = [entry for item in self.intakes for entry in _entries(item.as_json()["refused"])]
        return {"adapter": "all", **counts, "refused": refused}


def _first(item: Counted) -> str:
    first = next(iter(_entries(item.as_json()["refused"])), None)
    return f"; the first is {first['file']}:{first['line']}, {first['reason']}" if isinstance(first, dict) else ""


def _entries(value: Json) -> Sequence[Json]:
    return value if isinstance(value, list) else ()


def ingest_all(
    store: Store,
    principal: Principal,
    order: Order,
    *,
    clock: Clock,
    advance: Callable[[int], None] = lambda _n: None,
    most_refused: float = 0.01,
) -> IngestReport:
    """Read what was ordered. Raises IngestError where it names nothing that can be read."""
    report = IngestReport(most_refused=most_refused)
    if order.query is not None:
        _queried(store, principal, order.query, clock, advance, report)
    for address in order.objects:
        _objects(store, principal, order, address, clock, advance, report)
    if order.paths:
        _paths(store, principal, order, clock, advance, report)
    return report


def _paths(
    store: Store,
    principal: Principal,
    order: Order,
    clock: Clock,
    advance: Callable[[int], None],
    report: IngestReport,
) -> None:
    if order.adapter is not None:
        _logs(store, principal, order.paths, order.adapter, clock, report)
        return
    for path in order.paths:
        if not path.is_dir():
            raise IngestError(
                "is no export folder", place=Place(str(path)), remedy="Name a folder, or give --adapter for raw logs"
            )
        with TemporaryDirectory(dir=store.workspace.scratch) as scratch:
            folder = _mapped(path, order.mapping, Path(scratch), report)
            _export(store, principal, folder, clock, advance, report)


def _objects(
    store: Store,
    principal: Principal,
    order: Order,
    address: str,
    clock: Clock,
    advance: Callable[[int], None],
    report: IngestReport,
) -> None:
    """Read the objects of a bucket that were not read yet as files would be read; what is told names the bucket."""
    from vedette.app import objects

    source = objects.Source(address=address, endpoint=order.endpoint, adapter=order.adapter, mapping=order.mapping)
    read = 0
    for lot in objects.lots(store, source):
        found = IngestReport()
        if lot.etags:
            read += len(lot.etags)
            here = replace(order, paths=(lot.folder,), objects=(), query=None)
            _paths(store, principal, here, clock, advance, found)
            objects.remember(store, principal, source, lot.sound(found.faults), clock=clock)
        told = str(lot.folder)
        report.faults.extend([*lot.faults, *(item.replace(told, address.rstrip("/")) for item in found.faults)])
        report.notes.extend(item.replace(told, address.rstrip("/")) for item in found.notes)
        report.notes.extend([lot.note] if lot.note else [])
        report.intakes.extend(found.intakes)
    if not read:
        report.notes.append(f"{address}: no objects that were not read before")


def _queried(
    store: Store,
    principal: Principal,
    query: Query,
    clock: Clock,
    advance: Callable[[int], None],
    report: IngestReport,
) -> None:
    """Read a query's rows as the file of its table would be read; a refusal's line is the number of the row."""
    from vedette.store.intake.sql_rows import spool_query

    names = _tables()
    if query.table not in names:
        raise IngestError(f"no table {query.table!r} of an export", remedy=f"One of: {', '.join(names)}")
    with TemporaryDirectory(dir=store.workspace.scratch) as scratch:
        count = spool_query(query.address, query.text, Path(scratch) / f"{query.table}.jsonl")
        if count:
            _export(store, principal, Path(scratch), clock, advance, report)
        else:
            report.notes.append(f"{query.table}: the query gives no rows")


def _tables() -> list[str]:
    """The tables of an export that some room reads."""
    from vedette.accounts.forms import FORMS as PARTIES
    from vedette.events.forms import FORMS as EVENTS
    from vedette.workloads.forms import FORMS as WORKLOADS

    return [form.name for form in (*PARTIES, *EVENTS, *WORKLOADS)]


def _mapped(path: Path, mapping: Path | None, scratch: Path, report: IngestReport) -> Path:
    """The folder to read: the export itself, or its canonical rewriting by a saved mapping."""
    if mapping is None:
        return path
    from vedette.accounts import mapping as mapper

    report.notes.extend(mapper.apply(path, mapper.read_mapping(mapping), scratch))
    return scratch


def _export(
    store: Store,
    principal: Principal,
    folder: Path,
    clock: Clock,
    advance: Callable[[int], None],
    report: IngestReport,
) -> None:
    from vedette import accounts, events, workloads

    before = len(report.intakes) + len(report.faults)
    loaded = accounts.load(store, principal, folder, clock=clock)
    _add(report, loaded)
    if any(item.adapter == "identities" and item.stored for item in loaded):
        # A run does so too, as a step of its own: should this process end here, the next run maps them.
        events.remap(store, principal, clock=clock, identities=accounts.identities(store))
    _add(report, events.ingest_tables(store, principal, folder, clock=clock, advance=advance))
    _add(report, workloads.ingest(store, principal, folder, clock=clock, advance=advance))
    for product in _products(folder):
        if any(product in known for known in _adapters()):
            _logs(store, principal, (folder / "logs" / product,), product, clock, report)
        else:
            report.faults.append(f"{folder / 'logs' / product}: no adapter reads logs of this name")
    report.notes.extend(_unread(folder))
    if before == len(report.intakes) + len(report.faults):
        raise IngestError(
            "holds none of the files of an export",
            place=Place(str(folder)),
            remedy="It needs accounts.csv, signins.csv ... (DESIGN section 4); `vedette map` helps with other names",
        )


def _unread(folder: Path) -> Iterator[str]:
    """What lies in an export folder and is read by nobody, so that it is not taken for screened."""
    from vedette.store.intake import export_files, format_of

    read = {path for name in _tables() for path in export_files(folder, name)}
    logs = folder / "logs"
    loose = list(logs.iterdir()) if logs.is_dir() else []
    found = [path for path in (*folder.iterdir(), *loose) if not path.is_dir() and format_of(path) and path not in read]
    if found:
        names = ", ".join(sorted(str(path.relative_to(folder)) for path in found))
        yield f"not read, for no table bears the name: {names}"


def _products(folder: Path) -> list[str]:
    logs = folder / "logs"
    return sorted(path.name for path in logs.iterdir() if path.is_dir()) if logs.is_dir() else []


def _logs(
    store: Store, principal: Principal, paths: Iterable[Path], adapter: str, clock: Clock, report: IngestReport
) -> None:
    from vedette import accounts, events, workloads

    logs, billing, telemetry = _adapters()
    names = sorted({*logs, *billing, *telemetry})
    if adapter not in names:
        raise IngestError(f"no adapter {adapter!r}", remedy=f"One of: {', '.join(names)}")
    read: Any = events.ingest_logs
    if adapter in billing or adapter in telemetry:
        read = events.ingest_billing if adapter in billing else workloads.ingest_telemetry
    intake = read(store, principal, tuple(paths), adapter, clock=clock, identities=accounts.identities(store))
    _add(report, (intake,))


def _adapters() -> tuple[Collection[str], Collection[str], Collection[str]]:
    """The adapters of logs, of billing and of telemetry by name."""
    from vedette import events, workloads

    return events.log_adapters(), events.billing_adapters(), workloads.telemetry_adapters()


def _add(report: IngestReport, found: Iterable[Any]) -> None:
    """Take a room's readings: counts as they are, whole-file faults and notes as lines."""
    for item in found:
        fault = getattr(item, "fault", None)
        faults = [str(fault)] if fault is not None else list(getattr(item, "faults", ()))
        report.faults.extend(faults)
        report.notes.extend(f"{item.adapter}: {note}" for note in item.notes)
        if item.read or not faults:
            report.intakes.append(item)
