"""The index of one list edition as flat arrays and two blocks of text, written to bytes and read back."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import numpy.typing as npt

from vedette.base import Place
from vedette.screening.identifiers import tags
from vedette.screening.model import Edition, ScreeningError
from vedette.screening.question import SKELETON, keys, reading

if TYPE_CHECKING:
    from vedette.watchlists import Listing

Numbers = npt.NDArray[np.int64]
Marks = npt.NDArray[np.uint64]

#: Raised whenever forms, tags or the layout change, so that old files are built again.
LAYOUT = 5
_MAGIC = b"vedette-index\n"
_ENCODER = msgspec.json.Encoder()
_HASH_BYTES = 32
_COLUMNS = ("form_starts", "form_names", "mark_names", "name_entries", "name_ranks", "tag_entries", "entry_starts")


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """One edition. Name i of the edition is name ``name_ranks[i]`` of entry ``name_entries[i]``.

    Form f belongs to the names ``form_names[form_starts[f]:form_starts[f + 1]]``; mark i, ascending, to name
    ``mark_names[i]``; tag t to entry ``tag_entries[t]``. Entry e is the JSON in ``blob[entry_starts[e]:entry_starts[e + 1]]``,
    decoded only when a candidate is judged.
    """

    edition: Edition
    forms: list[str]
    tags: list[str]
    form_starts: Numbers
    form_names: Numbers
    marks: Marks
    mark_names: Numbers
    name_entries: Numbers
    name_ranks: Numbers
    tag_entries: Numbers
    entry_starts: Numbers
    blob: bytes

    @property
    def entries(self) -> int:
        """How many entries the edition has."""
        return len(self.entry_starts) - 1


def build(edition: Edition, listings: Iterable[Listing]) -> Segment:
    """Index the listings of an edition. The same listings, in whatever order, give the same segment."""
    owners: dict[str, list[int]] = {}
    tagged: list[tuple[str, int]] = []
    marked: list[tuple[int, int]] = []
    names: list[tuple[int, int]] = []
    lines: list[bytes] = []
    for entry, listing in enumerate(sorted(listings, key=lambda listing: listing.entity_id)):
        for rank, name in enumerate(listing.party.names):
            found = keys(name.text, listing.party.kind)
            for form in (*found.forms, *(SKELETON + bare for bare in found.skeletons)):
                owners.setdefault(form, []).append(len(names))
            marked += ((mark, len(names)) for mark in found.marks)
            names.append((entry, rank))
        tagged += ((tag.key, entry) for tag in tags(listing.party))
        lines.append(_ENCODER.encode(listing))
    known, tagged, marked = sorted(owners), sorted(set(tagged)), sorted(set(marked))
    return Segment(
        edition=edition,
        forms=known,
        tags=[key for key, _ in tagged],
        form_starts=_starts(len(owners[form]) for form in known),
        form_names=_numbers(name for form in known for name in owners[form]),
        marks=np.fromiter((mark for mark, _ in marked), dtype=np.uint64),
        mark_names=_numbers(name for _, name in marked),
        name_entries=_numbers(entry for entry, _ in names),
        name_ranks=_numbers(rank for _, rank in names),
        tag_entries=_numbers(entry for _, entry in tagged),
        entry_starts=_starts(map(len, lines)),
        blob=b"".join(lines),
    )


def _numbers(values: Iterable[int]) -> Numbers:
    return np.fromiter(values, dtype=np.int64)


def _starts(lengths: Iterable[int]) -> Numbers:
    return _numbers(accumulate(lengths, initial=0))


def dump(segment: Segment) -> bytes:
    """The segment as bytes: magic, SHA-256 of the rest, then MessagePack with the arrays as little-endian 32-bit numbers."""
    body = msgspec.msgpack.encode(
        {
            "layout": LAYOUT,
            "reading": reading(),
            "edition": segment.edition,
            "forms": "\n".join(segment.forms),
            "tags": "\n".join(segment.tags),
            "blob": segment.blob,
            "marks": segment.marks.astype("<u8").tobytes(),
            **{name: getattr(segment, name).astype("<i4").tobytes() for name in _COLUMNS},
        }
    )
    return _MAGIC + hashlib.sha256(body).digest() + body


def restore(data: bytes, name: str) -> Segment:
    """Read what ``dump`` wrote. Raises ScreeningError where the bytes are damaged or of another layout."""
    head = len(_MAGIC) + _HASH_BYTES
    body = memoryview(data)[head:]
    if data[: len(_MAGIC)] != _MAGIC or hashlib.sha256(body).digest() != data[len(_MAGIC) : head]:
        raise ScreeningError("is damaged or no index", place=Place(name), remedy="It is built again by itself")
    try:
        return _segment(msgspec.msgpack.decode(body, type=dict[str, Any]))
    except (msgspec.MsgspecError, KeyError, TypeError, ValueError) as fault:
        raise ScreeningError(f"cannot be read: {fault}", place=Place(name), remedy="It is built again") from None


def _segment(fields: dict[str, Any]) -> Segment:
    if fields["layout"] != LAYOUT:
        raise ValueError(f"layout {fields['layout']}, not {LAYOUT}")
    if fields["reading"] != reading():
        raise ValueError("its names were read by another version of the program")
    columns = {name: np.frombuffer(fields[name], dtype="<i4").astype(np.int64) for name in _COLUMNS}
    return Segment(
        edition=msgspec.convert(fields["edition"], Edition),
        forms=fields["forms"].split("\n") if fields["forms"] else [],
        tags=fields["tags"].split("\n") if fields["tags"] else [],
        blob=fields["blob"],
        marks=np.frombuffer(fields["marks"], dtype="<u8").astype(np.uint64),
        **columns,
    )
