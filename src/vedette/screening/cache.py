"""Indexes on disk: one file for each list edition in the workspace's ``lists`` folder, built once and read back."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from vedette import watchlists
from vedette.screening import segment as segments
from vedette.screening.index import Index
from vedette.screening.model import Edition, ScreeningError
from vedette.screening.segment import LAYOUT, Segment
from vedette.store import Store, write_durably
from vedette.watchlists import ListVersion


def open_index(store: Store, versions: Iterable[ListVersion] | None = None) -> Index:
    """The index over these list versions, by default over every list in force.

    Missing and damaged files are built from the stored entries. Raises ScreeningError where no list is loaded: an answer
    without lists would look like "not listed".
    """
    chosen = tuple(watchlists.current(store) if versions is None else versions)
    index = Index([_segment(store, version) for version in chosen])
    index.require_lists()
    return index


def build(store: Store, version: ListVersion) -> Index:
    """Build the index of one version from its stored entries, keep it on disk, and return it."""
    return Index([_built(store, version)])


def edition_of(version: ListVersion) -> Edition:
    """What a match cites of a list version; the citation is that of the list's declared source."""
    declared = {source.id: source.citation for source in watchlists.sources()} if version.source_id else {}
    return Edition(
        list_id=version.list_id,
        version=version.version,
        entries_hash=version.entries_hash,
        obligation=version.obligation,
        citation=declared.get(version.source_id, ()),
    )


def _segment(store: Store, version: ListVersion) -> Segment:
    path = _path(store, version)
    try:
        found = segments.restore(path.read_bytes(), path.name)
    except (FileNotFoundError, ScreeningError):
        return _built(store, version)
    same = (found.edition.list_id, found.edition.version, found.edition.entries_hash)
    if same != (version.list_id, version.version, version.entries_hash) or found.entries != version.entries:
        return _built(store, version)
    return found


def _built(store: Store, version: ListVersion) -> Segment:
    found = segments.build(edition_of(version), watchlists.entries(store, version))
    path = _path(store, version)
    try:
        write_durably(path, segments.dump(found))
    except OSError:
        # The file only saves time: screening goes on from memory where the folder is full or read-only.
        path.unlink(missing_ok=True)
    return found


def _path(store: Store, version: ListVersion) -> Path:
    """Named by hash, so that no publisher's text becomes a file name."""
    name = hashlib.sha256(f"{version.list_id}\n{version.version}\n{version.entries_hash}".encode()).hexdigest()
    return store.workspace.lists / f"{name[:32]}.index{LAYOUT}"
