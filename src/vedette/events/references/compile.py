"""From rows of text to a compiled list, and to bytes and back for the archive."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from vedette.base import Place
from vedette.events.references.addresses import V4, V6, Addresses, Parsed, parse
from vedette.events.references.flatten import flatten
from vedette.events.references.model import Compiled, Kind, RangeListError, RangeRows, ReadList, Segments

_MAGIC = b"vedette-ranges-1\n"
_MOST_REFUSED = 0.01


def compile_list(found: ReadList) -> Compiled:
    """Sort, check and flatten one list. Refuses a list that is empty or of which over one row in a hundred is no range."""
    rows = found.rows
    labels, numbers = _numbered(rows.labels)
    v4, v6 = _families(found.kind, rows, numbers)
    kept = len(v4[0]) + len(v6[0])
    refused = len(rows.starts) - kept
    if kept == 0 or refused > _MOST_REFUSED * len(rows.starts):
        raise RangeListError(
            f"{refused} of {len(rows.starts)} rows are no ranges",
            place=Place(found.name),
            remedy="Check the file's columns; the list in force stays",
        )
    return Compiled(found.kind, labels, flatten(*v4), flatten(*v6), kept, refused)


def _numbered(labels: list[str]) -> tuple[tuple[str, ...], NDArray[np.int32]]:
    distinct = {label: number for number, label in enumerate(dict.fromkeys(labels))}
    return tuple(distinct), np.fromiter(map(distinct.__getitem__, labels), np.int32, len(labels))


_Family = tuple[Addresses, Addresses, NDArray[np.int32]]


def _families(kind: Kind, rows: RangeRows, numbers: NDArray[np.int32]) -> tuple[_Family, _Family]:
    empty: _Family = (np.empty(0, V6), np.empty(0, V6), np.empty(0, np.int32))
    if kind is Kind.ASN_CLASS:
        systems = np.array([int(text) for text in rows.starts], V4)
        return (systems, systems, numbers), empty
    starts, ends = parse(rows.starts), parse(rows.ends)
    return (
        _both(starts.v4_at, starts.v4, ends.v4_at, ends.v4, numbers),
        _both(starts.v6_at, starts.v6, ends.v6_at, ends.v6, numbers),
    )


def _both(
    start_at: NDArray[np.int64],
    starts: Addresses,
    end_at: NDArray[np.int64],
    ends: Addresses,
    numbers: NDArray[np.int32],
) -> _Family:
    """Rows whose both ends are addresses of this family and in order."""
    common, left, right = np.intersect1d(start_at, end_at, assume_unique=True, return_indices=True)
    starts, ends = starts[left], ends[right]
    ordered = starts <= ends
    return starts[ordered], ends[ordered], numbers[common[ordered]]


def to_bytes(compiled: Compiled) -> bytes:
    """A compiled list as bytes that depend only on its content."""
    head = {"kind": compiled.kind.value, "labels": compiled.labels, "rows": compiled.rows, "refused": compiled.refused}
    text = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode()
    out = io.BytesIO()
    out.write(_MAGIC + len(text).to_bytes(8, "big") + text)
    for family in (compiled.v4, compiled.v6):
        for array in (family.starts, family.ends, family.labels, family.widths):
            np.lib.format.write_array(out, array, allow_pickle=False)
    return out.getvalue()


def from_bytes(data: bytes) -> Compiled:
    """The inverse of ``to_bytes``. Raises RangeListError for anything else."""
    source = io.BytesIO(data)
    if source.read(len(_MAGIC)) != _MAGIC:
        raise RangeListError("is not a compiled range list", remedy="Load the list again")
    head = json.loads(source.read(int.from_bytes(source.read(8), "big")))
    arrays = [np.lib.format.read_array(source, allow_pickle=False) for _ in range(8)]
    labels = tuple(head["labels"])
    return Compiled(
        Kind(head["kind"]), labels, Segments(*arrays[:4]), Segments(*arrays[4:]), head["rows"], head["refused"]
    )


def positions(segments: Segments, queries: Addresses) -> NDArray[np.int64]:
    """For each query the segment that holds it, or -1."""
    if not len(segments) or not len(queries):
        return np.full(len(queries), -1, np.int64)
    at = np.searchsorted(segments.starts, queries, side="right") - 1
    inside = (at >= 0) & (queries <= segments.ends[np.maximum(at, 0)])
    return np.where(inside, at, -1)


def find(compiled: Compiled, parsed: Parsed, count: int) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """For each of ``count`` inputs the label's number (-1: none) and the width of the range it came from."""
    labels = np.full(count, -1, np.int32)
    widths = np.full(count, np.inf)
    for segments, where, queries in ((compiled.v4, parsed.v4_at, parsed.v4), (compiled.v6, parsed.v6_at, parsed.v6)):
        at = positions(segments, queries)
        hit = at >= 0
        labels[where[hit]] = segments.labels[at[hit]]
        widths[where[hit]] = segments.widths[at[hit]]
    return labels, widths


def find_numbers(compiled: Compiled, systems: NDArray[np.int64]) -> NDArray[np.int32]:
    """For each AS number the label's number in a list of AS numbers, or -1."""
    queries = np.where(systems >= 0, systems, 0).astype(V4)
    at = positions(compiled.v4, queries)
    return np.where((at >= 0) & (systems > 0), compiled.v4.labels[np.maximum(at, 0)], -1).astype(np.int32)


def texts(labels: Sequence[str | None], numbers: NDArray[np.int32]) -> NDArray[np.object_]:
    """Label texts for numbers; None for -1."""
    table = np.array([*labels, None], dtype=object)
    found: NDArray[np.object_] = table[numbers]
    return found
