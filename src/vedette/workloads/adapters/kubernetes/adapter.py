"""Lists of pods and nodes -> one allocation for each workload that asks for accelerators. Images and commands are never decoded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

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
    name_of,
    number_of,
    workload_of,
)

_PLAIN = ("nvidia.com/gpu", "amd.com/gpu", "google.com/tpu", "gpu.intel.com/i915")
_MIG = "nvidia.com/mig-"
_SHARED = ("nvidia.com/gpu.shared", "nvidia.com/gpumem", "nvidia.com/gpucores", "aliyun.com/gpu-mem")
_OVER = ("Succeeded", "Failed")
_MOST = 4_096


class _Labels(msgspec.Struct, frozen=True):
    product: str = msgspec.field(name="nvidia.com/gpu.product", default="")
    gke: str = msgspec.field(name="cloud.google.com/gke-accelerator", default="")
    tpu: str = msgspec.field(name="cloud.google.com/gke-tpu-accelerator", default="")
    amd: str = msgspec.field(name="amd.com/gpu.product-name", default="")
    sharing: str = msgspec.field(name="nvidia.com/gpu.sharing-strategy", default="")
    region: str = msgspec.field(name="topology.kubernetes.io/region", default="")

    @property
    def model(self) -> str:
        """The card that the labels name."""
        return self.product or self.gke or self.tpu or self.amd

    @property
    def shared(self) -> bool:
        """Whether several pods use one card in turns."""
        return self.product.endswith("-SHARED") or self.sharing not in ("", "none")


class _Metadata(msgspec.Struct, frozen=True):
    name: str = ""
    namespace: str = ""
    labels: msgspec.Raw = msgspec.Raw(b"{}")


class _Asked(msgspec.Struct, frozen=True):
    requests: dict[str, str | int | float] | None = None
    limits: dict[str, str | int | float] | None = None


class _Container(msgspec.Struct, frozen=True):
    resources: _Asked = _Asked()


class _Spec(msgspec.Struct, frozen=True):
    node: str = msgspec.field(name="nodeName", default="")
    selector: _Labels = msgspec.field(name="nodeSelector", default=_Labels())
    containers: list[_Container] = []


class _Terminated(msgspec.Struct, frozen=True):
    at: str | None = msgspec.field(name="finishedAt", default=None)


class _ContainerState(msgspec.Struct, frozen=True):
    terminated: _Terminated | None = None


class _ContainerStatus(msgspec.Struct, frozen=True):
    state: _ContainerState = _ContainerState()


class _Status(msgspec.Struct, frozen=True):
    phase: str = ""
    started: str | None = msgspec.field(name="startTime", default=None)
    containers: list[_ContainerStatus] = msgspec.field(name="containerStatuses", default_factory=list)


class _Pod(msgspec.Struct, frozen=True):
    metadata: _Metadata
    spec: _Spec = _Spec()
    status: _Status = _Status()


class _Item(msgspec.Struct, frozen=True):
    kind: str = ""
    items: list[msgspec.Raw] | None = None
    metadata: _Metadata = _Metadata()


@dataclass(slots=True)
class _Workload:
    """The pods of one job so far."""

    line: int
    namespace: str
    job: str
    started: int
    ended: int | None
    gpus: list[int] = field(default_factory=list)
    models: dict[str, int] = field(default_factory=dict)
    region: str = ""

    def row(self) -> Row:
        """The allocation of all its pods."""
        even = len(set(self.gpus)) == 1
        values: dict[str, Value] = {
            "job_id": self.job,
            "started_at": self.started,
            "ended_at": self.ended,
            "node_count": len(self.gpus) if even else 1,
            "gpu_model": max(self.models, key=lambda model: self.models[model]),
            "gpu_count": self.gpus[0] if even else sum(self.gpus),
            "region": name_of(self.region),
        }
        return Row("allocations", values, {"account_id": holders_of(("tenant", self.namespace))}, self.line)


def rows(documents: Iterable[Document]) -> Iterator[Found]:
    """The allocations of one file. Raises AdaptedFault where it holds neither pods nor nodes."""
    pods: list[tuple[int, msgspec.Raw]] = []
    nodes: dict[str, _Labels] = {}
    for document in documents:
        for raw in _items(document):
            item = decoded(raw, _Item)
            if item is None:
                yield Refused(document.line, "an object cannot be read")
            elif item.kind == "Node":
                nodes[item.metadata.name] = decoded(item.metadata.labels, _Labels) or _Labels()
            elif item.kind in ("", "Pod"):
                pods.append((document.line, raw))
    if not pods and not nodes:
        raise AdaptedFault("holds no pods", remedy="Save what `kubectl get pods,nodes -A -o json` prints")
    counts, notes = Counts(), Counts()
    workloads: dict[tuple[str, str], _Workload] = {}
    for line, raw in pods:
        pod = decoded(raw, _Pod)
        fault = "a pod cannot be read" if pod is None else _add(workloads, line, pod, nodes, counts, notes)
        if fault:
            yield Refused(line, fault)
    yield from (workload.row() for workload in workloads.values())
    yield from counts.found()
    yield from notes.notes()


def _items(document: Document) -> list[msgspec.Raw]:
    outer = decoded(document.body, _Item)
    if outer is None:
        return []
    return outer.items if outer.items is not None else [msgspec.Raw(document.body)]


def _add(
    workloads: dict[tuple[str, str], _Workload],
    line: int,
    pod: _Pod,
    nodes: Mapping[str, _Labels],
    counts: Counts,
    notes: Counts,
) -> str:
    """Add a pod to its workload. Returns why it is refused, or nothing."""
    count, profile, shared = _asked(pod)
    node = nodes.get(pod.spec.node, _Labels())
    if not count and not shared:
        counts.add("pods that ask for no accelerator")
        return ""
    if shared or (node.shared and not profile) or pod.spec.selector.shared:
        return "several pods share a card in turns: how much of it each uses cannot be told"
    started = micros_of(pod.status.started)
    job = workload_of(pod.metadata.namespace, pod.metadata.name)
    if started is None or job is None:
        counts.add("pods that have not started")
        return ""
    ended = _ended(pod, notes)
    if ended is not None and ended < started:
        return "ends before it starts"
    new = _Workload(line, pod.metadata.namespace, job, started, ended)
    workload = workloads.setdefault((pod.metadata.namespace, job), new)
    workload.started = min(workload.started, started)
    workload.ended = None if workload.ended is None or ended is None else max(workload.ended, ended)
    workload.gpus.append(count)
    model = accelerator_of(pod.spec.selector.model or node.model, profile)
    workload.models[model] = workload.models.get(model, 0) + count
    workload.region = workload.region or node.region
    return ""


def _asked(pod: _Pod) -> tuple[int, str, bool]:
    """How many accelerators, of which MIG profile, and whether a share of one is asked for."""
    total, profile, shared = 0, "", False
    for container in pod.spec.containers:
        asked = {**(container.resources.limits or {}), **(container.resources.requests or {})}
        for name, quantity in asked.items():
            count = round(min(max(number_of(quantity) or 0, 0), _MOST))
            shared = shared or (count > 0 and name in _SHARED)
            if name.startswith(_MIG) and count:
                profile = name.removeprefix(_MIG)
            total += count if name in _PLAIN or name.startswith(_MIG) else 0
    return min(total, _MOST), profile, shared


def _ended(pod: _Pod, notes: Counts) -> int | None:
    if pod.status.phase not in _OVER:
        return None
    ends = [micros_of(one.state.terminated.at) for one in pod.status.containers if one.state.terminated]
    known = [end for end in ends if end is not None]
    if not known:
        notes.add("pods are over and bear no end: they are taken as running on")
        return None
    return max(known)
