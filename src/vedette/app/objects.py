"""Lays objects of a bucket into a folder for reading, a bounded lot at a time, and remembers which were read."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from vedette.app import store as state
from vedette.audit import writing
from vedette.base import Clock, Place, Principal
from vedette.store import Store
from vedette.store.intake import format_of
from vedette.store.intake.objects import SCHEME, Bucket, Found, ObjectsRefused

#: Logs are read in lots of this size, so that the disk never holds a whole trail twice; an export is read as a whole.
_LOT_BYTES, _LOT_OBJECTS = 2 * 1024**3, 5_000
_MOST_BYTES = 64 * 1024**3
_MOST_IN_A_ROW = 5
_ASIDE = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where objects lie and how they are read: with an adapter, or as an export, by a mapping where there is one."""

    address: str
    endpoint: str | None = None
    adapter: str | None = None
    mapping: Path | None = None

    @property
    def reading(self) -> str:
        """A text that differs where the same object would be read differently."""
        mapping = hashlib.sha256(self.mapping.read_bytes()).hexdigest()[:16] if self.mapping else ""
        return f"{self.adapter or 'export'} {mapping}".strip()


@dataclass(slots=True)
class Lot:
    """Objects that lie in a folder now. ``faults`` tell of those that could not be fetched, ``note`` of what was left out."""

    folder: Path
    etags: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    note: str = ""

    def sound(self, faults: Iterable[str]) -> dict[str, str]:
        """The marks of the objects that no fault names."""
        told = "\n".join(faults)
        return {address: etag for address, etag in self.etags.items() if self.names[address] not in told}


def lots(store: Store, place: Source) -> Iterator[Lot]:
    """The objects that were not read yet, lot by lot; a lot's folder is gone once the next is asked for.

    Always at least one, which may be empty. Raises ObjectsRefused.
    """
    bucket = Bucket(place.address, place.endpoint)
    found = _unread(store, place, bucket)
    for some in _cut(found, whole=place.adapter is None):
        _room(store.workspace.scratch, sum(one.size for one in some), place.address)
        with TemporaryDirectory(dir=store.workspace.scratch) as name:
            yield _fetched(bucket, some, Path(name))
    yield Lot(store.workspace.scratch, note=_left_out(bucket))


def remember(store: Store, principal: Principal, place: Source, etags: dict[str, str], *, clock: Clock) -> None:
    """Note which objects were read, so that they are not fetched again as long as they stay the same."""
    if etags:
        with writing(store, principal, "ingest.objects", clock=clock) as act:
            state.note_objects(act, place.reading, etags)
            act.fact("objects", len(etags))


def _unread(store: Store, place: Source, bucket: Bucket) -> Iterator[Found]:
    """Objects that are wanted and were not read in this way as they are."""
    asked: list[Found] = []
    for one in bucket.objects(_wanted(place.adapter)):
        asked.append(one)
        if len(asked) == _ASIDE:
            yield from _new(store, place, bucket, asked)
            asked = []
    yield from _new(store, place, bucket, asked)


def _new(store: Store, place: Source, bucket: Bucket, found: list[Found]) -> Iterator[Found]:
    known = state.objects_read(store, place.reading, [_address(bucket, one) for one in found])
    return (one for one in found if not one.etag or known.get(_address(bucket, one)) != one.etag)


def _address(bucket: Bucket, found: Found) -> str:
    return f"{SCHEME}{bucket.bucket}/{found.key}"


def _wanted(adapter: str | None) -> Callable[[PurePosixPath], bool]:
    """Whether a name below the address is one that somebody reads."""
    from vedette import events

    logs = events.log_adapters()

    def wanted(name: PurePosixPath) -> bool:
        product = adapter or (name.parts[1] if len(name.parts) > 2 and name.parts[0] == "logs" else "")
        if product in logs:
            return logs[product].takes(name.name)
        return bool(format_of(Path(name)))

    return wanted


def _cut(found: Iterable[Found], *, whole: bool) -> Iterator[list[Found]]:
    """Lots of logs; of an export all at once, since its tables belong together."""
    lot: list[Found] = []
    size = 0
    for one in found:
        if lot and not whole and (len(lot) >= _LOT_OBJECTS or size + one.size > _LOT_BYTES):
            yield lot
            lot, size = [], 0
        lot.append(one)
        size += one.size
    if lot:
        yield lot


def _room(scratch: Path, size: int, address: str) -> None:
    """Refuse what would fill the disk: what is read is written to the lake as well."""
    free = shutil.disk_usage(scratch).free
    if size > min(_MOST_BYTES, free // 2):
        raise ObjectsRefused(
            f"holds {size:,} bytes that were not read yet; the workspace's disk has {free:,} free",
            place=Place(address),
            remedy=f"Name a narrower prefix: at most half the free space and {_MOST_BYTES:,} bytes are fetched at once",
        )


def _fetched(bucket: Bucket, found: list[Found], folder: Path) -> Lot:
    lot, in_a_row = Lot(folder), 0
    for one in found:
        try:
            path = bucket.fetch(one, folder)
        except ObjectsRefused as fault:
            in_a_row += 1
            if in_a_row == _MOST_IN_A_ROW:
                raise
            lot.faults.append(f"{_address(bucket, one)}: {fault.problem}")
            continue
        in_a_row = 0
        lot.etags[_address(bucket, one)] = one.etag
        lot.names[_address(bucket, one)] = str(path)
    return lot


def _left_out(bucket: Bucket) -> str:
    if not bucket.passed_over:
        return ""
    return f"{bucket.address}: {bucket.passed_over:,} objects are not read, such as {'; '.join(bucket.examples)}"
