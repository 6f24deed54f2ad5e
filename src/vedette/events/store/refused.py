"""Keeps refused log records: the first thousand to show, all of them in a file that can be corrected and fed again."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

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
    _part: str = field(default_factory=lambda: uuid.uuid4().hex)

    @property
    def target(self) -> Path:
        """Where the records are kept: named after the content they came from."""
        return self.folder / f"{self.path.name.split('.')[0]}-{self.digest[:12]}.jsonl"

    def add(self, refused: Iterable[tuple[Item, str]]) -> None:
        """More refused records, each with the reason. The file is open only meanwhile: many files may be read at once."""
        lines = []
        for item, reason in refused:
            if len(self.shown) < _SHOWN:
                self.shown.append(Refusal(str(self.path), item.line, "", reason, _REMEDY, ""))
            lines.append(item.raw.replace(b"\n", b" ") + b"\n")
        begun = os.O_APPEND if self.count else os.O_TRUNC
        handle = os.open(self._draft, os.O_WRONLY | os.O_CREAT | begun, 0o600)
        with os.fdopen(handle, "ab") as file:
            file.writelines(lines)
            file.flush()
            os.fsync(file.fileno())
        self.count += len(lines)

    @property
    def _draft(self) -> Path:
        return self.target.with_suffix(f".{self._part}.part")

    def close(self) -> None:
        """Let what was kept appear under its name."""
        self.shown.sort(key=lambda refusal: refusal.line)
        if self.count:
            os.replace(self._draft, self.target)

    def discard(self) -> None:
        """Forget everything: the file is refused whole."""
        if self.count:
            self._draft.unlink(missing_ok=True)
            self.count = 0
