"""A holder keeps its part of the combined tags in step with its decisions: withdrawals first and at once, then what is new."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from vedette.audit import writing
from vedette.base import Clock, Principal, canonical_json
from vedette.sharing.blind import compute, relay, tagset
from vedette.sharing.blind import store as state
from vedette.sharing.blind.epochs import agreement, keys
from vedette.sharing.blind.holdings import Holding, holdings, still_standing
from vedette.sharing.blind.purposes import purpose
from vedette.sharing.blind.store import Own
from vedette.sharing.blind.transport import Line, Transport
from vedette.store import Store


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


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is kept of one's own tags: by identifier (a keyed hash) its tag and case, and what the relay last took."""

    tags: Mapping[str, tuple[str, str]]
    sent: bytes


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
    line, key = Line(store, own, transport, clock), keys(own).file_key
    wanted = {_mark(key, item): item for item in holdings(store, purpose(own.purpose), now=clock.now())}
    before = _kept(store, own)
    staying = {mark: pair for mark, pair in before.tags.items() if mark in wanted}
    kept = _contribute(store, principal, line, before, staying, clock)
    fresh = [mark for mark in wanted if mark not in staying]
    if fresh:
        epoch = agreement(own)
        messages = [compute.message(epoch.purpose, epoch.id, wanted[mark].kind, wanted[mark].value) for mark in fresh]
        tags = compute.tags_of(messages, line.members(), batch=epoch.batch, spread=spread, advance=advance)
        added = {mark: (tag.hex(), wanted[mark].case_id) for mark, tag in zip(fresh, tags, strict=True)}
        kept = _keep(store, principal, own, _Kept({**staying, **added}, kept.sent), clock, "sharing.blind.computed")
        _contribute(store, principal, line, kept, kept.tags, clock)
    elif not before.sent:
        _contribute(store, principal, line, kept, staying, clock, whole=True)
    return Published(own.epoch_id, len(wanted), len(fresh), len(before.tags) - len(staying))


def withdraw(store: Store, principal: Principal, own: Own, transport: Transport, *, clock: Clock) -> int:
    """Take back the tags whose decision no longer stands, and nothing else: asks the relay only. Returns how many."""
    before = _kept(store, own)
    behind = {case for _, case in before.tags.values()}
    good = still_standing(store, behind, purpose(own.purpose), now=clock.now()) if behind else frozenset()
    staying = {mark: pair for mark, pair in before.tags.items() if pair[1] in good}
    if len(staying) < len(before.tags):
        _contribute(store, principal, Line(store, own, transport, clock), before, staying, clock)
    return len(before.tags) - len(staying)


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
    if old == new and set(tags) == set(kept.tags):
        return kept
    added, gone = tagset.packed(new - old), tagset.packed(old - new)
    step = relay.MOST_AT_ONCE * tagset.SIZE
    for start in range(0, max(len(added), len(gone), 1), step):
        body = {
            "add": tagset.encoded(added[start : start + step]),
            "withdraw": tagset.encoded(gone[start : start + step]),
        }
        line.ask(line.epoch.relay, "contribute", body)
    return _keep(store, principal, line.own, _Kept(tags, target), clock, "sharing.blind.contributed")


def _mark(key: bytes, item: Holding) -> str:
    return hmac.digest(key, canonical_json([item.kind, item.value]), "sha256").hex()[:32]


def _kept(store: Store, own: Own) -> _Kept:
    with store.database.reading() as connection:
        for _, _, data in state.tags(connection, keys(own).file_key, own.epoch_id, "own"):
            value = json.loads(data)
            return _Kept(
                {mark: (tag, case) for mark, (tag, case) in value["tags"].items()}, bytes.fromhex(value["sent"])
            )
    return _Kept({}, b"")


def _keep(store: Store, principal: Principal, own: Own, kept: _Kept, clock: Clock, name: str) -> _Kept:
    data = canonical_json({"tags": {mark: list(pair) for mark, pair in kept.tags.items()}, "sent": kept.sent.hex()})
    with writing(store, principal, name, clock=clock) as act:
        state.keep_tags(act, keys(own).file_key, own.epoch_id, own.name, "own", 0, data)
        act.fact("epoch", own.epoch_id)
    return kept
