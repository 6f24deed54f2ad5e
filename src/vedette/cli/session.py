"""Makes the session of one invocation: workspace, principal, and how to open the store when it is needed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from vedette.base import Principal, PrincipalKind
from vedette.doors import Session

if TYPE_CHECKING:
    from vedette.base import Clock
    from vedette.store import Store


def make(workspace: Path | None) -> Session:
    """A session; nothing is opened yet."""
    return Session(_folder(workspace), _principal(), _open, _home, identify=_who)


def _folder(workspace: Path | None) -> Path:
    import os

    return workspace if workspace is not None else Path(os.environ.get("VEDETTE_WORKSPACE") or ".")


def _principal() -> Principal:
    import getpass

    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        name = "unknown"
    return Principal(PrincipalKind.COMMAND_LINE, name)


def _open(root: Path) -> Store:
    from vedette.app.opening import open_store

    return open_store(root)


def _home(root: Path) -> str:
    from vedette.app.opening import home_of

    return home_of(root)


def _who(store: Store, root: Path, user: Principal, clock: Clock) -> Principal:
    from vedette.doors.access.terminal import who

    return who(store, root, user, clock)
