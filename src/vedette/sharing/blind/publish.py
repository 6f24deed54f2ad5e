"""A holder keeps its part of the combined tags in step with its decisions: withdrawals first and at once, then what is new."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from vedette.audit import writing
from vedette.base import Clock, Principal, VedetteError, canonical_json
from vedette.sharing.blind import compute, relay, tagset
from vedette.sharing.blind import store as state
from vedette.sharing.blind.epochs import agreement, keys
from vedette.sharing.blind.holdings import Holding, holdings, still_standing
from vedette.sharing.blind.purposes import purpose
from vedette.sharing.blind.store import Own
from vedette.sharing.blind.transport import Line, Transport
from vedette.store import Store

_Done = TypeVar("_Done")


@dataclass(frozen=True, slots=True)
class Published:
    """What publishing did. Counts of one's own identifiers, for one's own eyes only."""

    epoch_id: str
    held: int
    added: int
    withdrawn: int

    def as_json(self) -> dict[str, str | int]:
        """The form printed."""
        return {name: getattr(self, name) for name in self.__slots__}


class Overtaken(VedetteError):
    """Another process of this house changed its tags at the same time."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is kept of one's own tags: by identifier (a keyed hash) its tag and case, and what the relay last took.

    ``version`` names the state that was read, so that of two processes one begins again.
    """

    tags: Mapping[str, tuple[str, str]]
    sent: bytes
    version: str = ""


def publish(
    store: Store,
    principal: Principal,
    own: Own,
    transport: Transport,
    *,
    clock: Clock,
    spread: compute.Mapper = map,
    advance: Callable[[int], None] = lambda _count: None,
) -> Published:
    """Bring the relay's set in step with what qualifies now. Costs the other members one evaluation a new identifier.

    Raises Unanswered, Unproven or NotAnswered; what was withdrawn until then stays withdrawn, and nothing is half-added.
    """
    line = Line(store, own, transport, clock)
    return _again(lambda: _published(store, principal, line, clock, spread, advance))


def _published(
    store: Store,
    principal: Principal,
    line: Line,
    clock: Clock,
    spread: compute.Mapper,
    advance: Callable[[int], None],
) -> Published:
    own, key = line.own, keys(line.own).file_key
    wanted = {_mark(key, item): item for item in holdings(store, purpose(own.purpose), now=clock.now())}
    before = _kept(store, own)
    staying = {mark: (tag, wanted[mark].case_id) for mark, (tag, _) in before.tags.items() if mark in wanted}
    kept = _contribute(store, principal, line, before, staying, clock)
    fresh = [mark for mark in wanted if mark not in staying]
    if fresh:
        epoch = agreement(own)
        messages = [compute.message(epoch.purpose, epoch.id, wanted[mark].kind, wanted[mark].value) for mark in fresh]
        tags = compute.tags_of(messages, line.members(), batch=epoch.batch, spread=spread, advance=advance)
        added = {mark: (tag.hex(), wanted[mark].case_id) for mark, tag in zip(fresh, tags, strict=True)}
        computed = _Kept({**staying, **added}, kept.sent, kept.version)
        kept = _keep(store, principal, own, computed, clock, "sharing.blind.computed")
        _contribute(store, principal, line, kept, kept.tags, clock)
    elif not before.sent:
        _contribute(store, principal, line, kept, staying, clock, whole=True)
    return Published(own.epoch_id, len(wanted), len(fresh), len(before.tags) - len(staying))


def withdraw(store: Store, principal: Principal, own: Own, transport: Transport, *, clock: Clock) -> int:
    """Take back the tags whose decision no longer stands, and nothing else: asks the relay only. Returns how many."""
    line = Line(store, own, transport, clock)
    return _again(lambda: _withdrawn(store, principal, line, clock))


def _withdrawn(store: Store, principal: Principal, line: Line, clock: Clock) -> int:
    own = line.own
    before = _kept(store, own)
    behind = {case for _, case in before.tags.values()}
    good = still_standing(store, behind, purpose(own.purpose), now=clock.now()) if behind else frozenset()
    staying = {mark: pair for mark, pair in before.tags.items() if pair[1] in good}
    if len(staying) < len(before.tags):
        _contribute(store, principal, line, before, staying, clock)
    return len(before.tags) - len(staying)


def _again(work: Callable[[], _Done]) -> _Done:
    """Do something that another process may overtake, twice more where it does."""
    for _ in range(2):
        try:
            return work()
        except Overtaken:
            continue
    return work()


def case_of(store: Store, own: Own, tag: str) -> str | None:
    """The case behind one of one's own tags; None where the tag is not one's own or no longer stands."""
    return next((case for found, case in _kept(store, own).tags.values() if hmac.compare_digest(found, tag)), None)


def _contribute(
    store: Store,
    principal: Principal,
    line: Line,
    kept: _Kept,
    tags: Mapping[str, tuple[str, str]],
    clock: Clock,
    *,
    whole: bool = False,
) -> _Kept:
    """Send the relay the difference to what it last took, padded so that it learns no exact count; then remember it."""
    key, name = keys(line.own).file_key, f"{line.epoch.id}/{line.own.name}"
    if not kept.sent and not tags and not whole:
        return kept
    target = tagset.padded((bytes.fromhex(tag) for tag, _ in tags.values()), key, name)
    old, new = set(tagset.split(kept.sent)), set(tagset.split(target))
    if old == new and dict(tags) == dict(kept.tags):
        return kept
    added, gone = tagset.packed(new - old), tagset.packed(old - new)
    step = relay.MOST_AT_ONCE * tagset.SIZE
    for start in range(0, max(len(added), len(gone), 1), step):
        body = {
            "add": tagset.encoded(added[start : start + step]),
            "withdraw": tagset.encoded(gone[start : start + step]),
        }
        line.ask(line.epoch.relay, "contribute", body)
    return _keep(store, principal, line.own, _Kept(tags, target, kept.version), clock, "sharing.blind.contributed")


def _mark(key: bytes, item: Holding) -> str:
    return hmac.digest(key, canonical_json([item.kind, item.value]), "sha256").hex()[:32]


def _kept(store: Store, own: Own) -> _Kept:
    with store.database.reading() as connection:
        data = _stored(connection, own)
    if not data:
        return _Kept({}, b"")
    value = json.loads(data)
    tags = {mark: (tag, case) for mark, (tag, case) in value["tags"].items()}
    return _Kept(tags, bytes.fromhex(value["sent"]), tagset.version(data))


def _keep(store: Store, principal: Principal, own: Own, kept: _Kept, clock: Clock, name: str) -> _Kept:
    """Write what is kept, unless somebody else has since it was read."""
    data = canonical_json({"tags": {mark: list(pair) for mark, pair in kept.tags.items()}, "sent": kept.sent.hex()})
    with writing(store, principal, name, clock=clock) as act:
        found = _stored(act.connection, own)
        if (tagset.version(found) if found else "") != kept.version:
            raise Overtaken("the tags were changed at the same time", remedy="Publish again")
        state.keep_tags(act, keys(own).file_key, own.epoch_id, own.name, "own", 0, data)
        act.fact("epoch", own.epoch_id)
    return replace(kept, version=tagset.version(data))


def _stored(connection: Any, own: Own) -> bytes:
    return b"".join(data for _, _, data in state.tags(connection, keys(own).file_key, own.epoch_id, "own"))
