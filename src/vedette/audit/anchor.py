"""Checkpoints kept outside the workspace, so that a workspace put back to an earlier state is noticed."""

from __future__ import annotations

import os
from pathlib import Path

from vedette.audit.checkpoint import Checkpoint, CheckpointError, opened, public_bytes
from vedette.audit.store import head_note, signing_key
from vedette.base import Place, VedetteError
from vedette.store import Store

_BETWEEN = "\n\n\n"  # two empty lines; within a note stands one


class AnchorError(VedetteError):
    """The kept checkpoints cannot be read, or the log is older than they are."""


def keep(store: Store, place: Path) -> Checkpoint | None:
    """Add the newest checkpoint to a file, or to a folder as a file of its own; nothing there is ever changed.

    None for an empty log. Raises AnchorError where what is kept there is not of this log or newer than it.
    """
    found = rolled_back(store, place)
    if found:
        raise AnchorError(found, place=Place(str(place)), remedy="Find out who put the workspace back, and why")
    with store.database.reading() as connection:
        note = head_note(connection)
    if note is None:
        return None
    checkpoint = opened(note, public_bytes(signing_key(store)))
    if place.is_dir():
        _create(place / f"{checkpoint.size:012d}.checkpoint", note)
    elif note not in kept(place):
        descriptor = os.open(place, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(f"{note}\n\n")
            file.flush()
            os.fsync(file.fileno())
    return checkpoint


def _create(path: Path, note: str) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o440)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(note)
        file.flush()
        os.fsync(file.fileno())


def kept(place: Path) -> list[str]:
    """The notes kept in a file or folder, oldest first; none where it does not exist yet. Raises AnchorError."""
    try:
        if place.is_dir():
            return [path.read_text(encoding="utf-8") for path in sorted(place.glob("*.checkpoint"))]
        if not place.exists():
            return []
        parts = place.read_text(encoding="utf-8").split(_BETWEEN)
        return [f"{note}\n" for note in parts if note.strip()]
    except (OSError, UnicodeDecodeError) as fault:
        raise AnchorError(f"the kept checkpoints cannot be read: {fault}", place=Place(str(place))) from None


def rolled_back(store: Store, place: Path) -> str:
    """Why the log cannot be the one whose newest checkpoint is kept there, or blank. Reads two notes, not the log."""
    notes = kept(place)
    if not notes:
        return ""
    with store.database.reading() as connection:
        head = head_note(connection)
    public = public_bytes(signing_key(store))
    try:
        newest = opened(notes[-1], public)
        present = opened(head, public) if head else Checkpoint(newest.origin, 0, b"")
    except CheckpointError as fault:
        return f"the newest kept checkpoint or that of the log cannot be trusted: {fault}"
    if present.size < newest.size:
        return f"the log has {present.size} leaves, and {newest.size} were signed before: it was put back"
    if present.size == newest.size and present.root != newest.root:
        return f"another log of {newest.size} leaves was signed before: this one was written anew"
    return ""
