"""Backup of a whole workspace into one file, and its restoring elsewhere: every file by hash, keys only under a passphrase.

The state database is copied as one consistent state while others go on writing; committed lake files never change.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import secrets
import sqlite3
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from sqlalchemy.engine import make_url

from vedette.base import Place, VedetteError
from vedette.store.house import Store
from vedette.store.workspace import sync_folder, write_durably

FORMAT = 1
_MANIFEST, _KEYS = "manifest.json", "keys.sealed"
_EMBEDDED, _DUMP = "state.db", "state.dump"
_FOLDERS = ("lists", "archive", "references")
_MOST_MANIFEST = 256 * 1024 * 1024
_SHORTEST_PASSPHRASE = 12
_CHUNK = 1 << 20
_SCHEMA = re.compile(r"search_path=([A-Za-z0-9_]+)")


class BackupError(VedetteError):
    """A backup that cannot be made, read or restored."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds: SHA-256 and size of each file by name, when it was made, and whether it holds the keys."""

    made_at: str
    files: dict[str, tuple[str, int]]
    keys: bool

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(size for _, size in self.files.values())

    def to_bytes(self) -> bytes:
        """The form in the file."""
        files = {name: [digest, size] for name, (digest, size) in sorted(self.files.items())}
        told = {"vedette_backup": FORMAT, "made_at": self.made_at, "keys": self.keys, "files": files}
        return json.dumps(told, indent=1).encode()


def back_up(store: Store, target: Path, *, passphrase: str | None, made_at: str) -> Manifest:
    """Write a backup, whole or not at all. Without a passphrase it holds no keys, and nothing sealed can be read from it."""
    if target.exists():
        raise BackupError("is there already", place=Place(str(target)), remedy="Choose another name")
    if passphrase is not None and len(passphrase) < _SHORTEST_PASSPHRASE:
        raise BackupError("the passphrase is too short", remedy=f"Use {_SHORTEST_PASSPHRASE} characters or more")
    partial = target.with_name(f".{target.name}.{secrets.token_hex(8)}.part")
    try:
        handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            with tarfile.open(fileobj=file, mode="w:gz", compresslevel=3) as archive:
                manifest = _fill(store, archive, passphrase, made_at)
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, target)
        sync_folder(target.parent)
    finally:
        partial.unlink(missing_ok=True)
    return manifest


def _fill(store: Store, archive: tarfile.TarFile, passphrase: str | None, made_at: str) -> Manifest:
    files: dict[str, tuple[str, int]] = {}
    before = _lake_files(store)
    state = store.workspace.scratch / f"backup-{secrets.token_hex(8)}"
    try:
        name = _copy_state(store, state)
        files[name] = _add(archive, name, state)
    finally:
        state.unlink(missing_ok=True)
    after = _lake_files(store)
    for path in sorted(before | after):
        source = store.workspace.lake / path
        if source.is_file() or path in after:
            files[f"lake/{path}"] = _add(archive, f"lake/{path}", source)
    for name, source in _kept_files(store):
        files[name] = _add(archive, name, source)
    if passphrase is not None:
        sealed = _sealed_keys(store.workspace.keys, passphrase)
        files[_KEYS] = _add_bytes(archive, _KEYS, sealed)
    manifest = Manifest(made_at, files, passphrase is not None)
    _add_bytes(archive, _MANIFEST, manifest.to_bytes())
    return manifest


def _lake_files(store: Store) -> set[str]:
    with store.database.reading() as connection:
        return {str(row["path"]) for row in store.lake.files(connection)}


def _kept_files(store: Store) -> Iterator[tuple[str, Path]]:
    root = store.workspace.root
    yield "vedette.toml", store.workspace.settings_file
    for folder in _FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and not path.is_symlink() and not path.name.startswith("."):
                yield path.relative_to(root).as_posix(), path


def _copy_state(store: Store, target: Path) -> str:
    """The state database as one consistent state: SQLite's online backup, or pg_dump of PostgreSQL."""
    if store.database.embedded:
        source = store.workspace.root / _EMBEDDED
        with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(target)) as copy:
            live.backup(copy)
        return _EMBEDDED
    named = _SCHEMA.search(str(make_url(store.database.url).query.get("options", "")))
    only = [f"--schema={named[1]}"] if named else []
    _postgres("pg_dump", store.database.url, ["--format=custom", "--no-owner", f"--file={target}", *only])
    return _DUMP


def _postgres(tool: str, address: str, arguments: list[str]) -> None:
    """Run a tool of PostgreSQL. The password goes by the environment, where other users cannot see it."""
    url = make_url(address)
    plain = url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    environment = {**os.environ, **({"PGPASSWORD": url.password} if url.password else {})}
    try:
        done = subprocess.run(
            [tool, f"--dbname={plain}", *arguments], env=environment, capture_output=True, check=False
        )
    except FileNotFoundError:
        raise BackupError(f"{tool} is not installed", remedy="Install PostgreSQL's client programs") from None
    if done.returncode:
        raise BackupError(f"{tool} failed with {done.returncode}", remedy="Check the database's address and rights")


def restore(file: Path, target: Path, *, passphrase: str | None, state_url: str | None = None) -> Manifest:
    """Restore a backup into an empty folder; every file must be named and have its hash. Raises BackupError.

    A dump of PostgreSQL is restored into the empty database at ``state_url``.
    """
    if target.exists() and any(target.iterdir()):
        raise BackupError("is not empty", place=Place(str(target)), remedy="Restore into a new folder")
    try:
        with tarfile.open(file, mode="r:gz") as archive:
            found, manifest, sealed = _extract(archive, target)
    except (tarfile.TarError, EOFError, OSError) as fault:
        raise BackupError(f"cannot be read: {type(fault).__name__}", place=Place(str(file))) from None
    _compare(found, manifest, file)
    for part in ("keys", "lake", "refused", ".scratch", *_FOLDERS):
        (target / part).mkdir(mode=0o700 if part == "keys" else 0o755, exist_ok=True)
    if sealed is not None and passphrase is not None:
        _open_keys(sealed, passphrase, target / "keys")
    if _DUMP in manifest.files:
        _load_dump(target / _DUMP, state_url)
    return manifest


def _extract(archive: tarfile.TarFile, target: Path) -> tuple[dict[str, tuple[str, int]], Manifest, bytes | None]:
    found: dict[str, tuple[str, int]] = {}
    manifest, sealed = None, None
    for member in archive:
        source = archive.extractfile(member) if member.isreg() else None
        if source is None or not _harmless(member.name) or member.name in found:
            raise BackupError("the backup holds what no backup holds", remedy="Do not trust this file")
        if member.name == _MANIFEST:
            manifest = _read_manifest(source.read(_MOST_MANIFEST))
        elif member.name == _KEYS:
            sealed = source.read(_CHUNK)
            found[_KEYS] = (hashlib.sha256(sealed).hexdigest(), len(sealed))
        else:
            path = target / member.name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as copy:
                found[member.name] = _pump(source, copy)
    if manifest is None:
        raise BackupError("the backup has no end: its making was interrupted", remedy="Use an earlier one")
    return found, manifest, sealed


def _harmless(name: str) -> bool:
    """Only names that a backup gives: known tops, no way out, nothing hidden."""
    path = PurePosixPath(name)
    tops = {_MANIFEST, _KEYS, _EMBEDDED, _DUMP, "vedette.toml", "lake", *_FOLDERS}
    parts = path.parts
    return (
        bool(parts)
        and parts[0] in tops
        and not path.is_absolute()
        and not any(part.startswith(".") or "\\" in part or "\0" in part for part in parts)
    )


def _read_manifest(data: bytes) -> Manifest:
    try:
        told: dict[str, Any] = json.loads(data)
        if told["vedette_backup"] != FORMAT:
            raise BackupError("was made by another version of the program", remedy="Restore it with that version")
        files = {str(name): (str(digest), int(size)) for name, (digest, size) in told["files"].items()}
        return Manifest(str(told["made_at"]), files, bool(told["keys"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise BackupError("is no backup of Vedette") from None


def _compare(found: dict[str, tuple[str, int]], manifest: Manifest, file: Path) -> None:
    wrong = sorted(name for name in {*found, *manifest.files} if found.get(name) != manifest.files.get(name))
    if wrong:
        raise BackupError(
            f"{len(wrong)} files are missing or altered, such as {wrong[0]}",
            place=Place(str(file)),
            remedy="Delete the folder and use another backup",
        )


def _load_dump(dump: Path, state_url: str | None) -> None:
    if state_url is None:
        raise BackupError(
            "this backup needs a database", remedy="Name an empty one: --state-url postgresql+psycopg://..."
        )
    _postgres(
        "pg_restore",
        state_url,
        ["--no-owner", "--exit-on-error", "--single-transaction", str(dump)],
    )
    dump.unlink()


def _sealed_keys(folder: Path, passphrase: str) -> bytes:
    held = {path.name: path.read_bytes().hex() for path in sorted(folder.iterdir()) if path.is_file()}
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    return salt + nonce + AESGCM(_derived(passphrase, salt)).encrypt(nonce, json.dumps(held).encode(), _KEYS.encode())


def _open_keys(sealed: bytes, passphrase: str, folder: Path) -> None:
    salt, nonce, body = sealed[:16], sealed[16:28], sealed[28:]
    try:
        held = json.loads(AESGCM(_derived(passphrase, salt)).decrypt(nonce, body, _KEYS.encode()))
    except (InvalidTag, ValueError):
        raise BackupError(
            "the passphrase does not open the keys", remedy="Use the one the backup was made with"
        ) from None
    for name, text in held.items():
        if not _harmless(f"lists/{name}") or "/" in name:
            raise BackupError("the backup holds what no backup holds", remedy="Do not trust this file")
        write_durably(folder / name, bytes.fromhex(text), mode=0o600)


def _derived(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(passphrase.encode())


def _add(archive: tarfile.TarFile, name: str, source: Path) -> tuple[str, int]:
    """Add a file, hashing what was written; a file that shrinks meanwhile fails, one that grows is cut at its old end."""
    info = tarfile.TarInfo(name)
    with source.open("rb") as file:
        info.size, info.mode = os.fstat(file.fileno()).st_size, 0o600
        reader = _Hashing(file)
        archive.addfile(info, reader)
    return reader.state.hexdigest(), info.size


def _add_bytes(archive: tarfile.TarFile, name: str, data: bytes) -> tuple[str, int]:
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(data), 0o600
    archive.addfile(info, io.BytesIO(data))
    return hashlib.sha256(data).hexdigest(), len(data)


class _Hashing(io.RawIOBase):
    """A file that is hashed as it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.state = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        data = self._file.read(size)
        self.state.update(data)
        return data


def _pump(source: IO[bytes], copy: IO[bytes]) -> tuple[str, int]:
    state, size = hashlib.sha256(), 0
    while data := source.read(_CHUNK):
        state.update(data)
        size += len(data)
        copy.write(data)
    return state.hexdigest(), size
