"""Has pieces of logs read by several processes where there is much to read, by this one alone where there is little."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from types import TracebackType

from vedette.base import VedetteError
from vedette.events.discover import adapter
from vedette.events.mask import Masker
from vedette.events.store.gather import Gatherer, Lot, Taken
from vedette.store import Vault

_LOAD = 16 * 1024 * 1024
_MOST = 4
_ALONE = 3


class CrewError(VedetteError):
    """A process that read logs ended before its work was done."""


@dataclass(frozen=True, slots=True)
class Job:
    """What a process must know to read logs: plain values, for it shares no memory with this one."""

    adapter: str
    keys: Path
    scratch: Path
    received_us: int

    def gatherer(self) -> Gatherer:
        """A reader of this job, for one process."""
        reader = adapter(self.adapter)
        masker = Masker(Vault(self.keys).tokens, reader.personal)
        return Gatherer(reader, masker, self.scratch, self.received_us)


class Crew:
    """Takes lots one by one and gives what came of them, in any order. Use as a context manager.

    Up to ``_ALONE`` loads are read here; with more, processes are started, one per core, at most four. ``workers`` fixes
    their number.
    """

    def __init__(self, job: Job, workers: int | None = None) -> None:
        self._job = job
        self._workers = min(os.cpu_count() or 1, _MOST) if workers is None else workers
        self._waiting: list[list[Lot]] = []
        self._load: list[Lot] = []
        self._size = 0
        self._running: set[Future[Taken]] = set()
        self._pool: ProcessPoolExecutor | None = None
        self._own: Gatherer | None = None

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, _kind: type[BaseException] | None, _value: object, _trace: TracebackType | None) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def give(self, lot: Lot) -> Iterator[Taken]:
        """Have one lot read; gives what is finished meanwhile."""
        self._load.append(lot)
        self._size += len(lot.piece.body)
        if self._size >= _LOAD:
            self._waiting.append(self._load)
            self._load, self._size = [], 0
            yield from self._dispatch()

    def finish(self) -> Iterator[Taken]:
        """Read what is left and wait for everybody."""
        if self._load:
            self._waiting.append(self._load)
            self._load = []
        if self._pool is None:
            for load in self._waiting:
                yield self._alone(load)
            return
        yield from self._dispatch()
        while self._running:
            yield from self._finished()

    def _dispatch(self) -> Iterator[Taken]:
        if self._pool is None:
            if len(self._waiting) <= _ALONE:
                return
            if self._workers < 2 or not self._start():
                load = self._waiting.pop(0)
                yield self._alone(load)
                return
        assert self._pool is not None
        for load in self._waiting:
            self._running.add(self._pool.submit(_take, load))
        self._waiting = []
        while len(self._running) > self._workers + 1:
            yield from self._finished()

    def _start(self) -> bool:
        """Start the processes; false where the system has no way to synchronise them."""
        try:
            self._pool = ProcessPoolExecutor(
                self._workers, mp_context=get_context("spawn"), initializer=_begin, initargs=(self._job,)
            )
        except (OSError, ImportError):
            self._workers = 1
        return self._pool is not None

    def _alone(self, load: list[Lot]) -> Taken:
        self._own = self._own or self._job.gatherer()
        return self._own.take(load)

    def _finished(self) -> Iterator[Taken]:
        done, self._running = wait(self._running, return_when=FIRST_COMPLETED)
        for future in done:
            try:
                yield future.result()
            except BrokenProcessPool:
                raise CrewError(
                    "a process that read logs was ended from outside", remedy="Give it more memory, and ingest again"
                ) from None


_own: list[Gatherer] = []


def _begin(job: Job) -> None:
    """In a new process: make its reader."""
    _own.append(job.gatherer())


def _take(load: list[Lot]) -> Taken:
    return _own[0].take(load)
