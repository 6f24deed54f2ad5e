"""List versions in the state database, their entries in the workspace's lists folder, the files they came from in the archive."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import BigInteger, Column, MetaData, Select, Table, Text, select

from vedette.audit import Act
from vedette.base import Place, canonical_json
from vedette.store import Store, write_durably
from vedette.watchlists.codec import pack, unpack
from vedette.watchlists.model import ListVersion
from vedette.watchlists.reading import ListError

VERSION = Table(
    "list_version",
    MetaData(),
    Column("list_id", Text, primary_key=True),
    Column("version", Text, primary_key=True),
    Column("source_id", Text, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("entries_hash", Text, nullable=False),
    Column("published", Text, nullable=True),
    Column("loaded_at", Text, nullable=False),
    Column("entries", BigInteger, nullable=False),
    Column("names", BigInteger, nullable=False),
    Column("dprk", BigInteger, nullable=False),
    Column("obligation", Text, nullable=False),
    Column("in_force", BigInteger, nullable=False),
    Column("forced", Text, nullable=False),
    Column("files", Text, nullable=False),
    Column("ignored", Text, nullable=False),
    Column("notes", Text, nullable=False),
)
DOWNLOAD = Table(
    "list_download",
    VERSION.metadata,
    Column("url", Text, primary_key=True),
    Column("source_id", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("etag", Text, nullable=False),
    Column("last_modified", Text, nullable=False),
    Column("file_hash", Text, nullable=False),
    Column("taken_at", Text, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Taken:
    """The last file taken from an address: what its server said of it, and the SHA-256 of its unpacked bytes."""

    role: str
    url: str
    etag: str
    last_modified: str
    file_hash: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a version came from: its files as (role, name, SHA-256 of the unpacked bytes), and what was ignored in them."""

    files: tuple[tuple[str, str, str], ...]
    ignored: Mapping[str, int]


def versions(store: Store, list_id: str | None = None) -> tuple[ListVersion, ...]:
    """Every version kept, by list and load time; of one list if named."""
    query = select(VERSION).order_by(VERSION.c.list_id, VERSION.c.loaded_at, VERSION.c.version)
    return _fetch(store, query if list_id is None else query.where(VERSION.c.list_id == list_id))


def in_force(store: Store) -> tuple[ListVersion, ...]:
    """The version in force of each list, by list id."""
    return _fetch(store, select(VERSION).where(VERSION.c.in_force == 1).order_by(VERSION.c.list_id))


def find(store: Store, version: str) -> tuple[ListVersion, ...]:
    """The versions of this name: at most one a list."""
    return _fetch(store, select(VERSION).where(VERSION.c.version == version).order_by(VERSION.c.list_id))


def origin(store: Store, version: ListVersion) -> Origin:
    """Which files a version was read from."""
    query = select(VERSION.c.files, VERSION.c.ignored).where(
        VERSION.c.list_id == version.list_id, VERSION.c.version == version.version
    )
    with store.database.reading() as connection:
        row = connection.execute(query).one()
    return Origin(tuple(tuple(file) for file in json.loads(row.files)), json.loads(row.ignored))


def _fetch(store: Store, query: Select[Any]) -> tuple[ListVersion, ...]:
    with store.database.reading() as connection:
        return tuple(_version(dict(row)) for row in connection.execute(query).mappings())


def put_in_force(act: Act, version: ListVersion, source: Origin, *, expected: str) -> None:
    """Store a version; where it is in force, its predecessor steps down in the same act.

    ``expected`` is the version that was in force when the guards were asked; another one means that somebody was faster.
    """
    query = select(VERSION).where(VERSION.c.list_id == version.list_id, VERSION.c.in_force == 1)
    before = act.connection.execute(query).mappings().one_or_none()
    if (before["version"] if before else "") != expected:
        raise ListError(
            "changed while the file was being checked", place=Place(version.list_id), remedy="Load it again"
        )
    if before and version.in_force:
        act.upsert(VERSION, [{**before, "in_force": 0}])
    act.upsert(VERSION, [_row(version, source)])


def taken(store: Store, source_id: str) -> dict[str, Taken]:
    """The last files taken from the addresses of a source, by address."""
    query = select(DOWNLOAD).where(DOWNLOAD.c.source_id == source_id)
    with store.database.reading() as connection:
        rows = connection.execute(query).all()
    return {row.url: Taken(row.role, row.url, row.etag, row.last_modified, row.file_hash) for row in rows}


def keep_taken(act: Act, source_id: str, files: Iterable[Taken], taken_at: str) -> None:
    """Remember what was taken, so that the next question can be conditional."""
    act.upsert(DOWNLOAD, [{**asdict(file), "source_id": source_id, "taken_at": taken_at} for file in files])


def keep_entries(store: Store, data: bytes) -> str:
    """Write the entries' blob under its hash; what is there already stays. Returns the hash."""
    entries_hash, packed = pack(data)
    path = _path(store, entries_hash)
    try:
        if not path.exists():
            write_durably(path, packed)
    except OSError as fault:
        raise _unwritable(path, fault) from None
    return entries_hash


def keep_file(store: Store, data: bytes) -> str:
    """Archive a file's unpacked bytes. Returns their SHA-256."""
    try:
        return store.archive.put(data)
    except OSError as fault:
        raise _unwritable(store.workspace.archive, fault) from None


def entries_blob(store: Store, version: ListVersion) -> bytes:
    """The entries' bytes, checked against the hash that the audited row holds."""
    path = _path(store, version.entries_hash)
    try:
        packed = path.read_bytes()
    except OSError as fault:
        reason = fault.strerror or type(fault).__name__
        raise ListError(
            f"cannot be read: {reason}", place=Place(str(path)), remedy="Load the list files again"
        ) from None
    return unpack(packed, version.entries_hash, path.name)


def _path(store: Store, entries_hash: str) -> Path:
    return store.workspace.lists / f"{entries_hash}.jsonl.gz"


def _unwritable(path: Path, fault: OSError) -> ListError:
    reason = fault.strerror or type(fault).__name__
    return ListError(
        f"cannot be written: {reason}", place=Place(str(path)), remedy="Free space or check rights; load again"
    )


def _row(version: ListVersion, source: Origin) -> dict[str, Any]:
    return {
        **{
            name: getattr(version, name) for name in ("list_id", "version", "source_id", "content_hash", "entries_hash")
        },
        **{name: getattr(version, name) for name in ("loaded_at", "entries", "names", "dprk", "obligation", "forced")},
        "published": version.published.isoformat() if version.published else None,
        "in_force": int(version.in_force),
        "files": canonical_json(source.files).decode(),
        "ignored": canonical_json(dict(source.ignored)).decode(),
        "notes": canonical_json(version.notes).decode(),
    }


def _version(row: Mapping[str, Any]) -> ListVersion:
    return ListVersion(
        **{name: row[name] for name in ("list_id", "version", "source_id", "content_hash", "entries_hash")},
        **{name: row[name] for name in ("loaded_at", "entries", "names", "dprk", "obligation", "forced")},
        published=date.fromisoformat(row["published"]) if row["published"] else None,
        in_force=bool(row["in_force"]),
        notes=tuple(json.loads(row["notes"])),
    )
