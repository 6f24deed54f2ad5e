"""Power of whole machines -> usage rows that speak of a node's board, not of its accelerators.

A poller saves each Redfish answer as one JSON line ``{"node": ..., "time": ..., "answer": {...}}``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from vedette.workloads.adapted import (
    AdaptedFault,
    Counts,
    Document,
    Found,
    Refused,
    Row,
    Value,
    decoded,
    holders_of,
    micros_of,
    name_of,
    number_of,
)
from vedette.workloads.answers import lengths, samples

WANTED = ("ipmi_dcmi_power_consumption_watts",)
_REPORTED = frozenset(("systempowerconsumption", "powerconsumption", "powerconsumedwatts", "powerwatts", "totalpower"))
_UNOWNED = "readings of boards of nodes that no account holds as a whole"
_MICROS = 1_000_000


class _Reading(msgspec.Struct, frozen=True):
    watts: float | None = msgspec.field(name="Reading", default=None)


class _Control(msgspec.Struct, frozen=True):
    watts: float | None = msgspec.field(name="PowerConsumedWatts", default=None)


class _Value(msgspec.Struct, frozen=True):
    id: str = msgspec.field(name="MetricId", default="")
    value: str | float | int | None = msgspec.field(name="MetricValue", default=None)
    time: str | None = msgspec.field(name="Timestamp", default=None)


class _Answer(msgspec.Struct, frozen=True):
    control: list[_Control] = msgspec.field(name="PowerControl", default_factory=list)
    power: _Reading | None = msgspec.field(name="PowerWatts", default=None)
    values: list[_Value] = msgspec.field(name="MetricValues", default_factory=list)


class _Polled(msgspec.Struct, frozen=True):
    node: str
    answer: _Answer
    time: str | float | int | None = None


def rows(documents: Iterable[Document]) -> Iterator[Found]:
    """The readings of one file. Raises AdaptedFault where it holds none of the formats."""
    moments: dict[str, dict[int, tuple[int, float]]] = {}
    metrics, counts, read = [], Counts(), 0
    for document in documents:
        polled = decoded(document.body, _Polled)
        if polled is None:
            metrics.append(document)
            continue
        read += 1
        node = name_of(polled.node)
        found = [(time, watts) for time, watts in _readings(polled) if time is not None and watts is not None]
        if node is None or not found:
            yield Refused(document.line, "holds no reading of power with a node and a time")
            continue
        for time, watts in found:
            moments.setdefault(node, {})[time] = (document.line, watts)
    if metrics:
        yield from _scraped(metrics, moments, counts, read)
    for node, readings in moments.items():
        lasting = lengths(sorted(time / _MICROS for time in readings))
        for time in sorted(readings):
            line, watts = readings[time]
            yield _row(node, time, lasting[time / _MICROS], line, watts)
    yield from counts.found()


def _readings(polled: _Polled) -> Iterator[tuple[int | None, float | None]]:
    """(time, watts) of one answer: a report brings its own times."""
    at = micros_of(polled.time)
    for value in polled.answer.values:
        if value.id.lower() in _REPORTED:
            yield micros_of(value.time) or at, number_of(value.value)
    if polled.answer.power is not None:
        yield at, polled.answer.power.watts
    elif polled.answer.control:
        parts = [control.watts for control in polled.answer.control if control.watts is not None]
        yield at, sum(parts) if parts else None


def _scraped(
    documents: list[Document], moments: dict[str, dict[int, tuple[int, float]]], counts: Counts, read: int
) -> Iterator[Found]:
    """Add what ipmi_exporter told; documents of neither kind are refused one by one where others could be read."""
    try:
        for line, labels, points in samples(documents, WANTED, counts):
            node = name_of(labels.node or labels.instance.rpartition(":")[0] or labels.instance)
            if node is None:
                counts.add("series that name no node")
                continue
            for time, watts in points.items():
                moments.setdefault(node, {})[round(time * _MICROS)] = (line, watts)
    except AdaptedFault:
        if not read:
            raise AdaptedFault(
                "holds no readings of power",
                remedy='Save each Redfish answer as {"node": ..., "time": ..., "answer": {...}}',
            ) from None
        yield from (Refused(document.line, "is no reading of power") for document in documents)


def _row(node: str, time: int, seconds: float | None, line: int, watts: float) -> Row:
    values: dict[str, Value] = {"time": time, "seconds": seconds, "node": node, "gpu_count": 0, "power_w": watts}
    return Row("usage", values, {"account_id": holders_of(("principal", node))}, line, _UNOWNED)
