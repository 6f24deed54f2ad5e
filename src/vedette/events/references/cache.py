"""The per-user folder in which fetched range lists wait, shared by all workspaces, and the check of what lies there."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from pathlib import Path

from vedette.events.references.builtin import Package


def cache_folder(environment: Mapping[str, str], home: Path) -> Path:
    """``VEDETTE_CACHE``, else the folder that the XDG rules name."""
    if given := environment.get("VEDETTE_CACHE"):
        return Path(given)
    base = environment.get("XDG_CACHE_HOME")
    return (Path(base) if base else home / ".cache") / "vedette"


def package_file(folder: Path, package: Package) -> Path:
    """Where a fetched package lies."""
    stem = package.name.removeprefix("@").replace("/", "-")
    return folder / "references" / f"{stem}-{package.version}.tgz"


def is_whole(path: Path, package: Package) -> bool:
    """Whether the file is there and its SHA-512 is the one the package is pinned to."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha512").digest()
    return package.integrity == f"sha512-{base64.b64encode(digest).decode()}"
