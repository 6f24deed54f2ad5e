"""Registry versions in the state database, their organisations in the workspace's lists folder, the files in the archive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import BigInteger, Column, MetaData, Select, Table, Text, select

from vedette.audit import Act
from vedette.base import Place, canonical_json
from vedette.institutions.codec import decode_lines, encode_lines
from vedette.institutions.model import InstitutionError, Organisation, RegistryVersion
from vedette.store import Store, write_durably
from vedette.watchlists import ListError
from vedette.watchlists.codec import pack, unpack

VERSION = Table(
    "registry_version",
    MetaData(),
    Column("registry", Text, primary_key=True),
    Column("version", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("entries_hash", Text, nullable=False),
    Column("published", Text, nullable=True),
    Column("loaded_at", Text, nullable=False),
    Column("organisations", BigInteger, nullable=False),
    Column("names", BigInteger, nullable=False),
    Column("in_force", BigInteger, nullable=False),
    Column("forced", Text, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("file_hash", Text, nullable=False),
    Column("ignored", Text, nullable=False),
    Column("refused", BigInteger, nullable=False),
)
_PLAIN = (
    "registry",
    "version",
    "kind",
    "content_hash",
    "entries_hash",
    "loaded_at",
    "organisations",
    "names",
    "forced",
)


@dataclass(frozen=True, slots=True)
class Origin:
    """The file a version was read from, the SHA-256 of its unpacked bytes, and what was left out of it."""

    name: str
    file_hash: str
    ignored: Mapping[str, int]
    refused: int


def versions(store: Store, registry: str | None = None) -> tuple[RegistryVersion, ...]:
    """Every version kept, by registry and load time; of one registry if named."""
    query = select(VERSION).order_by(VERSION.c.registry, VERSION.c.loaded_at, VERSION.c.version)
    return _fetch(store, query if registry is None else query.where(VERSION.c.registry == registry))


def in_force(store: Store) -> tuple[RegistryVersion, ...]:
    """The version in force of each registry, by its name."""
    return _fetch(store, select(VERSION).where(VERSION.c.in_force == 1).order_by(VERSION.c.registry))


def _fetch(store: Store, query: Select[Any]) -> tuple[RegistryVersion, ...]:
    with store.database.reading() as connection:
        return tuple(_version(dict(row)) for row in connection.execute(query).mappings())


def put_in_force(act: Act, version: RegistryVersion, origin: Origin, *, expected: str) -> None:
    """Store a version and let its predecessor step down in the same act. ``expected`` is the version the guards compared with."""
    query = select(VERSION).where(VERSION.c.registry == version.registry, VERSION.c.in_force == 1)
    before = act.connection.execute(query).mappings().one_or_none()
    if (before["version"] if before else "") != expected:
        raise InstitutionError(
            "changed while the file was being checked", place=Place(version.registry), remedy="Load it again"
        )
    if before:
        act.upsert(VERSION, [{**before, "in_force": 0}])
    act.upsert(VERSION, [_row(version, origin)])


def keep_entries(store: Store, organisations: tuple[Organisation, ...]) -> str:
    """Write the organisations' blob under its hash; what is there already stays. Returns the hash."""
    entries_hash, packed = pack(encode_lines(organisations))
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


def organisations(store: Store, version: RegistryVersion) -> tuple[Organisation, ...]:
    """The organisations of a stored version, checked against the hash that the audited row holds."""
    path = _path(store, version.entries_hash)
    try:
        return decode_lines(unpack(path.read_bytes(), version.entries_hash, path.name))
    except OSError as fault:
        reason = fault.strerror or type(fault).__name__
        problem = f"cannot be read: {reason}"
    except ListError as fault:
        problem = fault.problem
    raise InstitutionError(problem, place=Place(str(path)), remedy="Load the registry again")


def _path(store: Store, entries_hash: str) -> Path:
    return store.workspace.lists / f"{entries_hash}.organisations.gz"


def _unwritable(path: Path, fault: OSError) -> InstitutionError:
    reason = fault.strerror or type(fault).__name__
    return InstitutionError(
        f"cannot be written: {reason}", place=Place(str(path)), remedy="Free space or check rights; load again"
    )


def _row(version: RegistryVersion, origin: Origin) -> dict[str, Any]:
    return {
        **{name: getattr(version, name) for name in _PLAIN},
        "published": version.published.isoformat() if version.published else None,
        "in_force": int(version.in_force),
        "file_name": origin.name,
        "file_hash": origin.file_hash,
        "ignored": canonical_json(dict(origin.ignored)).decode(),
        "refused": origin.refused,
    }


def _version(row: Mapping[str, Any]) -> RegistryVersion:
    return RegistryVersion(
        **{name: row[name] for name in _PLAIN},
        published=date.fromisoformat(row["published"]) if row["published"] else None,
        in_force=bool(row["in_force"]),
    )
