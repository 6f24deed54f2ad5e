"""VPC flow logs and nfdump's CSV -> bytes from one end to another. Of addresses only those of known accounts are kept."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from ipaddress import ip_address
from typing import NamedTuple

from vedette.workloads.adapted import (
    AdaptedFault,
    Counts,
    Document,
    Found,
    Holder,
    Refused,
    Row,
    Value,
    holders_of,
    micros_of,
    name_of,
    number_of,
)

_VERSION_2 = (
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status"
).split()
_VPC_NEEDED = {"account-id", "interface-id", "srcaddr", "dstaddr", "bytes", "start", "end"}
_NFDUMP = (
    {"time": "ts", "length": "td", "source": "sa", "target": "da", "there": "ibyt", "back": "obyt"},
    {
        "time": "firstseen",
        "length": "duration",
        "source": "srcaddr",
        "target": "dstaddr",
        "there": "bytes",
        "back": "bytesback",
    },
)
_MOST = 2_000_000
_SPLIT = "Split the file by time"
_MICROS = 1_000_000
_STRANGERS = "flows between ends of no known account"


class _Flow(NamedTuple):
    """One record of a virtual network: what an interface saw."""

    line: int
    mark: int
    account: str
    interface: str
    source: str
    target: str
    size: float
    start: int
    seconds: float
    direction: str


def rows(documents: Iterable[Document]) -> Iterator[Found]:
    """The flows of one file. Raises AdaptedFault where it is neither of the formats."""
    lines = iter(documents)
    first = next(lines, None)
    text = "" if first is None else _text(first)
    columns = [cell.strip().lower() for cell in text.split(",")]
    for names in _NFDUMP:
        if {names["time"], names["source"], names["target"], names["there"]} <= set(columns):
            yield from _nfdump(lines, columns, names)
            return
    header = text.lower().replace("${", "").replace("}", "").split()
    if set(header) >= _VPC_NEEDED:
        yield from _vpc(lines, header)
    elif first is not None and len(header) == len(_VERSION_2) and header[0] == "2":
        yield from _vpc((document for part in ((first,), lines) for document in part), _VERSION_2)
    else:
        raise AdaptedFault(
            "is neither a VPC flow log nor CSV of nfdump", remedy="Keep the header line, or export with `nfdump -o csv`"
        )


def _text(document: Document) -> str:
    return document.body.decode().strip()


def _mark(document: Document) -> int:
    """Microseconds that tell records of one second apart, the same whenever the record is read."""
    return zlib.crc32(document.body.strip()) % _MICROS


def _address(text: str) -> str | None:
    try:
        return str(ip_address(text)) if "%" not in text else None
    except ValueError:
        return None


# -- flow logs of a virtual network


def _vpc(documents: Iterable[Document], header: Sequence[str]) -> Iterator[Found]:
    counts = Counts()
    flows: list[_Flow] = []
    for document in documents:
        cells = _text(document).split()
        if len(cells) != len(header):
            yield Refused(document.line, f"has {len(cells)} fields under {len(header)}")
            continue
        found = _flow(document, dict(zip(header, cells, strict=True)), counts)
        if isinstance(found, Refused):
            yield found
        elif found is not None:
            flows.append(found)
        if len(flows) > _MOST:
            raise AdaptedFault(f"holds more than {_MOST:,} flows", remedy=_SPLIT)
    own = _own_addresses(flows)
    interfaces = {address: flow for flow in flows if (address := own.get(flow.interface)) is not None}
    for flow in flows:
        yield from _placed(flow, own.get(flow.interface), interfaces, counts)
    yield from counts.found()


def _flow(document: Document, cells: Mapping[str, str], counts: Counts) -> _Flow | Refused | None:
    if cells.get("log-status", "OK") != "OK" or cells.get("action", "ACCEPT") != "ACCEPT":
        counts.add("records of rejected traffic, of no traffic, or of a gap in the log")
        return None
    source, target = _address(cells["srcaddr"]), _address(cells["dstaddr"])
    start, end, size = micros_of(cells["start"]), micros_of(cells["end"]), number_of(cells["bytes"])
    interface = name_of(cells["interface-id"])
    if source is None or target is None or interface is None:
        return Refused(document.line, "names no addresses or no interface")
    if start is None or end is None or end < start:
        return Refused(document.line, "has no possible time")
    if size is None or size < 0:
        return Refused(document.line, "has no possible number of bytes")
    seconds = max(1.0, (end - start) / _MICROS)
    way = cells.get("flow-direction", "-")
    return _Flow(
        document.line, _mark(document), cells["account-id"], interface, source, target, size, start, seconds, way
    )


def _own_addresses(flows: Iterable[_Flow]) -> dict[str, str]:
    """The address of each interface: told by the direction, else the one that all its records share."""
    shared: dict[str, set[str]] = {}
    for flow in flows:
        told = {"egress": {flow.source}, "ingress": {flow.target}}.get(flow.direction, {flow.source, flow.target})
        shared.setdefault(flow.interface, told).intersection_update(told)
    return {interface: next(iter(addresses)) for interface, addresses in shared.items() if len(addresses) == 1}


def _placed(flow: _Flow, own: str | None, interfaces: Mapping[str, _Flow], counts: Counts) -> Iterator[Found]:
    if own is None:
        yield Refused(
            flow.line, "does not tell which end the interface is", "Log the field flow-direction", "interface-id"
        )
        return
    other = interfaces.get(flow.source)
    if own == flow.target and other is not None and other.interface != flow.interface:
        counts.add("records of a flow that the sending interface records too")
        return
    ends = []
    for address in (flow.source, flow.target):
        seen_by = flow if address == own else interfaces.get(address)
        ends.append(_end(address, seen_by))
    yield _row(flow.line, flow.start + flow.mark, flow.seconds, ends, flow.size)


def _end(address: str, flow: _Flow | None) -> tuple[str, tuple[Holder, ...]]:
    """Where a flow ends: an interface with its account, or an address that identities may know."""
    if flow is None:
        return address, holders_of(("principal", address))
    return flow.interface, holders_of(("principal", flow.interface), ("principal", address), ("tenant", flow.account))


def _row(line: int, time: int, seconds: float, ends: Sequence[tuple[str, tuple[Holder, ...]]], size: float) -> Row:
    (source, sender), (target, receiver) = ends
    values: dict[str, Value] = {"time": time, "seconds": seconds, "src_node": source, "dst_node": target, "bytes": size}
    return Row("flows", values, {"src_account_id": sender, "dst_account_id": receiver}, line, _STRANGERS)


# -- nfdump


def _nfdump(documents: Iterable[Document], columns: Sequence[str], names: Mapping[str, str]) -> Iterator[Found]:
    for document in documents:
        text = _text(document)
        if text.lower().startswith("summary"):
            return
        cells = [cell.strip() for cell in text.split(",")]
        if len(cells) != len(columns):
            yield Refused(document.line, f"has {len(cells)} cells under {len(columns)} columns")
            continue
        held = dict(zip(columns, cells, strict=True))
        yield from _both_ways(document, {part: held.get(name, "0") for part, name in names.items()})


def _both_ways(document: Document, held: Mapping[str, str]) -> Iterator[Found]:
    source, target, start = _address(held["source"]), _address(held["target"]), micros_of(held["time"])
    sizes = number_of(held["there"]), number_of(held["back"])
    seconds = max(1.0, number_of(held["length"]) or 0.0)
    if source is None or target is None or start is None:
        yield Refused(document.line, "names no addresses or no possible time")
        return
    if None in sizes or any((size or 0.0) < 0 for size in sizes):
        yield Refused(document.line, "has no possible number of bytes")
        return
    ends = [(address, holders_of(("principal", address))) for address in (source, target)]
    time = start - start % _MICROS + _mark(document)
    for size, way in ((sizes[0], ends), (sizes[1], ends[::-1])):
        if size:
            yield _row(document.line, time, seconds, way, size)
