"""OpenCost's allocation answers -> one allocation for each pod's workload, over all windows of a file. Labels are never decoded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import msgspec

from vedette.workloads.adapted import (
    AdaptedFault,
    Counts,
    Document,
    Found,
    Refused,
    Row,
    Value,
    accelerator_of,
    decoded,
    holders_of,
    micros_of,
    workload_of,
)

_WHOLE = 0.02
_MOST = 1_000_000
_HOUR_US = 3_600_000_000


class _Properties(msgspec.Struct, frozen=True):
    namespace: str = ""
    pod: str = ""


class _Gpu(msgspec.Struct, frozen=True):
    device: str = msgspec.field(name="gpuDevice", default="")
    model: str = msgspec.field(name="gpuModel", default="")
    shared: bool | None = msgspec.field(name="isGPUShared", default=None)


class _Allocation(msgspec.Struct, frozen=True):
    properties: _Properties
    start: str = ""
    end: str = ""
    hours: float = msgspec.field(name="gpuHours", default=0.0)
    gpu: _Gpu | None = msgspec.field(name="gpuAllocation", default=None)


class _Answer(msgspec.Struct, frozen=True):
    data: list[dict[str, msgspec.Raw] | None] | dict[str, msgspec.Raw]


@dataclass(slots=True)
class _Job:
    line: int
    namespace: str
    start: int
    end: int
    hours: float
    model: str


def rows(documents: Iterable[Document]) -> Iterator[Found]:
    """The allocations of one file. Raises AdaptedFault where it holds no answer."""
    counts, read = Counts(), 0
    jobs: dict[str, _Job] = {}
    for document in documents:
        answer = decoded(document.body, _Answer)
        if answer is None:
            yield Refused(document.line, "is no answer of the allocation API")
            continue
        read += 1
        windows = answer.data if isinstance(answer.data, list) else [answer.data]
        for raw in (raw for window in windows for raw in (window or {}).values()):
            item = decoded(raw, _Allocation)
            fault = "an allocation cannot be read" if item is None else _add(jobs, document.line, item, counts)
            if fault:
                yield Refused(document.line, fault)
    if not read:
        raise AdaptedFault("holds no allocations", remedy="Save what /allocation?aggregate=pod answers")
    yield from (_row(name, job) for name, job in jobs.items())
    yield from counts.found()


def _add(jobs: dict[str, _Job], line: int, item: _Allocation, counts: Counts) -> str:
    """Add one window of a pod to its workload. Returns why it is refused, or nothing."""
    job = workload_of(item.properties.namespace, item.properties.pod)
    if job is None or item.hours == 0:
        counts.add("allocations without a pod or without accelerators")
        return ""
    start, end = micros_of(item.start), micros_of(item.end)
    if start is None or end is None or end <= start:
        return "has no window of time"
    if item.gpu is not None and item.gpu.shared:
        return "shares its card with others: how much of it was used cannot be told"
    cards = item.hours * _HOUR_US / (end - start)
    if item.hours < 0 or not _WHOLE < cards <= _MOST:
        return "has no possible number of GPU-hours"
    if abs(cards - max(1, round(cards))) > _WHOLE * max(1, cards):
        return "holds a fraction of a card: how much of it was used cannot be told"
    model = accelerator_of((item.gpu.model or item.gpu.device) if item.gpu else "")
    known = jobs.setdefault(job, _Job(line, item.properties.namespace, start, end, 0.0, model))
    known.start, known.end = min(known.start, start), max(known.end, end)
    known.hours += item.hours
    return ""


def _row(name: str, job: _Job) -> Row:
    cards = max(1, round(job.hours * _HOUR_US / (job.end - job.start)))
    values: dict[str, Value] = {
        "job_id": name,
        "started_at": job.start,
        "ended_at": job.end,
        "node_count": 1,
        "gpu_model": job.model,
        "gpu_count": cards,
    }
    return Row("allocations", values, {"account_id": holders_of(("tenant", job.namespace))}, job.line)
