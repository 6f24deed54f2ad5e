"""Near real time: only rules whose tables received something run, on the whole history of the keys that were touched.

What arrived is told by the time it was received, so that late events count like prompt ones. A rule that is not proven
to keep keys apart (see ``keyed``) runs over everything and is named in ``whole``, or waits and is named in ``deferred``.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol

from sqlglot import exp

from vedette.base import Finding
from vedette.detections import coverage
from vedette.detections.execute import findings_of, tree_of
from vedette.detections.keyed import Cut, cut
from vedette.detections.lake import TABLES, column_names
from vedette.detections.model import Engine, Fault, Limits, Readiness, Rule, RuleStopped

_ORDINARY = Limits()
_NAMES = tuple(table.name for table in TABLES)


@dataclass(frozen=True, slots=True)
class SliceRun:
    """What a slice gave.

    ``examined`` maps each rule that ran to the subject ids it looked at, None for all: what it found about them before
    and not again is withdrawn. ``whole`` names rules that ran over everything and why, ``deferred`` those that must
    still do so. A rule in none of these had nothing to look at.
    """

    findings: tuple[Finding, ...]
    examined: Mapping[str, frozenset[str] | None]
    readiness: tuple[Readiness, ...]
    faults: tuple[Fault, ...] = ()
    whole: Mapping[str, str] = field(default_factory=dict)
    deferred: Mapping[str, str] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)
    keys: Mapping[str, int] = field(default_factory=dict)


class Room(Protocol):
    """The lake opened for one slice; see ``store/sliced.py``."""

    def arrived(self, tables: Iterable[str]) -> frozenset[str]: ...

    def keys(self, kind: str, tables: Sequence[str]) -> frozenset[str]: ...

    def copy(
        self, columns: Mapping[str, Collection[str]], kinds: Mapping[str, Sequence[str]], whole: Collection[str]
    ) -> None: ...

    def lock(self) -> None: ...

    def older(self) -> Engine: ...

    def newest(self) -> Engine: ...

    def cut(self, kind: str, keyed: Iterable[str], whole: Iterable[str]) -> Engine: ...


OpenRoom = Callable[[int, Limits], AbstractContextManager[Room]]


def slice_rules(
    tables: Engine,
    open_room: OpenRoom,
    rules: Sequence[Rule],
    *,
    since_us: int,
    waiting: Collection[str] = (),
    defer: bool = False,
    limits: Limits = _ORDINARY,
) -> SliceRun:
    """Run what the rows received since a moment (microseconds, inclusive) can have changed; see ``run_slice``."""
    ordered = sorted(rules, key=lambda rule: rule.id)
    work = _Work(tables, limits, defer)
    with open_room(since_us, limits) as room:
        arrived = room.arrived(_NAMES)
        concerned = [rule for rule in ordered if arrived & set(rule.reads) or rule.id in waiting]
        held = coverage.held_in(room.newest(), ordered, limits)
        now = coverage.readiness(ordered, held)
        # What is empty now was empty before: looking for it among older rows would read them all.
        before = coverage.readiness(ordered, coverage.held_in(room.older(), concerned, limits, among=held))
        cuts = _plan(concerned, arrived, frozenset(waiting), (before, now), work)
        keys = _copies(room, cuts)
        room.lock()
        jobs = [
            (room.cut(how.kind, how.keyed, how.whole), rule, keys[how.kind]) for rule, how in cuts if keys[how.kind]
        ]
        # The engine gives a small slice to one thread: several rules at a time keep the others busy.
        work.run(jobs, together=limits.threads)
    work.run_whole()
    return work.result(now, {kind: len(found) for kind, found in keys.items()})


class _Work:
    """What has been done so far."""

    def __init__(self, tables: Engine, limits: Limits, defer: bool) -> None:
        self._tables = tables
        self._limits = limits
        self._defer = defer
        self._left: list[tuple[Rule, str]] = []
        self._findings: list[Finding] = []
        self._faults: list[Fault] = []
        self._examined: dict[str, frozenset[str] | None] = {}
        self._seconds: dict[str, float] = {}

    def leave(self, rule: Rule, reason: str) -> None:
        """Keep a rule for a run over everything."""
        self._left.append((rule, reason))

    def run(self, jobs: Sequence[tuple[Engine, Rule, frozenset[str] | None]], together: int = 1) -> None:
        """Run rules, several at a time; a fault leaves what a rule found before as it is."""
        with ThreadPoolExecutor(together) as pool:
            for (_, rule, subjects), done in zip(jobs, pool.map(self._one, jobs), strict=True):
                found, self._seconds[rule.id] = done
                if isinstance(found, Fault):
                    self._faults.append(found)
                else:
                    self._findings.extend(found)
                    self._examined[rule.id] = subjects

    def _one(self, job: tuple[Engine, Rule, frozenset[str] | None]) -> tuple[tuple[Finding, ...] | Fault, float]:
        engine, rule, _ = job
        started = time.perf_counter()
        try:
            found: tuple[Finding, ...] | Fault = findings_of(engine, rule, limits=self._limits)
        except RuleStopped as fault:
            found = Fault(rule.id, str(fault))
        return found, time.perf_counter() - started

    def run_whole(self) -> None:
        """Run over everything the rules that were kept, unless they are to wait."""
        if not self._defer:
            self.run([(self._tables, rule, None) for rule, _ in self._left])

    def result(self, readiness: tuple[Readiness, ...], keys: Mapping[str, int]) -> SliceRun:
        """Everything together."""
        left = {rule.id: reason for rule, reason in self._left}
        return SliceRun(
            findings=tuple(self._findings),
            examined=self._examined,
            readiness=readiness,
            faults=tuple(self._faults),
            whole={} if self._defer else left,
            deferred=left if self._defer else {},
            seconds=self._seconds,
            keys=keys,
        )


def _plan(
    concerned: Sequence[Rule],
    arrived: frozenset[str],
    waiting: frozenset[str],
    states: tuple[tuple[Readiness, ...], tuple[Readiness, ...]],
    work: _Work,
) -> list[tuple[Rule, Cut]]:
    """Which rules run on a slice and how; the others that can run are left for a run over everything."""
    was_ready, is_ready = ({state.rule for state in found if state.ready} for found in states)
    cuts = []
    for rule in (rule for rule in concerned if rule.id in is_ready):
        how = cut(rule)
        reason = how.reason
        if rule.id in waiting:
            reason = "it waited, or did not finish, the last time"
        elif rule.id not in was_ready:
            reason = "it could not run before"
        elif how.kind and arrived & set(how.whole):
            reason = f"{sorted(arrived & set(how.whole))[0]} changed, which it reads whole"
        if reason:
            work.leave(rule, reason)
        else:
            cuts.append((rule, how))
    return cuts


def _copies(room: Room, cuts: Sequence[tuple[Rule, Cut]]) -> dict[str, frozenset[str]]:
    """Copy what the rules will read; gives the touched keys by kind."""
    keys = {
        kind: room.keys(kind, sorted({name for _, how in cuts if how.kind == kind for name in how.keyed}))
        for kind in sorted({how.kind for _, how in cuts})
    }
    live = [(rule, how) for rule, how in cuts if keys[how.kind]]
    whole = {name for _, how in live for name in how.whole}
    kinds: dict[str, list[str]] = {}
    for name, kind in sorted({(name, how.kind) for _, how in live for name in how.keyed}):
        kinds.setdefault(name, []).append(kind)
    columns = _columns(sorted({*kinds, *whole}), [rule for rule, _ in live])
    room.copy(columns, kinds, whole)
    return keys


def _columns(tables: Sequence[str], rules: Sequence[Rule]) -> dict[str, tuple[str, ...]]:
    """The columns of each table that some rule which reads the table names; at least one."""
    known = column_names()
    found = {}
    for table in tables:
        named = {name for rule in rules if table in rule.reads for name in _named(rule)}
        own = known.get(table, ())
        found[table] = tuple(name for name in own if name in named) or tuple(own[:1])
    return found


def _named(rule: Rule) -> Iterator[str]:
    return (column.name for column in tree_of(rule).find_all(exp.Column))
