"""A workspace: one directory that holds everything an installation knows, and where each part of it lies."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from vedette.base import Place, VedetteError


class WorkspaceError(VedetteError):
    """The directory is no workspace, or cannot be made into one."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """The places inside one workspace directory. ``state_url`` overrides the embedded SQLite database."""

    root: Path
    state_url: str | None = None

    @property
    def settings_file(self) -> Path:
        return self.root / "vedette.toml"

    @property
    def url(self) -> str:
        """The state database's URL."""
        return self.state_url or f"sqlite:///{self.root / 'state.db'}"

    @property
    def lake(self) -> Path:
        return self.root / "lake"

    @property
    def lists(self) -> Path:
        return self.root / "lists"

    @property
    def archive(self) -> Path:
        return self.root / "archive"

    @property
    def keys(self) -> Path:
        return self.root / "keys"

    @property
    def references(self) -> Path:
        return self.root / "references"

    @property
    def refused(self) -> Path:
        return self.root / "refused"

    @property
    def scratch(self) -> Path:
        return self.root / ".scratch"

    def exists(self) -> bool:
        """Whether ``vedette init`` has made this directory."""
        return self.settings_file.is_file()

    def create(self, settings_text: str) -> None:
        """Make the directory and its parts. An existing workspace is left as it is and refused."""
        if self.exists():
            raise WorkspaceError(
                "a workspace already lies here", place=Place(str(self.root)), remedy="Use it, or choose another folder"
            )
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            self.ensure_parts()
        except OSError as fault:
            raise WorkspaceError(
                f"cannot be written: {fault.strerror}", place=Place(str(self.root)), remedy="Choose another folder"
            ) from None
        write_durably(self.settings_file, settings_text.encode())

    def ensure_parts(self) -> None:
        """Make missing sub-folders; the keys' folder is readable by its owner only."""
        for part in (self.lake, self.lists, self.archive, self.references, self.refused, self.scratch):
            part.mkdir(exist_ok=True)
        self.keys.mkdir(mode=0o700, exist_ok=True)

    def require(self) -> None:
        """Raise with the remedy where there is no workspace."""
        if not self.exists():
            raise WorkspaceError(
                "this folder is not a workspace",
                place=Place(str(self.root)),
                remedy="Run `vedette init FOLDER`, or name one with --workspace or VEDETTE_WORKSPACE",
            )


def write_durably(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Write a whole file or nothing: to a neighbour first, flushed to disk, then renamed over the target."""
    with _neighbour(path, data, mode) as neighbour:
        os.replace(neighbour, path)
    sync_folder(path.parent)


def write_once(path: Path, data: bytes, mode: int = 0o644) -> None:
    """The same, but a file that is already there, even since a moment ago, stays as it is."""
    with _neighbour(path, data, mode) as neighbour, suppress(FileExistsError):
        os.link(neighbour, path)
    sync_folder(path.parent)


@contextmanager
def _neighbour(path: Path, data: bytes, mode: int) -> Iterator[Path]:
    """A flushed file beside the target, gone afterwards."""
    neighbour = path.with_name(f".{path.name}.{uuid.uuid4().hex}.new")
    handle = os.open(neighbour, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        yield neighbour
    finally:
        neighbour.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Make renames inside a folder survive a power cut, where the system offers it."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
