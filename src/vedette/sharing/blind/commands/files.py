"""What the commands share: who may act, and files read and written whole, readable by their owner only."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vedette import doors
from vedette.base import Place, Principal, VedetteError

PURPOSE = Annotated[str, typer.Option(help="The purpose asked for.")]
WORKERS = Annotated[int, typer.Option(min=1, max=64, help="Processes for large lists.")]
_SECRET_MODE = 0o600


def officer(session: doors.Session) -> Principal:
    """Who answers for sharing: a signed-in sharing officer; anybody at the terminal while no person exists."""
    from vedette.doors.access.terminal import require
    from vedette.doors.people import Permission

    return require(session.store, session.workspace, Permission.SHARE, session.principal, session.clock)


def approver(session: doors.Session) -> Principal:
    """Who may agree as a second person: a signed-in approver; anybody at the terminal while no person exists."""
    from vedette.doors.access.terminal import require
    from vedette.doors.people import Permission

    return require(session.store, session.workspace, Permission.APPROVE, session.principal, session.clock)


def bytes_of(path: Path) -> bytes:
    """A whole file. Raises VedetteError naming it."""
    try:
        return path.read_bytes()
    except OSError as fault:
        raise VedetteError(f"cannot be read: {fault.strerror}", place=Place(str(path))) from None


def write(path: Path, data: bytes) -> None:
    """Write a whole file or nothing. Raises VedetteError naming it."""
    from vedette.store import write_durably

    try:
        write_durably(path, data, _SECRET_MODE)
    except OSError as fault:
        raise VedetteError(f"cannot be written: {fault.strerror}", place=Place(str(path))) from None
