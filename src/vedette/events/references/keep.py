"""Range lists in a workspace: loading them, which are in force, and looking addresses up in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from vedette import audit
from vedette.base import Clock, Place, Principal, canonical_json, stable_id, to_micros
from vedette.events.references.builtin import content_bytes, dprk_range, packages
from vedette.events.references.cache import is_whole, package_file
from vedette.events.references.compile import compile_list, from_bytes, to_bytes
from vedette.events.references.lookup import Lookup
from vedette.events.references.model import Compiled, Kind, RangeListError, ReadList, ReferenceList
from vedette.events.references.read import from_rows, read_content
from vedette.events.references.unpack import contents
from vedette.events.store import parquet_rows, reference_rows, write_references
from vedette.store import Archive, Store

_CLASS_DAYS = 90
_LARGEST = 512 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """How to load: ``kind`` where the files do not tell, ``expires_days`` (class lists: 90 by default), ``attribution``."""

    kind: str = ""
    expires_days: int | None = None
    attribution: str = ""
    version: str = ""


def load(
    store: Store, principal: Principal, paths: Iterable[Path], *, clock: Clock, order: Order | None = None
) -> tuple[ReferenceList, ...]:
    """Read, compile and keep range lists; a list of the same name and kind is replaced, its old versions stay archived.

    All files of one call become visible together, or none does. Raises RangeListError.
    """
    order = order or Order()
    now = clock.now()
    loaded: dict[tuple[str, Kind], ReferenceList] = {}
    for path in paths:
        found = read_file(path, order.kind)
        if not found:
            raise RangeListError("holds no range list", place=Place(str(path)), remedy="Give CSV, CIDR text or Parquet")
        for item in found:
            kept = _kept(store.archive, item, path, order, (to_micros(now), now.date()))
            loaded[kept.name, kept.kind] = kept
    lists = tuple(loaded.values())
    with audit.writing(store, principal, "refs.load", clock=clock) as act:
        write_references(act, [_row(item) for item in lists])
        act.fact("lists", [f"{item.name} ({item.kind}): {item.content_hash}" for item in lists])
    return lists


def read_file(path: Path, kind: str = "") -> list[ReadList]:
    """Every list in one file: Parquet, or text, JSON, CSV, gzip and tar of these. Raises RangeListError."""
    if path.suffix.lower() == ".parquet":
        table = parquet_rows(path)
        if table is None:
            raise RangeListError("cannot be read as Parquet", place=Place(str(path)), remedy="Fetch the file again")
        return from_rows(path.stem, table[0], table[1], kind, path.name)
    try:
        if path.stat().st_size > _LARGEST:
            raise RangeListError("is over 512 MiB", place=Place(str(path)))
        data = path.read_bytes()
    except OSError as fault:
        raise RangeListError(f"cannot be read: {fault.strerror}", place=Place(str(path))) from None
    return [item for content in contents(path.name, data) for item in read_content(content, kind)]


def _kept(archive: Archive, item: ReadList, path: Path, order: Order, now: tuple[int, date]) -> ReferenceList:
    compiled = compile_list(item)
    days = order.expires_days
    if days is None and item.kind in (Kind.CLASS, Kind.ASN_CLASS):
        days = _CLASS_DAYS
    return ReferenceList(
        name=item.name,
        kind=item.kind,
        content_hash=archive.put(to_bytes(compiled)),
        version=item.version or order.version or now[1].isoformat(),
        rows=compiled.rows,
        loaded_us=now[0],
        expires=(now[1] + timedelta(days=days)).isoformat() if days is not None else "",
        file=path.name,
        attribution=order.attribution,
    )


def _row(item: ReferenceList) -> dict[str, Any]:
    identity = stable_id("ref", item.name, item.kind.value, item.content_hash, str(item.loaded_us))
    fields = {name: getattr(item, name) for name in item.__dataclass_fields__}
    return {**fields, "reference_id": identity, "kind": item.kind.value}


def status(store: Store) -> tuple[ReferenceList, ...]:
    """The newest version of each list, oldest first; some may have expired."""
    with store.database.reading() as connection:
        rows = reference_rows(connection)
    newest: dict[tuple[str, str], ReferenceList] = {}
    for row in rows:
        fields = {name: value for name, value in row.items() if name != "reference_id"}
        newest.pop((row["name"], row["kind"]), None)
        newest[row["name"], row["kind"]] = ReferenceList(**{**fields, "kind": Kind(row["kind"])})
    return tuple(newest.values())


def lookup(store: Store, *, on: str) -> Lookup:
    """Everything in force on a day (YYYY-MM-DD). The version names a manifest in the archive, so that it can be repeated."""
    active = [item for item in status(store) if item.in_force(on)]
    manifest = {
        "lists": [[item.name, item.kind.value, item.content_hash] for item in active],
        "curated": store.archive.put(content_bytes()),
        "day": on if any(item.expires for item in active) else "",
    }
    version = store.archive.put(canonical_json(manifest))
    return Lookup(version, on, tuple(_compiled(store.archive, item.content_hash) for item in active))


@lru_cache(maxsize=32)
def _compiled(archive: Archive, content_hash: str) -> Compiled:
    return from_bytes(archive.get(content_hash))


def ensure(store: Store, principal: Principal, *, clock: Clock, cache: Path | None) -> tuple[ReferenceList, ...]:
    """Load the fetched packages into a workspace that has no country list yet. Returns what was loaded, if anything."""
    if cache is None or any(item.kind is Kind.COUNTRY for item in status(store)):
        return ()
    loaded: list[ReferenceList] = []
    for package in packages():
        path = package_file(cache, package)
        if is_whole(path, package):
            order = Order(attribution=package.attribution, version=package.version)
            loaded += load(store, principal, [path], clock=clock, order=order)
    return tuple(loaded)


def dprk_status(ip: str, *, on: str = "", lookup: Lookup | None = None) -> str | None:
    """What one address has to do with the DPRK: ``current``, ``historic``, ``registry_only`` or None.

    ``on`` (YYYY-MM-DD) leaves out expired reports; with a lookup its country list is asked too (``registry_only``).
    """
    curated = dprk_range(ip, on)
    if curated is not None:
        return curated.status
    if lookup is None:
        return None
    answers: Sequence[object] = lookup.find([ip]).dprk
    return "registry_only" if answers[0] == "registry_only" else None
