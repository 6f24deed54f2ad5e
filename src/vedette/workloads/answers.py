"""Reads the answers of a Prometheus server to range queries: samples of the metrics and labels that are named here, nothing else."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from statistics import median_low

import msgspec

from vedette.workloads.adapted import EARLIEST, LATEST, AdaptedFault, Counts, Document, decoded, number_of

#: From here on a value is no measurement: exporters write such numbers where a counter is paused or not supported.
_BLANK_FROM = 1e15
_BLANKS = frozenset(
    (2147483632.0, 2147483633.0, 2147483634.0, 2147483635.0, *(140737488355328.0 + n for n in range(4)))
)
_GAP = 2.5
_COUNTER_FROM = 2e12
_RISING = 10

Points = Mapping[float, float]


class Labels(msgspec.Struct, frozen=True):
    """The labels that are read. What a series bears beyond them is never decoded."""

    metric: str = msgspec.field(name="__name__", default="")
    uuid: str = msgspec.field(name="UUID", default="")
    model: str = msgspec.field(name="modelName", default="")
    host: str = msgspec.field(name="Hostname", default="")
    namespace: str = ""
    pod: str = ""
    container: str = ""
    exported_namespace: str = ""
    exported_pod: str = ""
    exported_container: str = ""
    slice_id: str = msgspec.field(name="GPU_I_ID", default="")
    slice_profile: str = msgspec.field(name="GPU_I_PROFILE", default="")
    hpc_job: str = ""
    instance: str = ""
    node: str = ""
    device: str = ""
    port: str = ""


class _Series(msgspec.Struct, frozen=True):
    metric: Labels
    values: list[tuple[float, str]] = []
    value: tuple[float, str] | None = None


class _Data(msgspec.Struct, frozen=True):
    result: list[msgspec.Raw]
    kind: str = msgspec.field(name="resultType", default="")


class _Answer(msgspec.Struct, frozen=True):
    status: str
    data: _Data | None = None
    warnings: list[msgspec.Raw] = []


def samples(
    documents: Iterable[Document], wanted: Collection[str], counts: Counts
) -> Iterator[tuple[int, Labels, dict[float, float]]]:
    """(line, labels, value by second) of each series of a wanted metric. Raises AdaptedFault where nothing is an answer.

    Blank values are left out and counted, and so are series that cannot be read and metrics that nobody asked for.
    """
    read = 0
    for document in documents:
        answer = decoded(document.body, _Answer)
        if (
            answer is None
            or answer.data is None
            or answer.status != "success"
            or answer.data.kind not in ("matrix", "vector")
        ):
            counts.add("documents that are no successful answer to a range query")
            continue
        read += 1
        counts.add("answers that the server calls incomplete", bool(answer.warnings))
        for raw in answer.data.result:
            series = decoded(raw, _Series)
            if series is None:
                counts.add("series that cannot be read")
            elif series.metric.metric not in wanted:
                counts.add("series of metrics that are not on the list")
            else:
                yield document.line, series.metric, _points(series, counts)
    if not read:
        raise AdaptedFault(
            "holds no answer to a range query",
            remedy="Save what /api/v1/query_range answers, or use `vedette workload fetch`",
        )


def _points(series: _Series, counts: Counts) -> dict[float, float]:
    held: dict[float, float] = {}
    blank = impossible = 0
    for time, text in series.values or ([series.value] if series.value else []):
        value = number_of(text)
        if not EARLIEST <= time <= LATEST:
            impossible += 1
        elif value is None or value > _BLANK_FROM or value in _BLANKS:
            blank += 1
        else:
            held[time] = value
    counts.add("blank values left out", blank)
    counts.add("samples without a possible time", impossible)
    return held


def step_of(times: list[float]) -> float | None:
    """The usual distance of sorted times in seconds, None for fewer than two."""
    return median_low(right - left for left, right in zip(times, times[1:], strict=False)) if len(times) > 1 else None


def lengths(times: list[float]) -> dict[float, float | None]:
    """How long each sample stands: until the next, or for one step where a gap follows or none comes. None: unknown."""
    step = step_of(times)
    if step is None:
        return dict.fromkeys(times)
    gaps = [right - left for left, right in zip(times, times[1:], strict=False)]
    return {time: gap if gap <= _GAP * step else step for time, gap in zip(times, [*gaps, step], strict=True)}


def rates(points: Points, counts: Counts) -> dict[float, float]:
    """What a counter grows by a second from each sample to the next. Over a reset or a gap nothing is said."""
    times = sorted(points)
    step = step_of(times) or 0.0
    found = {}
    for left, right in zip(times, times[1:], strict=False):
        grown = points[right] - points[left]
        if grown < 0:
            counts.add("resets of counters: nothing is said of those intervals")
        elif right - left <= _GAP * step:
            found[left] = grown / (right - left)
    return found


def is_counter(points: Points) -> bool:
    """Whether a series only rises, or beyond what any link carries in a second: some exporters count where others give rates."""
    values = [points[time] for time in sorted(points)]
    if values and max(values) > _COUNTER_FROM:
        return True
    pairs = list(zip(values, values[1:], strict=False))
    return len(values) >= _RISING and all(right >= left for left, right in pairs) and values[-1] > values[0]
