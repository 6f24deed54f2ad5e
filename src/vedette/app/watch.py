"""A folder that is watched: files that come to lie in it are read once each, and what they change is found at once.

The folder is laid out like an export that grows: ``signins-0001.jsonl``, ``payments-7.csv``, ``logs/okta/0001.jsonl.gz`` ...
Write a file under a name that begins with a dot or ends in ``.tmp`` or ``.part`` and rename it when it is whole. Rules that
must look at everything, rules in shadow, screening and linking are not done with every file: the former when the folder
has been quiet, the rest by ``vedette run``.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

from vedette import cases
from vedette.app.ingest import IngestError, IngestReport, Order, ingest_all
from vedette.app.step import Surroundings
from vedette.app.steps import detect
from vedette.base import Json, Place, VedetteError

_UNFINISHED = (".tmp", ".part", ".partial")
_MOST_FILES = 200
_State = tuple[int, int]


class WatchError(VedetteError):
    """The folder cannot be watched."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What one turn did: how many files and rows it read, and what that changed among the findings."""

    files: int = 0
    counts: dict[str, Json] = field(default_factory=dict)
    detections: dict[str, Json] = field(default_factory=dict)
    faults: tuple[str, ...] = ()
    seconds: float = 0.0

    def as_json(self) -> dict[str, Json]:
        """The printed row."""
        names = ("findings_new", "findings_changed", "findings_withdrawn", "rules_waiting")
        found = {name: self.detections[name] for name in names if name in self.detections}
        return {
            "files": self.files,
            **self.counts,
            **found,
            "faults": list(self.faults),
            "seconds": round(self.seconds, 2),
        }


@dataclass(slots=True)
class Watch:
    """One folder under watch. What is done is kept in the workspace: begun anew, it goes on where it was, whatever ended it."""

    around: Surroundings
    folder: Path
    whole_after: float = 30.0
    now: Callable[[], float] = monotonic
    _taken: dict[str, _State] = field(default_factory=dict)
    _waiting: bool = True
    _looked: float | None = None

    def turn(self, *, patient: bool = True) -> Turn | None:
        """Read what is new and find what it changes; None where there was nothing to do.

        Rules that look at everything have their turn once the folder is quiet and ``whole_after`` seconds have passed since
        the last time, or at once unless ``patient``.
        """
        started = self.now()
        fresh = dict(self._fresh())
        if fresh:
            report = self._read(sorted(fresh))
            self._taken |= fresh
            found = self._look(defer=patient)
            return Turn(len(fresh), _counts(report), found, tuple(report.refusals), self.now() - started)
        due = self._looked is None or self.now() - self._looked >= self.whole_after
        if self._waiting and (due or not patient):
            found = self._look(defer=False)
            return Turn(detections=found, seconds=self.now() - started)
        return None

    def _fresh(self) -> Iterator[tuple[str, _State]]:
        """Files that are whole and not yet taken as they are, the first few hundred by name."""
        states = dict(_files(self.folder))
        self._taken = {name: state for name, state in self._taken.items() if name in states}
        fresh = [(name, state) for name, state in sorted(states.items()) if self._taken.get(name) != state]
        yield from fresh[:_MOST_FILES]

    def _read(self, names: list[str]) -> IngestReport:
        around = self.around
        with TemporaryDirectory(dir=around.store.workspace.scratch) as scratch:
            for name in names:
                link = Path(scratch) / name
                link.parent.mkdir(parents=True, exist_ok=True)
                _lay(self.folder / name, link)
            order = Order(paths=(Path(scratch),))
            try:
                return ingest_all(around.store, around.principal, order, clock=around.clock)
            except IngestError as fault:
                return IngestReport(faults=[f"{', '.join(names[:3])}: {fault.problem}"])

    def _look(self, *, defer: bool) -> dict[str, Json]:
        facts = detect(self.around, "watched", defer=defer)
        cases.refresh(self.around.store, self.around.principal, self.around.clock)
        self._waiting = bool(facts["rules_waiting"])
        if not defer or facts["looked_at"] == "everything":
            self._looked = self.now()
        return facts


def watch(
    it: Watch,
    *,
    tell: Callable[[Turn], None],
    pause: Callable[[float], None],
    stopped: Callable[[], bool],
    every: float = 1.0,
) -> None:
    """Take turns until ``stopped``; between turns without work, ``pause`` for ``every`` seconds."""
    if not it.folder.is_dir():
        raise WatchError("is no folder", place=Place(str(it.folder)), remedy="Make it, then start the watch again")
    while not stopped():
        done = it.turn()
        if done is None:
            pause(every)
        else:
            tell(done)


def _files(folder: Path) -> Iterator[tuple[str, _State]]:
    """Relative names and states of the files of an export folder and of its logs."""
    places = [folder, *(item for item in _listed(folder / "logs") if item.is_dir())]
    for place in places:
        for item in _listed(place):
            try:
                status = item.stat()
            except OSError:
                continue  # gone since it was listed: the next turn sees what is there then
            if item.is_file():
                yield item.relative_to(folder).as_posix(), (status.st_mtime_ns, status.st_size)


def _lay(source: Path, target: Path) -> None:
    """The same file under another name; a copy where it lies on another disk. One that is gone is left out."""
    try:
        os.link(source, target)
    except OSError:
        with suppress(FileNotFoundError):
            shutil.copyfile(source, target)


def _listed(folder: Path) -> list[Path]:
    try:
        names = os.listdir(folder)
    except FileNotFoundError:
        return []
    return [folder / name for name in names if not name.startswith((".", "_")) and not name.endswith(_UNFINISHED)]


def _counts(report: IngestReport) -> dict[str, Json]:
    total = report.total()
    return {name: total[name] for name in ("read", "stored", "duplicates", "refused_count")}
