"""dcgm-exporter's metrics in answers of Prometheus -> one row of usage for each accelerator, or MIG slice, and moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from vedette.workloads.adapted import (
    Counts,
    Document,
    Found,
    Holder,
    Refused,
    Row,
    Value,
    accelerator_of,
    device_of,
    holders_of,
    name_of,
    workload_of,
)
from vedette.workloads.answers import Labels, is_counter, lengths, rates, samples, step_of

_DEV, _PROF = "DCGM_FI_DEV_", "DCGM_FI_PROF_"
#: Metrics that are shares of the interval, with what their number is divided by.
_SHARES = {
    f"{_DEV}GPU_UTIL": ("gpu_util", 100.0),
    f"{_PROF}SM_ACTIVE": ("sm_active", 1.0),
    f"{_PROF}PIPE_TENSOR_ACTIVE": ("tensor_active", 1.0),
    f"{_PROF}PIPE_FP64_ACTIVE": ("fp64_active", 1.0),
    f"{_PROF}DRAM_ACTIVE": ("dram_active", 1.0),
}
_CLOCK, _POWER, _ENERGY = f"{_DEV}SM_CLOCK", f"{_DEV}POWER_USAGE", f"{_DEV}TOTAL_ENERGY_CONSUMPTION"
_MEMORY = tuple(f"{_DEV}FB_{part}" for part in ("USED", "FREE", "RESERVED"))
_LINKS = {
    f"{_PROF}{link}_{way}_BYTES": f"{link.lower()}_{way.lower()}_bytes"
    for link in ("PCIE", "NVLINK")
    for way in ("TX", "RX")
}
WANTED = frozenset((*_SHARES, _CLOCK, _POWER, _ENERGY, *_MEMORY, *_LINKS))
_EXPORTERS = ("dcgm-exporter", "nvidia-dcgm-exporter")
_SHARED = "several tenants' work shares the accelerator at this moment: whose counters these are cannot be told"
_REMEDY = "Give each its own MIG slice, or feed allocations of shared accelerators as their own export"
_FREE = "samples of accelerators that no pod, job or account holds"
_MILLIJOULE = 1_000.0
_MICROS = 1_000_000
_AT_ODDS = "accelerators whose energy counter and power differ by more than a quarter: one of the two is wrong"
_ODDS, _LEAST_SAMPLES = 1.25, 10

Owner = tuple[str, str, str]


@dataclass(slots=True)
class _Device:
    """One accelerator or slice: its samples by owner (namespace, pod, Slurm job), metric and second."""

    uuid: str
    slice_id: str
    model: str
    host: str
    line: int
    held: dict[Owner, dict[str, dict[float, float]]] = field(default_factory=dict)


def rows(documents: Iterable[Document]) -> Iterator[Found]:
    """The rows of one file's answers. Raises AdaptedFault where it holds none."""
    left_out, mended = Counts(), Counts()
    devices: dict[tuple[str, str], _Device] = {}
    for line, labels, points in samples(documents, WANTED, left_out):
        uuid = device_of(labels.uuid)
        if uuid is None:
            left_out.add("series that name no accelerator")
            continue
        slice_id = labels.slice_id if labels.slice_id.isdigit() and len(labels.slice_id) < 4 else ""
        model = accelerator_of(labels.model, labels.slice_profile if slice_id else "")
        new = _Device(uuid, slice_id, model, name_of(labels.host) or "", line)
        device = devices.setdefault((uuid, slice_id), new)
        held = device.held.setdefault(_owner(labels), {})
        held.setdefault(labels.metric, {}).update(points)
    sliced = {uuid for uuid, slice_id in devices if slice_id}
    for device in devices.values():
        if device.uuid in sliced and not device.slice_id:
            left_out.add("series of whole cards beside those of their slices", len(device.held))
        else:
            yield from _of_device(device, mended)
    yield from left_out.found()
    yield from mended.notes()


def _owner(labels: Labels) -> Owner:
    """Who holds the accelerator: the exporter's own pod is nobody."""
    namespace, pod = labels.exported_namespace or labels.namespace, labels.exported_pod or labels.pod
    if labels.exported_pod == "" and pod.startswith(_EXPORTERS):
        namespace, pod = "", ""
    return (namespace if pod else "", pod, labels.hpc_job)


def _of_device(device: _Device, mended: Counts) -> Iterator[Found]:
    owned: dict[float, set[Owner]] = {}
    for owner, metrics in device.held.items():
        for points in metrics.values():
            for time in points:
                owned.setdefault(time, set()).add(owner)
    everyone = {time: {owner for owner in owners if any(owner)} or owners for time, owners in owned.items()}
    lasting = lengths(sorted(owned))
    shared = {time for time, owners in everyone.items() if len(owners) > 1}
    yield from [Refused(device.line, _SHARED, _REMEDY, "pod")] * len(shared)
    for owner, metrics in device.held.items():
        values = _values(device, metrics, lasting, mended)
        fields, names = _common(device, owner)
        unowned = "" if owner[0] else _FREE
        for time in sorted(values):
            if time not in shared and owner in everyone[time]:
                moment = {"time": round(time * _MICROS), "seconds": lasting[time]}
                yield Row("usage", {**fields, **moment, **values[time]}, names, device.line, unowned)


def _common(device: _Device, owner: Owner) -> tuple[dict[str, Value], dict[str, tuple[Holder, ...]]]:
    """What all samples of a device and its owner share: the fields that do not change, and who may hold them."""
    namespace, pod, job = owner
    names = holders_of(("tenant", namespace), ("principal", device.uuid), ("principal", device.host))
    fields: dict[str, Value] = {
        "job_id": (name_of(job) if job else None) or workload_of(namespace, pod),
        "node": device.host or None,
        "gpu_uuid": f"{device.uuid}-gi-{device.slice_id}" if device.slice_id else device.uuid,
        "gpu_model": device.model,
        "gpu_count": 1,
    }
    return fields, {"account_id": names}


def _values(
    device: _Device, metrics: dict[str, dict[float, float]], lasting: dict[float, float | None], mended: Counts
) -> dict[float, dict[str, Value]]:
    """The fields of each moment at which anything was measured."""
    found: dict[float, dict[str, Value]] = {time: {} for points in metrics.values() for time in points}

    def put(name: str, points: dict[float, float], scale: float = 1.0) -> None:
        for time, value in points.items():
            found[time][name] = value * scale

    for metric, (name, whole) in _SHARES.items():
        put(name, metrics.get(metric, {}), 1 / whole)
    put("sm_clock_mhz", metrics.get(_CLOCK, {}))
    put("memory_used_fraction", _memory(metrics))
    if not device.slice_id:
        # A slice bears the power of the whole card: counted for each slice, it would be counted several times.
        drawn, power = rates(metrics.get(_ENERGY, {}), mended), metrics.get(_POWER, {})
        put("power_w", drawn, 1 / _MILLIJOULE)
        put("power_w", power)
        spent = {time: rate * (lasting[time] or 0.0) for time, rate in drawn.items() if time in power and lasting[time]}
        put("energy_j", spent, 1 / _MILLIJOULE)
        mended.add(_AT_ODDS, _at_odds(drawn, power))
    for metric, name in _LINKS.items():
        put(name, _bytes(metrics.get(metric, {}), lasting, mended))
    return found


def _at_odds(drawn: dict[float, float], power: dict[float, float]) -> bool:
    """Whether the energy counter (milliwatts from sample to sample) and the power (watts) tell different stories over time."""
    both = drawn.keys() & power.keys()
    energy, measured = sum(drawn[time] for time in both) / _MILLIJOULE, sum(power[time] for time in both)
    return len(both) >= _LEAST_SAMPLES and not measured / _ODDS <= energy <= measured * _ODDS


def _memory(metrics: dict[str, dict[float, float]]) -> dict[float, float]:
    used, free, reserved = (metrics.get(name, {}) for name in _MEMORY)
    whole = {time: used[time] + free[time] + reserved.get(time, 0.0) for time in used.keys() & free.keys()}
    return {time: used[time] / size for time, size in whole.items() if size > 0}


def _bytes(points: dict[float, float], lasting: dict[float, float | None], mended: Counts) -> dict[float, float]:
    """Bytes of each interval: a rate times its length, or what a counter grew by."""
    usual = step_of(sorted(points)) or 0.0
    a_second = rates(points, mended) if is_counter(points) else points
    return {time: rate * (lasting[time] or usual) for time, rate in a_second.items() if lasting[time] or usual}
