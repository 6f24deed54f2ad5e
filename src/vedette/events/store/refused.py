"""Keeps refused log records: the first thousand to show, all of them in a file that can be corrected and fed again."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from vedette.events.records import Item
from vedette.store.intake import Refusal

_SHOWN = 1_000
_REMEDY = "Correct the record in the workspace's folder `refused` and ingest that file"


@dataclass(slots=True)
class RefusedRecords:
    """The refused records of one file. The folder's files are readable by their owner only."""

    path: Path
    folder: Path
    digest: str = ""
    count: int = 0
    shown: list[Refusal] = field(default_factory=list)
    _file: IO[bytes] | None = None

    @property
    def target(self) -> Path:
        """Where the records are kept: named after the content they came from."""
        return self.folder / f"{self.path.name.split('.')[0]}-{self.digest[:12]}.jsonl"

    def add(self, item: Item, reason: str) -> None:
        """One more refused record."""
        self.count += 1
        if len(self.shown) < _SHOWN:
            self.shown.append(Refusal(str(self.path), item.line, "", reason, _REMEDY, ""))
        if self._file is None:
            handle = os.open(self._draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            self._file = os.fdopen(handle, "wb")
        self._file.write(item.raw.replace(b"\n", b" ") + b"\n")

    @property
    def _draft(self) -> Path:
        return self.target.with_suffix(".part")

    def close(self) -> None:
        """Flush what was kept to disk under its name."""
        if self._file is not None:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            self._file = None
            os.replace(self._draft, self.target)

    def discard(self) -> None:
        """Forget everything: the file is refused whole."""
        if self._file is not None:
            self._file.close()
            self._file = None
            self._draft.unlink(missing_ok=True)
