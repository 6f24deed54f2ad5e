"""Makes and opens workspaces: settings in, a ready store out."""

from __future__ import annotations

from pathlib import Path

from vedette.app.rooms import catalogue
from vedette.app.settings import initial_text, read
from vedette.base import Place, VedetteError
from vedette.store import Store, Workspace


def open_store(root: Path) -> Store:
    """The store of a workspace. Raises WorkspaceError, with the remedy, where there is none.

    Where checkpoints are kept outside, a workspace that is older than they are is refused (RolledBack), unless the
    setting `anchor` is blank in the environment.
    """
    Workspace(root).require()
    settings = read(root)
    workspace = Workspace(root, settings.state_url)
    store = Store(workspace, catalogue(), memory=settings.memory, threads=settings.threads)
    if settings.anchor:
        _compare(store, Path(settings.anchor))
    return store


class RolledBack(VedetteError):
    """The workspace is older than a checkpoint that was kept outside it."""


def _compare(store: Store, anchor: Path) -> None:
    from vedette.audit.anchor import rolled_back

    found = rolled_back(store, anchor)
    if found:
        store.close()
        raise RolledBack(
            found,
            place=Place(str(anchor)),
            remedy="Bring back the newer workspace; to look at this one, set VEDETTE_ANCHOR= for one command",
        )


def anchor_of(root: Path) -> Path | None:
    """Where checkpoints are kept outside the workspace, or None."""
    named = read(root).anchor
    return Path(named) if named else None


def create(root: Path, home: str) -> Store:
    """A new workspace with its settings file, opened."""
    Workspace(root).create(initial_text(home))
    return open_store(root)


def home_of(root: Path) -> str:
    """The home jurisdiction that a workspace's settings name."""
    return read(root).home
