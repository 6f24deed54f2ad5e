"""Writes a kit into a folder, and touches no file there that it did not write itself."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vedette.base import Place
from vedette.conference.education.model import Kit, KitError

MANIFEST = "manifest.json"
_NAME = re.compile(r"(?:[a-z]{2,3}/)?[a-z][a-z0-9_]*\.(?:html|md|docx|pdf|js)")


def write(kit: Kit, folder: Path) -> int:
    """Write every file and then the manifest. Returns how many files were written.

    An earlier kit in the folder is replaced, its files that are no longer made are removed; one whose writing was cut short is
    taken up again. Raises KitError, before anything is written, where a file there is not the kit's own or was edited since.
    """
    before = _earlier(folder)
    for name in kit.files:
        _refuse_foreign(folder, name, before)
    own = {name: sorted(hashes) for name, hashes in before.items()}
    _put(folder / MANIFEST, _json({**kit.manifest, "replaced": own}))
    for name, data in kit.files.items():
        _put(folder / name, data)
    for name in sorted(set(before) - set(kit.files)):
        if _hash(folder / name) in before[name]:
            (folder / name).unlink()
    _put(folder / MANIFEST, _json(kit.manifest))
    return len(kit.files)


def _json(value: Mapping[str, object]) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _earlier(folder: Path) -> dict[str, frozenset[str]]:
    """Names and hashes of the kit written here before; the manifest is read as a stranger's, for it may be one."""
    path = folder / MANIFEST
    if not path.exists():
        return {}
    try:
        held: Any = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        held = None
    own = isinstance(held, dict) and held.get("kind") == "vedette-education-kit"
    files: Any = held.get("files") if own else None
    replaced: Any = held.get("replaced", {}) if own else None
    if not isinstance(files, Mapping) or not isinstance(replaced, Mapping):
        raise KitError("is no manifest of this kit", place=Place(str(path)), remedy="Choose an empty folder")
    return {
        name: frozenset(map(str, (files.get(name, ""), *_listed(replaced.get(name)))))
        for name in (*files, *replaced)
        if _NAME.fullmatch(name)
    }


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _refuse_foreign(folder: Path, name: str, before: Mapping[str, frozenset[str]]) -> None:
    path = folder / name
    for each in (path, path.parent):
        if each != folder and each.is_symlink():
            raise KitError("is a link", place=Place(str(each)), remedy="Choose an empty folder")
    if not path.exists():
        return
    if name not in before:
        raise KitError("was not written by the kit", place=Place(str(path)), remedy="Choose an empty folder")
    if _hash(path) not in before[name]:
        raise KitError("was edited since the kit was built", place=Place(str(path)), remedy="Move it elsewhere first")


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() and not path.is_symlink() else "-"


def _put(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    beside.write_bytes(data)
    os.replace(beside, path)
