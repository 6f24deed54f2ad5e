"""What comes in: read whatever the form, checked object by object, kept for a person to judge; a recall takes effect at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from vedette.audit import Act, writing
from vedette.base import Clock, Json, Place, Principal
from vedette.sharing import scan
from vedette.sharing.model import Inbound, Peer, Reading, Refused, Shared, ShareError, State, inbound_id, stamp
from vedette.sharing.store.inbound import inbound, keep_inbound
from vedette.store import Store

LARGEST_FILE = 400 * 1024 * 1024
_SHOWN = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What became of a file: read = stored + duplicates + recalled + refused; ``context`` are markings and identities."""

    file: str
    format: str = ""
    read: int = 0
    stored: int = 0
    duplicates: int = 0
    recalled: int = 0
    context: int = 0
    refused: tuple[Refused, ...] = ()
    problem: str = ""
    remedy: str = ""

    def as_json(self) -> dict[str, Json]:
        """The form shown."""
        return {
            "file": self.file,
            "format": self.format,
            "read": self.read,
            "stored": self.stored,
            "duplicates": self.duplicates,
            "recalled": self.recalled,
            "context": self.context,
            "refused": [item.as_json() for item in self.refused[:_SHOWN]],
            "refused_count": len(self.refused),
            "problem": self.problem or None,
            "remedy": self.remedy or None,
        }


def read_file(path: Path) -> tuple[str, Reading]:
    """(format, what a file holds). Raises ShareError naming the file."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise ShareError(
                f"is larger than {LARGEST_FILE:,} bytes", place=Place(path.name), remedy="Ask for smaller files"
            )
        data = path.read_bytes()
    except OSError as fault:
        raise ShareError(
            f"cannot be read: {fault.strerror}", place=Place(path.name), remedy="Check the path and rights"
        ) from None
    name, format_ = scan.recognise(data)
    return name, format_.read(data)


def import_file(
    store: Store,
    principal: Principal,
    path: Path,
    *,
    clock: Clock,
    peer: Peer | None = None,
    all_or_nothing: bool = False,
) -> Received:
    """Take a file in. Without a peer its source is the file's signer, or nobody known. Never raises for a faulty file."""
    try:
        name, reading = read_file(path)
        source = _source(peer, reading)
    except ShareError as fault:
        return Received(file=path.name, problem=fault.problem, remedy=fault.remedy)
    told = take(store, principal, source, reading, clock=clock, all_or_nothing=all_or_nothing)
    return replace(told, file=path.name, format=name)


def _source(peer: Peer | None, reading: Reading) -> str:
    """Who answers for a file. Raises ShareError where another key signed it than the peer's, or the peer was revoked."""
    if peer is None:
        return f"key:{reading.signer[:16]}" if reading.signer else "file"
    if peer.revoked_at is not None:
        raise ShareError("this peer was revoked", remedy="`vedette share peers rotate` lets it in again with new keys")
    if reading.signer and peer.public_key and reading.signer != peer.public_key:
        raise ShareError("another key than this peer's signed the bundle", remedy="Ask the peer which key it uses")
    return f"peer:{peer.id}"


def take(
    store: Store,
    principal: Principal,
    source: str,
    reading: Reading,
    *,
    clock: Clock,
    all_or_nothing: bool = False,
) -> Received:
    """Keep what was read as items of a source. With ``all_or_nothing`` one refused object refuses them all."""
    now = stamp(clock.now())
    good, refused = _living(reading, now)
    read = len(reading.objects) + len(reading.refused)
    if all_or_nothing and refused:
        rest = [Refused(item.id, "refused with the others: all or nothing was asked for") for item in good]
        return Received(file="", read=read, context=reading.context, refused=(*refused, *rest))
    with writing(store, principal, "sharing.receive", clock=clock) as act:
        tally = keep(act, source, good, now)
        if good or refused:
            act.fact("source", source)
            act.fact("objects", len(good))
            act.fact("refused", len(refused))
    return Received(
        file="",
        read=read,
        stored=tally["stored"],
        duplicates=tally["duplicates"],
        recalled=tally["recalled"],
        context=reading.context,
        refused=refused,
    )


def _living(reading: Reading, now: str) -> tuple[list[Shared], tuple[Refused, ...]]:
    """Objects that still hold, or that recall what was sent before; the expired are refused."""
    refused = list(reading.refused)
    good = []
    for item in reading.objects:
        if item.expired(now) and not item.recalled:
            refused.append(Refused(item.id, "expired: its validity has ended"))
        else:
            good.append(item)
    return good, tuple(refused)


def keep(act: Act, source: str, objects: Sequence[Shared], now: str) -> Counter[str]:
    """Write items within an act: new ones wait, new versions of judged ones wait again, recalls of the same source withdraw."""
    keys = [inbound_id(source, item.id) for item in objects]
    known = {one.id: one for one in inbound(act.connection, ids=keys)}
    rows, tally = list(_judged(source, zip(keys, objects, strict=True), known, now)), Counter[str]()
    for word, _ in rows:
        tally[word] += 1
    keep_inbound(act, [row for _, row in rows if row is not None])
    if tally["recalled"]:
        act.fact("recalled", tally["recalled"])
    return tally


def _judged(
    source: str, objects: Iterable[tuple[str, Shared]], known: Mapping[str, Inbound], now: str
) -> Iterable[tuple[str, Inbound | None]]:
    for key, item in objects:
        before = known.get(key)
        if before is not None and before.item.modified >= item.modified:
            yield "duplicates", None
        elif item.recalled:
            yield "recalled", _withdrawn(before, key, source, item, now)
        else:
            yield "stored", Inbound(id=key, source=source, item=item, state=State.WAITING, received_at=now)


def _withdrawn(before: Inbound | None, key: str, source: str, item: Shared, now: str) -> Inbound:
    """The item as its source withdrew it; a recall of what never came is kept so that a late original stays withdrawn."""
    received = before.received_at if before is not None else now
    return Inbound(
        id=key,
        source=source,
        item=item,
        state=State.RECALLED,
        received_at=received,
        decided_by=source,
        decided_at=now,
        reason=item.recall_reason or "recalled by its source",
    )
