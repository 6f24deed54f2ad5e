"""`sacct --json` of several Slurm releases -> one allocation for each job that held accelerators."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from vedette.workloads.adapted import (
    AdaptedFault,
    Counts,
    Document,
    Found,
    Holder,
    Refused,
    Row,
    Value,
    accelerator_of,
    decoded,
    holders_of,
    micros_of,
    number_of,
)

_SHARES = ("shard", "mps")
_RUNNING = frozenset(("RUNNING", "SUSPENDED", "COMPLETING", "CONFIGURING", "STAGE_OUT", "RESIZING", "SIGNALING"))
_PARENTS = 20
_MOST = 1_000_000


class _Number(msgspec.Struct, frozen=True):
    """A number as later releases write it."""

    set: bool = True
    infinite: bool = False
    number: int | float = 0


_Count = int | float | _Number | None


class _Time(msgspec.Struct, frozen=True):
    start: _Count = None
    end: _Count = None


class _Resource(msgspec.Struct, frozen=True):
    type: str = ""
    name: str | None = None
    count: _Count = None


class _Resources(msgspec.Struct, frozen=True):
    allocated: list[_Resource] = []


class _Association(msgspec.Struct, frozen=True):
    account: str | None = None
    user: str | None = None
    parent_account: str | None = None


class _State(msgspec.Struct, frozen=True):
    current: str | list[str] = ""


class _Job(msgspec.Struct, frozen=True):
    job_id: int
    account: str | None = None
    user: str | None = None
    allocation_nodes: _Count = None
    time: _Time = _Time()
    tres: _Resources = _Resources()
    association: _Association = _Association()
    state: _State = _State()


class _Export(msgspec.Struct, frozen=True):
    jobs: list[msgspec.Raw] | None = None
    associations: list[msgspec.Raw] | None = None


def rows(documents: Iterable[Document]) -> Iterator[Found]:
    """The allocations of one file. Raises AdaptedFault where it holds neither jobs nor associations."""
    counts, notes, read = Counts(), Counts(), 0
    parents: dict[str, str] = {}
    jobs: list[tuple[int, msgspec.Raw]] = []
    for document in documents:
        export = decoded(document.body, _Export)
        if export is None or (export.jobs is None and export.associations is None):
            yield Refused(document.line, "is no export of sacct or sacctmgr")
            continue
        read += 1
        for raw in export.associations or ():
            one = decoded(raw, _Association)
            if one is not None and one.account and one.parent_account:
                parents[one.account] = one.parent_account
        jobs += ((document.line, raw) for raw in export.jobs or ())
    if not read:
        raise AdaptedFault("holds no list of jobs", remedy="Save what `sacct --json` prints")
    for line, raw in jobs:
        job = decoded(raw, _Job)
        if job is None:
            yield Refused(line, "a job cannot be read: its fields are of other kinds than in any known release")
        elif (found := _allocation(line, job, parents, counts, notes)) is not None:
            yield found
    yield from counts.found()
    yield from notes.notes()


def _allocation(line: int, job: _Job, parents: dict[str, str], counts: Counts, notes: Counts) -> Found | None:
    held = _cards(job)
    if not held:
        counts.add("jobs without accelerators")
        return None
    if any(kind in held for kind in _SHARES):
        return Refused(
            line, "holds shares of a card (shard or mps): how much of it was used cannot be told", field="tres"
        )
    start, end = micros_of(_plain(job.time.start)), micros_of(_plain(job.time.end))
    if start is None:
        counts.add("jobs that have not started")
        return None
    if end is not None and end < start:
        return Refused(line, "ends before it starts", field="time")
    if end is None and not _RUNNING.intersection(_states(job)):
        notes.add("jobs are over and bear no end: they are taken as running on")
    model = max(held, key=lambda name: held[name])
    if len(held) > 1:
        notes.add("jobs hold cards of several types: all are counted as the type they hold most of")
    nodes, total = max(1, round(_plain(job.allocation_nodes) or 1)), sum(held.values())
    even = total % nodes == 0 and nodes <= _MOST
    values: dict[str, Value] = {
        "job_id": str(job.job_id),
        "started_at": start,
        "ended_at": end,
        "node_count": nodes if even else 1,
        "gpu_model": accelerator_of(model),
        "gpu_count": total // nodes if even else total,
    }
    return Row("allocations", values, {"account_id": _holders(job, parents)}, line)


def _cards(job: _Job) -> dict[str, int]:
    """How many accelerators of each type; the untyped total only where no type is told."""
    found: dict[str, int] = {}
    untyped = 0
    for item in job.tres.allocated:
        kind, _, name = (item.name or "").partition(":")
        if item.type != "gres":
            kind, _, name = item.type.removeprefix("gres/"), "", item.name or ""
        count = round(min(_plain(item.count) or 0, _MOST))
        if count <= 0 or kind not in ("gpu", *_SHARES):
            continue
        if kind in _SHARES:
            found[kind] = count
        elif name:
            found[name] = found.get(name, 0) + count
        else:
            untyped = count
    return found or ({"": untyped} if untyped else {})


def _plain(value: _Count) -> float | None:
    """A number of any release; None where it is unset, infinite or zero, which Slurm writes for what has not happened."""
    if isinstance(value, _Number):
        value = value.number if value.set and not value.infinite else None
    return number_of(value) or None


def _states(job: _Job) -> list[str]:
    return [job.state.current] if isinstance(job.state.current, str) else job.state.current


def _holders(job: _Job, parents: dict[str, str]) -> tuple[Holder, ...]:
    """The account, those above it in the tree, and the user."""
    account = job.account or job.association.account
    chain: list[str] = []
    while account and account not in chain and len(chain) < _PARENTS:
        chain.append(account)
        account = parents.get(account)
    return holders_of(*(("tenant", name) for name in chain), ("principal", job.user or job.association.user))
