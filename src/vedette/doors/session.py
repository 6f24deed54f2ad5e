"""One use of the program from the terminal: which workspace, who acts, in which form answers are wanted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vedette.base import Clock, Principal, SystemClock

if TYPE_CHECKING:
    from vedette.store import Store

JSON = Annotated[bool, typer.Option("--json", help="Answer as JSON lines on standard output.")]


@dataclass(slots=True)
class Session:
    """What a command needs of its surroundings. ``user`` is the machine's user, ``principal`` who acts. The store is opened on first use, by the composition room's opener."""

    workspace: Path
    user: Principal
    opener: Callable[[Path], Store]
    home: Callable[[Path], str] = lambda _path: "us"
    clock: Clock = field(default_factory=SystemClock)
    json: bool = False
    identify: Callable[[Store, Path, Principal, Clock], Principal] | None = None
    _store: Store | None = None
    _principal: Principal | None = None

    @property
    def principal(self) -> Principal:
        """Who acts: whoever signed in here, where there are people to sign in; else the user of the machine."""
        if self.identify is None or not self.workspace_exists:
            return self.user
        if self._principal is None:
            self._principal = self.identify(self.store, self.workspace, self.user, self.clock)
        return self._principal

    @property
    def store(self) -> Store:
        """The workspace's store. Raises WorkspaceError, with the remedy, where there is none."""
        if self._store is None:
            self._store = self.opener(self.workspace)
        return self._store

    @property
    def workspace_exists(self) -> bool:
        """Whether the folder is a workspace."""
        return (self.workspace / "vedette.toml").is_file()

    def close(self) -> None:
        """Close the store if it was opened."""
        if self._store is not None:
            self._store.close()
            self._store = None


def session(context: typer.Context, *, json: bool = False) -> Session:
    """The session that the command line made for this invocation, told whether JSON lines are wanted."""
    found = context.find_object(Session)
    if found is None:
        raise RuntimeError("the command line made no session")
    found.json = found.json or json
    return found
