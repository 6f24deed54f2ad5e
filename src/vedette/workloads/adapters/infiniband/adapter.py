"""node_exporter's InfiniBand counters in answers of Prometheus -> bytes of each node and interval, all its ports together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from vedette.workloads.adapted import Counts, Document, Found, Row, Value, holders_of, name_of
from vedette.workloads.answers import Labels, lengths, rates, samples

_METRICS = {
    "node_infiniband_port_data_transmitted_bytes_total": "net_tx_bytes",
    "node_infiniband_port_data_received_bytes_total": "net_rx_bytes",
}
WANTED = frozenset(_METRICS)
_UNOWNED = "samples of nodes that no account holds as a whole"
_MICROS = 1_000_000


def rows(documents: Iterable[Document]) -> Iterator[Found]:
    """The rows of one file's answers. Raises AdaptedFault where it holds none.

    A row says ``gpu_count`` 0: it speaks of a node's links, not of its accelerators. Its time is a microsecond late, so that it
    is not taken for a repeat of another reading of the node at the same moment.
    """
    left_out, mended = Counts(), Counts()
    nodes: dict[str, dict[float, dict[str, float]]] = {}
    lines: dict[str, int] = {}
    for line, labels, points in samples(documents, WANTED, left_out):
        node = _node(labels)
        if node is None:
            left_out.add("series that name no node")
            continue
        lines.setdefault(node, line)
        lasting = lengths(sorted(points))
        for time, rate in rates(points, mended).items():
            held = nodes.setdefault(node, {}).setdefault(time, {"seconds": lasting[time] or 0.0})
            name = _METRICS[labels.metric]
            held[name] = held.get(name, 0.0) + rate * held["seconds"]
    for node, moments in nodes.items():
        holders = {"account_id": holders_of(("principal", node))}
        for time in sorted(moments):
            values: dict[str, Value] = {
                "time": round(time * _MICROS) + 1,
                "node": node,
                "gpu_count": 0,
                **moments[time],
            }
            yield Row("usage", values, holders, lines[node], _UNOWNED)
    yield from left_out.found()
    yield from mended.notes()


def _node(labels: Labels) -> str | None:
    return name_of(labels.node or labels.instance.rpartition(":")[0] or labels.instance)
