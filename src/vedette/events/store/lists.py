"""Reference lists in force: loaded with their version and expiry, kept by hash, looked up together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, MetaData, Table, Text, select

from vedette.audit import writing
from vedette.base import Clock, Place, Principal, canonical_json, from_micros, to_micros
from vedette.events.references.builtin import Package, content_bytes, dprk_range, expiry_step, packages
from vedette.events.references.cache import is_whole, package_file
from vedette.events.references.compile import compile_list, from_bytes, to_bytes
from vedette.events.references.lookup import Lookup
from vedette.events.references.model import Compiled, Kind, RangeListError, ReadList, ReferenceList
from vedette.events.references.read import UNTIL, from_rows, read_content
from vedette.events.references.unpack import contents
from vedette.store import Archive, Store
from vedette.store.engines.duckdb import connect, literal

LIST = Table(
    "reference_list",
    MetaData(),
    Column("name", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("content_hash", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("rows", BigInteger, nullable=False),
    Column("loaded_us", BigInteger, nullable=False),
    Column("expires", Text, nullable=False),
    Column("file", Text, nullable=False),
    Column("attribution", Text, nullable=False),
)

_CLASS_DAYS = 90
_LARGEST = 512 * 1024 * 1024


def load(
    store: Store,
    principal: Principal,
    paths: Sequence[Path],
    *,
    clock: Clock,
    kind: str = "",
    expires_days: int | None = None,
    advance: Callable[[int], None] = lambda _n: None,
) -> tuple[ReferenceList, ...]:
    """Load range lists from files. Lists of classes expire (90 days unless told); countries and networks do not.

    A column ``expires`` ends the life of single ranges earlier.

    All lists of one call come into force together. Raises RangeListError, and then none does.
    """
    moment = clock.now()
    rows = []
    for path in paths:
        for found in _lists_in(store, path, kind):
            compiled = compile_list(found)
            days = expires_days if expires_days is not None else _default_days(found.kind)
            rows.append(
                {
                    "name": found.name,
                    "kind": found.kind.value,
                    "content_hash": store.archive.put(to_bytes(compiled)),
                    "version": found.version or _package_version(path.name) or moment.date().isoformat(),
                    "rows": compiled.rows,
                    "loaded_us": to_micros(moment),
                    "expires": _earlier(
                        found.expires, (moment + timedelta(days=days)).date().isoformat() if days else ""
                    ),
                    "file": path.name,
                    "attribution": _attribution(path.name),
                }
            )
        advance(1)
    if not rows:
        raise RangeListError("holds no range list", place=Place(", ".join(path.name for path in paths)))
    store.archive.put(content_bytes())
    with writing(store, principal, "references.load", clock=clock) as act:
        act.delete(LIST, _outdated(act.connection, rows))
        act.upsert(LIST, rows)
        act.fact("lists", [[row["name"], row["kind"], row["content_hash"]] for row in rows])
    return tuple(_list(row) for row in rows)


def _earlier(told: str, usual: str) -> str:
    """The earlier of two days (ISO); an empty one is none."""
    return min(told, usual) if told and usual else told or usual


def _outdated(connection: Connection, rows: Sequence[dict[str, Any]]) -> list[dict[str, str]]:
    """What stands of the same lists and is not in the new files: parts whose ranges expire on other days."""
    new = {(row["name"], row["kind"]) for row in rows}
    replaced = {(name.partition(UNTIL)[0], kind) for name, kind in new}
    held = connection.execute(select(LIST.c.name, LIST.c.kind)).fetchall()
    return [
        {"name": name, "kind": kind}
        for name, kind in held
        if (name.partition(UNTIL)[0], kind) in replaced and (name, kind) not in new
    ]


def _default_days(kind: Kind) -> int:
    return _CLASS_DAYS if kind in (Kind.CLASS, Kind.ASN_CLASS) else 0


def _package(file: str) -> Package | None:
    """The package that a file is, by the name that the package client gives it."""
    stems = {package.name.removeprefix("@").replace("/", "-"): package for package in packages()}
    return next((package for stem, package in stems.items() if file.startswith(f"{stem}-")), None)


def _package_version(file: str) -> str:
    found = _package(file)
    return file.partition(found.name.rpartition("/")[2] + "-")[2].removesuffix(".tgz") if found else ""


def _attribution(file: str) -> str:
    """What a package's licence asks to be said."""
    found = _package(file)
    return found.attribution if found else ""


def _lists_in(store: Store, path: Path, kind: str) -> Iterator[ReadList]:
    if path.suffix.lower() == ".parquet":
        yield from _parquet(store, path, kind)
        return
    try:
        if path.stat().st_size > _LARGEST:
            raise RangeListError("is larger than 512 MiB", place=Place(str(path)))
        data = path.read_bytes()
    except OSError as fault:
        raise RangeListError(f"cannot be read: {fault.strerror}", place=Place(str(path))) from None
    for content in contents(path.name, data):
        yield from read_content(content, kind)


def _parquet(store: Store, path: Path, kind: str) -> list[ReadList]:
    connection = connect(store.workspace.scratch)
    try:
        cursor = connection.execute(f"SELECT COLUMNS(*)::VARCHAR FROM read_parquet({literal(str(path))})")
        header = [str(column[0]) for column in cursor.description]
        rows = cursor.fetchall()
    except Exception as fault:  # DuckDB raises many kinds for a file that is no Parquet: say so with its reason
        raise RangeListError(f"cannot be read as Parquet: {fault}", place=Place(str(path))) from None
    finally:
        connection.close()
    return from_rows(path.stem, header, ([cell or "" for cell in row] for row in rows), kind, path.name)


def _list(row: Any) -> ReferenceList:
    return ReferenceList(
        name=row["name"],
        kind=Kind(row["kind"]),
        content_hash=row["content_hash"],
        version=row["version"],
        rows=row["rows"],
        loaded_us=row["loaded_us"],
        expires=row["expires"],
        file=row["file"],
        attribution=row["attribution"],
    )


def status(store: Store) -> tuple[ReferenceList, ...]:
    """Every list in the workspace, oldest first, expired ones too."""
    query = select(LIST).order_by(LIST.c.loaded_us, LIST.c.name, LIST.c.kind)
    with store.database.reading() as connection:
        return tuple(_list(row) for row in connection.execute(query).mappings().all())


def lookup(store: Store, clock: Clock) -> Lookup:
    """All lists in force today, ready to ask. Expired lists are left out.

    ``version`` is the hash of a manifest in the archive that names exactly what was asked, so that it can be repeated.
    """
    day = clock.now().date().isoformat()
    chosen = [item for item in status(store) if item.in_force(day)]
    manifest = {
        "lists": [[item.name, item.kind.value, item.content_hash] for item in chosen],
        "curated": store.archive.put(content_bytes()),
        "dprk_on": expiry_step(day),
    }
    version = store.archive.put(canonical_json(manifest))
    return Lookup(version, day, tuple(_compiled(store.archive, item.content_hash) for item in chosen))


@lru_cache(maxsize=32)
def _compiled(archive: Archive, content_hash: str) -> Compiled:
    return from_bytes(archive.get(content_hash))


def ensure(store: Store, principal: Principal, *, clock: Clock, cache: Path | None) -> tuple[ReferenceList, ...]:
    """Load the fetched packages into a workspace that has no country list yet. Returns what was loaded, if anything."""
    if cache is None or any(item.kind is Kind.COUNTRY for item in status(store)):
        return ()
    waiting = [path for package in packages() if is_whole(path := package_file(cache, package), package)]
    return load(store, principal, waiting, clock=clock) if waiting else ()


def dprk_status(ip: str, *, on: str = "", lookup: Lookup | None = None) -> str | None:
    """What one address has to do with the DPRK: ``current``, ``historic``, ``registry_only`` or None.

    ``on`` (YYYY-MM-DD) leaves out expired reports; with a lookup its country list is asked too (``registry_only``).
    """
    curated = dprk_range(ip, on)
    if curated is not None or lookup is None:
        return curated.status if curated else None
    return "registry_only" if lookup.find([ip]).dprk[0] == "registry_only" else None


def loaded_on(item: ReferenceList) -> str:
    """The day on which a list was loaded."""
    return from_micros(item.loaded_us).date().isoformat()
