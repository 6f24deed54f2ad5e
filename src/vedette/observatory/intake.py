"""Takes publication files in: recognised, read record by record, joined and stored; refused records kept for correction."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from vedette.base import Clock, Principal
from vedette.events.model import Intake
from vedette.observatory.model import InputFile, ObservatoryError, Refused, Work, refuse
from vedette.observatory.source import parser_of, recognise, sources
from vedette.store import Store
from vedette.store.intake import Refusal

if TYPE_CHECKING:
    from vedette.observatory.store.spool import Spool

_HEAD = 64 * 1024
_GZIP = b"\x1f\x8b"
_BATCH = 2_000
#: Records that are committed together: what bounds the memory.
_TOGETHER = 250_000
_MOST_BYTES = 512 * 2**30
_SHOWN = 1_000
_NEVER = 2_100


@dataclass(slots=True)
class _File:
    """One file on its way in."""

    path: Path
    source: str
    sha256: str
    read: int = 0
    refused: int = 0
    shown: list[Refusal] = field(default_factory=list)

    def as_input(self) -> InputFile:
        return InputFile(
            sha256=self.sha256,
            name=self.path.name,
            source=self.source,
            read=self.read,
            stored=0,
            duplicates=0,
            refused=self.refused,
            imported_at="",
        )


@dataclass(slots=True)
class _Arrival:
    """Everything of one import: what waits to be committed, and what came of what was."""

    store: Store
    principal: Principal
    clock: Clock
    spool: Spool
    advance: Callable[[int], None]
    waiting: list[_File] = field(default_factory=list)
    done: list[Intake] = field(default_factory=list)
    together: int = 0

    def commit(self) -> None:
        """Store what waits."""
        from vedette.observatory.store.landing import land

        if not self.waiting:
            return
        inputs = [item.as_input() for item in self.waiting]
        landed = land(self.store, self.principal, self.spool, inputs, clock=self.clock)
        for item, found in zip(self.waiting, landed, strict=True):
            notes = []
            if found.joined:
                notes.append(f"{found.joined:,} records tell more of works that are held from another record")
            if found.newer:
                notes.append(f"{found.newer:,} records replace an older version of themselves")
            self.done.append(_intake(item, found.stored, found.duplicates, notes))
        self.waiting.clear()
        self.together = 0


def import_files(
    store: Store,
    principal: Principal,
    paths: Sequence[Path],
    *,
    clock: Clock,
    source: str = "",
    advance: Callable[[int], None] = lambda _n: None,
) -> tuple[Intake, ...]:
    """Take files (or all files of folders) in, one ``Intake`` each. A file-level fault refuses that file and the others go on.

    ``source`` fixes the format, which is otherwise recognised. Records of files read together become visible together.
    """
    from vedette.observatory.store.landing import last_ordinal
    from vedette.observatory.store.spool import Spool

    if source and source not in {item.id for item in sources()}:
        known = ", ".join(item.id for item in sources())
        raise ObservatoryError(f"no source {source!r} is known", remedy=f"One of: {known}")
    first = last_ordinal(store)
    done: list[Intake] = []
    files = list(_files(paths))
    while files:
        with Spool(store.workspace.scratch, store.vault, first) as spool:
            arrival = _Arrival(store, principal, clock, spool, advance)
            while files and arrival.together < _TOGETHER:
                _take(arrival, files.pop(0), source)
            arrival.commit()
            first, done = spool.ordinal, [*done, *arrival.done]
    return tuple(done)


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(
                item for item in path.rglob("*") if item.is_file() and not item.name.startswith((".", "_"))
            )
        else:
            yield path


def _take(arrival: _Arrival, path: Path, source: str) -> None:
    mark = arrival.spool.mark()
    kept = _Kept(arrival.store.workspace.refused, path)
    try:
        item = _File(path, *_identity(path, source))
        known = _seen(arrival, item)
        if known is not None:
            arrival.done.append(known)
            return
        _read(arrival, item, kept)
    except ObservatoryError as fault:
        arrival.spool.back(mark)
        kept.discard()
        arrival.done.append(Intake(adapter=source or "publications", faults=(str(fault),)))
        return
    kept.close(item.sha256)
    arrival.waiting.append(item)


def _seen(arrival: _Arrival, item: _File) -> Intake | None:
    """The same bytes, taken in whole before. One with refused records is read again, so that they are told again."""
    from vedette.observatory.store import kept

    found = kept.seen(arrival.store, item.sha256, item.source)
    if found is None or found.refused:
        return None
    return Intake(
        adapter=item.source,
        read=found.read,
        duplicates=found.read,
        notes=(f"taken in on {found.imported_at} already",),
    )


def _identity(path: Path, source: str) -> tuple[str, str]:
    """The source and the SHA-256 of the bytes as they lie. Raises ObservatoryError."""
    with opened(path) as stream:
        head = stream.peek(_HEAD)[:_HEAD]
        if not head.strip():
            raise refuse("is empty", str(path), remedy="Export it again")
    if not source:
        claims = recognise(path.name, head)
        if len(claims) != 1:
            problem = "is in no form known here" if not claims else f"could be of {' or '.join(claims)}"
            raise refuse(problem, str(path), remedy=f"Say which with --source: {', '.join(s.id for s in sources())}")
        source = claims[0]
    with path.open("rb") as raw:
        return source, hashlib.file_digest(raw, "sha256").hexdigest()


@contextmanager
def opened(path: Path) -> Iterator[io.BufferedReader]:
    """The unpacked bytes. Damage of the file, met at any time, is raised as ObservatoryError."""
    try:
        with path.open("rb") as raw:
            packed = raw.peek(2)[:2] == _GZIP
            unpacked: io.BufferedIOBase = gzip.GzipFile(fileobj=raw) if packed else raw
            yield io.BufferedReader(_Bounded(unpacked, str(path)), buffer_size=1024 * 1024)
    except (OSError, EOFError, zlib.error) as fault:
        reason = getattr(fault, "strerror", None) or str(fault) or type(fault).__name__
        raise refuse(f"cannot be read: {reason}", str(path), remedy="It may be missing or cut short") from None


class _Bounded(io.RawIOBase):
    """Reads on, up to a limit that no export reaches."""

    def __init__(self, stream: io.BufferedIOBase, name: str) -> None:
        self._stream = stream
        self._name = name
        self._left = _MOST_BYTES

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # the base class leaves the buffer's type open
        data = self._stream.read(len(buffer))
        self._left -= len(data)
        if self._left < 0:
            raise refuse("unpacks to more than any export holds", self._name, remedy="Check where it is from")
        buffer[: len(data)] = data
        return len(data)


def _read(arrival: _Arrival, item: _File, kept: _Kept) -> None:
    """Every record of a file into the spool."""
    number = len(arrival.waiting)
    batch: list[Work] = []
    with opened(item.path) as stream:
        for found in parser_of(item.source).parse(str(item.path), stream):
            item.read += 1
            sound = _checked(found)
            if isinstance(sound, Refused):
                item.refused += 1
                kept.put(sound)
                if len(item.shown) < _SHOWN:
                    item.shown.append(Refusal(str(item.path), sound.line, sound.field, sound.reason, sound.remedy, ""))
                continue
            batch.append(sound)
            if len(batch) >= _BATCH:
                arrival.spool.put(batch, number, item.sha256)
                arrival.advance(len(batch))
                batch.clear()
    arrival.spool.put(batch, number, item.sha256)
    arrival.advance(len(batch))
    arrival.together += item.read
    if not item.read:
        raise refuse("holds no record", str(item.path), remedy="Export it again, or say its form with --source")


def _checked(found: Work | Refused) -> Work | Refused:
    if isinstance(found, Refused):
        return found
    if found.year and not 1500 <= found.year <= _NEVER:
        return Refused(found.line, "year", f"{found.year} is no year of publication", "Correct it and import again")
    if not found.title and not found.doi and not found.source_id:
        return Refused(found.line, "title", "nothing tells which work it is", "Give a title, a DOI or an id")
    return found


def _intake(item: _File, stored: int, duplicates: int, notes: list[str]) -> Intake:
    return Intake(
        adapter=item.source,
        read=item.read,
        stored=stored,
        known=stored,
        duplicates=duplicates,
        refused_count=item.refused,
        refused=tuple(item.shown),
        notes=tuple(notes),
    )


class _Kept:
    """The refused records of one file: as they came where they are JSON, else with what is wrong. Readable by the owner only."""

    def __init__(self, folder: Path, path: Path) -> None:
        self._folder = folder
        self._stem = path.name.split(".")[0][:80]
        self._draft = folder / f".{self._stem}-{os.getpid()}-{id(self):x}.part"
        self._count = 0

    def put(self, refused: Refused) -> None:
        """One more."""
        told = {"line": refused.line, "field": refused.field, "reason": refused.reason, "raw": refused.raw}
        plain = refused.raw if refused.raw.lstrip().startswith("{") else json.dumps(told, ensure_ascii=False)
        handle = os.open(self._draft, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "ab") as file:
            file.write(plain.strip().replace("\n", " ").replace("\r", " ").encode("utf-8", "replace") + b"\n")
        self._count += 1

    def close(self, sha256: str) -> None:
        """Let what was kept appear under its name."""
        if self._count:
            os.replace(self._draft, self._folder / f"{self._stem}-{sha256[:12]}.jsonl")

    def discard(self) -> None:
        """Forget everything: the file is refused whole."""
        self._draft.unlink(missing_ok=True)
