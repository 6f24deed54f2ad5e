"""Naming a stored version, or files on disk, as people do at a terminal."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from vedette.base import Place
from vedette.store import Store
from vedette.watchlists import store as rows
from vedette.watchlists.load import entries, read
from vedette.watchlists.model import Listing, ListVersion
from vedette.watchlists.reading import ListError


def versions(store: Store, list_id: str | None = None) -> tuple[ListVersion, ...]:
    """Every version kept, in force or not, by list and load time."""
    return rows.versions(store, list_id)


def resolve(store: Store, text: str) -> ListVersion:
    """The version called ``text``: a version id, ``list_id@version``, or a list id for its version in force."""
    list_id, _, wanted = text.rpartition("@")
    named = [version for version in rows.find(store, wanted) if list_id in ("", version.list_id)]
    named = named or [version for version in rows.in_force(store) if version.list_id == text]
    if len(named) == 1:
        return named[0]
    if named:
        choices = ", ".join(f"{version.list_id}@{version.version}" for version in named)
        raise ListError("names a version of several lists", place=Place(text), remedy=f"Write one of: {choices}")
    raise ListError(
        "is neither a stored version nor a file", place=Place(text), remedy="See `vedette lists status --all`"
    )


def listings_of(path: Path) -> tuple[Listing, ...]:
    """The listings of one list on disk: a file, or a folder with the files of one version."""
    found = read([path])
    if len(found) != 1:
        raise ListError(f"holds {len(found)} lists, not one", place=Place(str(path)), remedy="Name one file")
    return found[0].reading.listings


def listings_named(open_store: Callable[[], Store], text: str) -> tuple[Listing, ...]:
    """The listings of the files at this path, else of a stored version; only the latter needs a store."""
    path = Path(text)
    if path.exists():
        return listings_of(path)
    store = open_store()
    return entries(store, resolve(store, text))
