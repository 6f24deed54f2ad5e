"""The index on disk: one file for the registries in force together, built once and read back."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from vedette.institutions import store as rows
from vedette.institutions.codec import encode_lines
from vedette.institutions.index import LAYOUT, Index, build, dump, restore
from vedette.institutions.model import InstitutionError, Organisation, RegistryVersion
from vedette.institutions.registry import shipped
from vedette.store import Store, write_durably


def open_index(store: Store | None = None) -> Index:
    """The index over the registries in force and the shipped rows; without a store over the shipped rows alone.

    A missing or damaged file is built again from the stored organisations.
    """
    if store is None:
        return build(shipped())
    versions = rows.in_force(store)
    path = _path(store, versions)
    try:
        return restore(path.read_bytes(), path.name)
    except (FileNotFoundError, InstitutionError):
        return _built(store, versions, path)


def refresh(store: Store) -> Index:
    """Build the index of what is in force now, so that the first question need not wait, and drop the files of others."""
    index = open_index(store)
    kept = _path(store, rows.in_force(store)).name
    for path in store.workspace.lists.glob("*.institutions*"):
        if path.name != kept:
            path.unlink(missing_ok=True)
    return index


def _built(store: Store, versions: Sequence[RegistryVersion], path: Path) -> Index:
    found: list[Organisation] = []
    for version in versions:
        found += rows.organisations(store, version)
    index = build([*found, *shipped()])
    try:
        write_durably(path, dump(index))
    except OSError:
        # The file only saves time: resolving goes on from memory where the folder is full or read-only.
        path.unlink(missing_ok=True)
    return index


def _path(store: Store, versions: Sequence[RegistryVersion]) -> Path:
    """Named by the hash of all that is in the index, so that no publisher's text becomes a file name."""
    parts = [f"{version.registry}\n{version.entries_hash}\n" for version in versions]
    state = hashlib.sha256("".join(parts).encode() + encode_lines(shipped()))
    return store.workspace.lists / f"{state.hexdigest()[:32]}.institutions{LAYOUT}"
