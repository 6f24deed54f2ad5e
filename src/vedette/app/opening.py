"""Makes and opens workspaces: settings in, a ready store out."""

from __future__ import annotations

from pathlib import Path

from vedette.app.rooms import catalogue
from vedette.app.settings import initial_text, read
from vedette.store import Store, Workspace


def open_store(root: Path) -> Store:
    """The store of a workspace. Raises WorkspaceError, with the remedy, where there is none."""
    Workspace(root).require()
    settings = read(root)
    workspace = Workspace(root, settings.state_url)
    return Store(workspace, catalogue(), memory=settings.memory, threads=settings.threads)


def create(root: Path, home: str) -> Store:
    """A new workspace with its settings file, opened."""
    Workspace(root).create(initial_text(home))
    return open_store(root)


def home_of(root: Path) -> str:
    """The home jurisdiction that a workspace's settings name."""
    return read(root).home
