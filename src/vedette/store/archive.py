"""The archive: every rule, policy, list and reference version by the hash of its bytes, so that the past can be replayed."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from pathlib import Path

from vedette.base import Place, VedetteError
from vedette.store.workspace import write_durably


class ArchiveError(VedetteError):
    """A blob is missing or no longer what its name says."""


class Archive:
    """Content-addressed blobs, compressed on disk. Names are SHA-256 in hexadecimal."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, content_hash: str) -> Path:
        """Where a blob lies. Raises ArchiveError unless the hash is 64 hexadecimal digits."""
        if len(content_hash) != 64 or not set(content_hash) <= set("0123456789abcdef"):
            raise ArchiveError(f"{content_hash!r} is not a content hash")
        return self._folder / content_hash[:2] / f"{content_hash}.gz"

    def put(self, data: bytes) -> str:
        """Store bytes and return their hash. Storing the same bytes again changes nothing."""
        content_hash = hashlib.sha256(data).hexdigest()
        path = self.path(content_hash)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            write_durably(path, gzip.compress(data, compresslevel=6, mtime=0))
        return content_hash

    def has(self, content_hash: str) -> bool:
        """Whether a blob is stored."""
        return self.path(content_hash).exists()

    def begins(self, prefix: str) -> str | None:
        """The whole hash of the one blob whose hash begins so (8 digits at the least), or None."""
        if len(prefix) < 8 or not set(prefix) <= set("0123456789abcdef"):
            return None
        found = list((self._folder / prefix[:2]).glob(f"{prefix}*.gz"))
        return found[0].name.removesuffix(".gz") if len(found) == 1 else None

    def get(self, content_hash: str) -> bytes:
        """The bytes behind a hash, verified. Raises ArchiveError where they are missing or altered."""
        path = self.path(content_hash)
        try:
            data = gzip.decompress(path.read_bytes())
        except FileNotFoundError:
            raise ArchiveError("is not in the archive", place=Place(content_hash)) from None
        except (OSError, EOFError, zlib.error) as fault:
            raise ArchiveError(f"cannot be read: {fault}", place=Place(str(path))) from None
        if hashlib.sha256(data).hexdigest() != content_hash:
            raise ArchiveError("does not match its hash: it was altered", place=Place(str(path)))
        return data
