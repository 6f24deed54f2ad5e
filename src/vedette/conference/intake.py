"""Files and folders of a venue taken in: each file recognised, read, stored whole or refused whole; faulty rows named."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from vedette.audit import writing
from vedette.base import Clock, Json, Principal, VedetteError, iso
from vedette.conference.model import ConferenceError, Reading, Refused, refuse
from vedette.conference.policy import Policy
from vedette.conference.source import parser_of, recognised
from vedette.conference.store import held
from vedette.store import Store

_MOST_BYTES = 512 * 1024 * 1024
_MOST_FILES = 100_000
_BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class FileResult:
    """What became of one file. read = stored + duplicates + refused."""

    file: str
    source: str = ""
    read: int = 0
    stored: int = 0
    duplicates: int = 0
    submissions: int = 0
    papers: int = 0
    profiles: int = 0
    refused: tuple[Refused, ...] = ()
    ignored: dict[str, int] = field(default_factory=dict)
    problem: str = ""
    remedy: str = ""

    def as_json(self) -> dict[str, Json]:
        """The form on the wire."""
        return {
            "file": self.file,
            "adapter": self.source or None,
            "read": self.read,
            "stored": self.stored,
            "duplicates": self.duplicates,
            "submissions": self.submissions,
            "papers": self.papers,
            "profiles": self.profiles,
            "refused": [item.as_json() for item in self.refused],
            "ignored": dict(self.ignored),
            "problem": self.problem or None,
            "remedy": self.remedy or None,
        }


def read_file(path: Path, root: Path | None = None) -> tuple[str, Reading]:
    """The form and content of one file. Raises ConferenceError where it is refused whole."""
    name = path.relative_to(root).as_posix() if root is not None else path.name
    data = _bytes(path, name)
    source = recognised(name.removesuffix(".gz"), data)
    if source is None:
        raise refuse(
            "is of no known form", name, remedy="HotCRP or OpenReview JSON, CMT or EasyChair .xlsx, CSV, PDF or LaTeX"
        )
    return source, parser_of(source).parse(name.removesuffix(".gz"), data)


def _bytes(path: Path, name: str) -> bytes:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise refuse("is larger than 512 MB", name, remedy="Export fewer papers at a time")
        data = path.read_bytes()
        if data[:2] == b"\x1f\x8b":
            with gzip.open(path) as packed:
                data = packed.read(_MOST_BYTES + 1)
    except (OSError, EOFError, zlib.error) as fault:
        raise refuse(f"cannot be read: {fault}", name, remedy="Check the file and import it again") from None
    if len(data) > _MOST_BYTES:
        raise refuse("unpacks to more than 512 MB", name, remedy="Export fewer papers at a time")
    if not data.strip():
        raise refuse("is empty", name, remedy="Export it again")
    return data


def files(paths: Iterable[Path]) -> Iterator[tuple[Path, Path | None]]:
    """Each file, with the folder it was found under; hidden files and links that lead out of the folder are passed over."""
    for path in paths:
        if not path.is_dir():
            yield path, None
            continue
        found = sorted(each for each in path.rglob("*") if each.is_file() and not each.is_symlink())
        if len(found) > _MOST_FILES:
            raise refuse(f"holds more than {_MOST_FILES:,} files", path.name, remedy="Import a part at a time")
        for each in found:
            if not any(part.startswith(".") for part in each.relative_to(path).parts) and each.name != "SIMULATED.txt":
                yield each, path


@dataclass(frozen=True, slots=True)
class Intake:
    """Where files are taken in."""

    store: Store
    principal: Principal
    clock: Clock
    venue: str
    policy: Policy


def take(intake: Intake, paths: Iterable[Path]) -> Iterator[FileResult]:
    """Import files in order; a faulty one is refused, and the rest goes on. Many small files are stored in one act."""
    waiting: list[tuple[str, str, Reading]] = []
    for path, root in files(paths):
        name = path.relative_to(root).as_posix() if root is not None else path.name
        try:
            source, reading = read_file(path, root)
        except ConferenceError as fault:
            yield from _stored(intake, waiting)
            waiting = []
            yield FileResult(file=str(fault.place) or name, problem=fault.problem, remedy=fault.remedy)
            continue
        waiting.append((name, source, reading))
        if sum(each.read for _, _, each in waiting) >= _BATCH:
            yield from _stored(intake, waiting)
            waiting = []
    yield from _stored(intake, waiting)


def _stored(intake: Intake, read: list[tuple[str, str, Reading]]) -> list[FileResult]:
    if not read:
        return []
    results = []
    with writing(intake.store, intake.principal, "conference.import", clock=intake.clock) as act:
        shelf = held.Shelf(act, intake.store, intake.venue)
        for name, source, reading in read:
            results.append(_shelved(intake, shelf, name, source, reading))
        act.fact("venue", intake.venue)
        act.fact("adapters", sorted({source for _, source, _ in read}))
        act.fact("stored", sum(each.stored for each in results))
        act.fact("refused", sum(len(each.refused) for each in results))
    return results


def _shelved(intake: Intake, shelf: held.Shelf, name: str, source: str, reading: Reading) -> FileResult:
    now = intake.clock.now()
    origin = held.Origin(source, name, iso(now), iso(now + timedelta(days=intake.policy.personal_days)))
    kept = [
        shelf.put(kind, origin, units)
        for kind, units in (
            (held.SUBMISSIONS, reading.submissions),
            (held.PAPERS, reading.papers),
            (held.PROFILES, reading.profiles),
        )
    ]
    return FileResult(
        file=name,
        source=source,
        read=reading.read,
        stored=sum(stored for stored, _ in kept),
        duplicates=sum(same for _, same in kept),
        submissions=len(reading.submissions),
        papers=len(reading.papers),
        profiles=len(reading.profiles),
        refused=reading.refused,
        ignored=dict(reading.ignored),
    )


def read_all(paths: Iterable[Path]) -> tuple[Reading, list[VedetteError]]:
    """Everything that files hold, in memory only, and the faults of those that were refused whole."""
    readings: list[Reading] = []
    faults: list[VedetteError] = []
    for path, root in files(paths):
        try:
            readings.append(read_file(path, root)[1])
        except ConferenceError as fault:
            faults.append(fault)
    return (
        Reading(
            submissions=tuple(item for each in readings for item in each.submissions),
            profiles=tuple(item for each in readings for item in each.profiles),
            papers=tuple(item for each in readings for item in each.papers),
            refused=tuple(item for each in readings for item in each.refused),
        ),
        faults,
    )
