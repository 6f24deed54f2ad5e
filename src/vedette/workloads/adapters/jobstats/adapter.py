"""`sacct -P -o JobID,Account,User,Start,End,AdminComment` with Jobstats summaries -> usage by node and day."""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

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
    decoded,
    holders_of,
    micros_of,
    name_of,
)

_MARK = "JS1:"
_NEEDED = ("jobid", "account", "user", "start", "admincomment")
_LARGEST = 4 * 1024 * 1024
_DAY = 86_400
_LONGEST = 366 * _DAY
_MICROS = 1_000_000


class _Node(msgspec.Struct, frozen=True):
    total: dict[str, float] = msgspec.field(name="gpu_total_memory", default_factory=dict)
    used: dict[str, float] = msgspec.field(name="gpu_used_memory", default_factory=dict)
    busy: dict[str, float] = msgspec.field(name="gpu_utilization", default_factory=dict)


class _Summary(msgspec.Struct, frozen=True):
    nodes: dict[str, _Node]
    seconds: float = msgspec.field(name="total_time", default=0.0)


@dataclass(frozen=True, slots=True)
class _Job:
    line: int
    job_id: str
    start: int
    holders: tuple[Holder, ...]


def rows(documents: Iterable[Document]) -> Iterator[Found]:
    """The rows of one file. Raises AdaptedFault where the header lacks a column that is needed."""
    lines = iter(documents)
    header = next(lines, None)
    names = [] if header is None else [cell.strip().lower() for cell in header.body.decode().split("|")]
    if not set(_NEEDED) <= set(names):
        raise AdaptedFault(
            f"has no header with {', '.join(_NEEDED)}",
            remedy="Export with `sacct -P -o JobID,Account,User,Start,End,AdminComment`",
        )
    counts = Counts()
    for document in lines:
        cells = document.body.decode().rstrip("\r").split("|")
        if len(cells) != len(names):
            yield Refused(document.line, f"has {len(cells)} cells under {len(names)} columns")
        else:
            yield from _of_line(document.line, dict(zip(names, cells, strict=True)), counts)
    yield from counts.found()


def _of_line(line: int, cells: dict[str, str], counts: Counts) -> Iterator[Found]:
    packed = cells["admincomment"].strip()
    if not packed.startswith(_MARK) or packed.removeprefix(_MARK) in ("Short", "None"):
        counts.add("lines without a summary")
        return
    summary = _unpacked(packed.removeprefix(_MARK))
    job_id, start = name_of(cells["jobid"]), micros_of(cells["start"].strip())
    if summary is None:
        yield Refused(line, "holds no summary that can be unpacked", field="AdminComment")
    elif job_id is None or start is None:
        yield Refused(line, "has no job id or no start")
    elif not 0 < summary.seconds <= _LONGEST:
        yield Refused(line, "has no possible length", field="total_time")
    else:
        names = holders_of(("tenant", cells["account"].strip()), ("principal", cells["user"].strip()))
        yield from _of_nodes(_Job(line, job_id, start, names), summary, counts)


def _unpacked(text: str) -> _Summary | None:
    """The summary; None where it is damaged or grows beyond all measure."""
    try:
        packed = base64.b64decode(text, validate=True)
        unpack = zlib.decompressobj(wbits=31)
        body = unpack.decompress(packed, _LARGEST)
    except (binascii.Error, ValueError, zlib.error):
        return None
    return decoded(body, _Summary) if unpack.eof else None


def _of_nodes(job: _Job, summary: _Summary, counts: Counts) -> Iterator[Found]:
    for name, node in summary.nodes.items():
        if not node.busy:
            counts.add("nodes without accelerators")
            continue
        fields: dict[str, Value] = {
            "job_id": job.job_id,
            "node": name_of(name),
            "gpu_count": min(len(node.busy), 4_096),
            "gpu_util": sum(node.busy.values()) / len(node.busy) / 100,
            "memory_used_fraction": _share(node),
        }
        yield from _pieces(job, summary.seconds, fields)


def _pieces(job: _Job, seconds: float, fields: dict[str, Value]) -> Iterator[Found]:
    """The job in pieces of a day at most, for the ledger counts by day."""
    begun = 0.0
    while begun < seconds:
        length = min(_DAY, seconds - begun)
        values = {**fields, "time": job.start + round(begun * _MICROS), "seconds": length}
        yield Row("usage", values, {"account_id": job.holders}, job.line)
        begun += length


def _share(node: _Node) -> float | None:
    whole = sum(node.total.values())
    return sum(node.used.values()) / whole if whole > 0 else None
