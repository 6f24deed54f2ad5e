"""What comes in: read whatever the form, checked object by object, kept for people; a recall by whom sent it takes effect."""

from __future__ import annotations

import hashlib
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
_UNSIGNED = "file:"
_UNSIGNED_RECALL = "a recall that came unsigned is not acted on"
_OTHER_ORIGIN = "names another origin than the version held: no update of it"


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

    @property
    def unsigned_recalls(self) -> int:
        """How many of the refused are recalls for which nobody answers."""
        return sum(item.reason == _UNSIGNED_RECALL for item in self.refused)

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
            "unsigned_recalls": self.unsigned_recalls,
            "problem": self.problem or None,
            "remedy": self.remedy or None,
        }


@dataclass(frozen=True, slots=True)
class Kept:
    """How many objects became what; the refused are updates in another origin's name."""

    tally: Counter[str]
    refused: tuple[Refused, ...]


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise ShareError(
                f"is larger than {LARGEST_FILE:,} bytes", place=Place(path.name), remedy="Ask for smaller files"
            )
        return path.read_bytes()
    except OSError as fault:
        raise ShareError(
            f"cannot be read: {fault.strerror}", place=Place(path.name), remedy="Check the path and rights"
        ) from None


def import_file(
    store: Store,
    principal: Principal,
    path: Path,
    *,
    clock: Clock,
    peer: Peer | None = None,
    all_or_nothing: bool = False,
) -> Received:
    """Take a file in. Without a peer its source is the file's signer, else this very file. Never raises for a faulty file."""
    try:
        data = _content(path)
        name, format_ = scan.recognise(data)
        reading = format_.read(data)
        source = _source(peer, reading, data)
    except ShareError as fault:
        return Received(file=path.name, problem=fault.problem, remedy=fault.remedy)
    told = take(store, principal, source, reading, clock=clock, all_or_nothing=all_or_nothing)
    return replace(told, file=path.name, format=name)


def _source(peer: Peer | None, reading: Reading, data: bytes) -> str:
    """Who answers for a file; nobody answers for an unsigned one, so that it is a source of its own.

    Raises ShareError where another key signed it than the peer's, or the peer was revoked.
    """
    if peer is None:
        return f"key:{reading.signer[:16]}" if reading.signer else _UNSIGNED + hashlib.sha256(data).hexdigest()[:16]
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
    """Keep what was read as items of a source. With ``all_or_nothing`` one refused object refuses them all.

    Recalls of a source that is an unsigned file are refused: anybody can write one.
    """
    now = stamp(clock.now())
    good, refused = _living(reading, now, unsigned=source.startswith(_UNSIGNED))
    read = len(reading.objects) + len(reading.refused)
    if all_or_nothing and refused:
        rest = [Refused(item.id, "refused with the others: all or nothing was asked for") for item in good]
        return Received(file="", read=read, context=reading.context, refused=(*refused, *rest))
    with writing(store, principal, "sharing.receive", clock=clock) as act:
        kept = keep(act, source, good, now)
        refused = (*refused, *kept.refused)
        if good or refused:
            act.fact("source", source)
            act.fact("objects", len(good))
            act.fact("refused", len(refused))
    return Received(
        file="",
        read=read,
        stored=kept.tally["stored"],
        duplicates=kept.tally["duplicates"],
        recalled=kept.tally["recalled"],
        context=reading.context,
        refused=refused,
    )


def _living(reading: Reading, now: str, *, unsigned: bool) -> tuple[list[Shared], tuple[Refused, ...]]:
    """Objects that still hold, or that recall what was sent before; the expired, and unsigned recalls, are refused."""
    refused = list(reading.refused)
    good = []
    for item in reading.objects:
        if item.expired(now) and not item.recalled:
            refused.append(Refused(item.id, "expired: its validity has ended"))
        elif item.recalled and unsigned:
            refused.append(Refused(item.id, _UNSIGNED_RECALL))
        else:
            good.append(item)
    return good, tuple(refused)


def keep(act: Act, source: str, objects: Sequence[Shared], now: str) -> Kept:
    """Write items within an act: new ones wait, new versions of judged ones wait again, recalls of the same source withdraw.

    A version that names another origin than the one held changes nothing.
    """
    keys = [inbound_id(source, item.id) for item in objects]
    known = {one.id: one for one in inbound(act.connection, ids=keys)}
    rows = list(_judged(source, zip(keys, objects, strict=True), known, now))
    tally = Counter(word for word, _ in rows)
    keep_inbound(act, [row for _, row in rows if row is not None])
    if tally["recalled"]:
        act.fact("recalled", tally["recalled"])
    foreign = [item.id for item, (word, _) in zip(objects, rows, strict=True) if word == "refused"]
    return Kept(tally, tuple(Refused(one, _OTHER_ORIGIN) for one in foreign))


def _judged(
    source: str, objects: Iterable[tuple[str, Shared]], known: Mapping[str, Inbound], now: str
) -> Iterable[tuple[str, Inbound | None]]:
    for key, item in objects:
        before = known.get(key)
        if before is not None and before.item.modified >= item.modified:
            yield "duplicates", None
        elif before is not None and before.item.origin_id != item.origin_id:
            yield "refused", None
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
