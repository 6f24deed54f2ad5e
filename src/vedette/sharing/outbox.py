"""Sends recalls and new versions to peers that have an address here: each delivery tried again with growing waits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from vedette.audit import writing
from vedette.base import Clock, Principal, PrincipalKind
from vedette.sharing.fetch import NoAnswer, Taxii
from vedette.sharing.formats.stix21.write import as_stix
from vedette.sharing.model import Delivery, DeliveryState, Peer, Shared, ShareError, stamp
from vedette.sharing.pull import client
from vedette.sharing.store.objects import deliveries, keep_deliveries, objects
from vedette.sharing.store.peers import peers
from vedette.store import Store

OUTBOX = Principal(PrincipalKind.JOB, "sharing-outbox")
MOST_ATTEMPTS, _AT_ONCE = 14, 200


@dataclass(frozen=True, slots=True)
class Round:
    """What one round did."""

    sent: int = 0
    failed: int = 0

    @property
    def idle(self) -> bool:
        """Whether there was nothing to do."""
        return not (self.sent or self.failed)


@dataclass
class Outbox:
    """Deliveries of one workspace. ``connect`` makes the client of a peer."""

    store: Store
    clock: Clock
    connect: Callable[[Store, Peer, Clock], Taxii] = client

    def round(self) -> Round:
        """Send what is due, once. A round with nothing to do writes nothing."""
        now = stamp(self.clock.now())
        with self.store.database.reading() as connection:
            due = deliveries(connection, state=DeliveryState.WAITING, due=now, limit=_AT_ONCE)
            held = {own.item.id: own.item for own in objects(connection, sorted({one.object_id for one in due}))}
        if not due:
            return Round()
        every = {peer.id: peer for peer in peers(self.store)}
        after = [self._sent(one, every.get(one.peer), held.get(one.object_id)) for one in due]
        with writing(self.store, OUTBOX, "sharing.sent", clock=self.clock) as act:
            act.fact("deliveries", len(after))
            keep_deliveries(act, after)
        good = sum(one.state is DeliveryState.SENT for one in after)
        return Round(good, len(after) - good)

    def _sent(self, one: Delivery, peer: Peer | None, item: Shared | None) -> Delivery:
        if peer is None or peer.revoked_at is not None or item is None:
            return replace(one, state=DeliveryState.DEAD, fault="the peer is no longer let in")
        try:
            with self.connect(self.store, peer, self.clock) as taxii:
                taxii.add(_target(taxii, peer), [as_stix(item)])
        except ShareError as fault:
            return self._failed(one, fault)
        return replace(one, state=DeliveryState.SENT, attempts=one.attempts + 1, fault="")

    def _failed(self, one: Delivery, fault: ShareError) -> Delivery:
        attempts = one.attempts + 1
        wait = timedelta(seconds=min(10 * 2 ** min(attempts - 1, 20), 6 * 3600))
        over = attempts >= MOST_ATTEMPTS
        text = f"{type(fault).__name__}: {fault.problem}" if isinstance(fault, NoAnswer) else fault.problem
        return replace(
            one,
            state=DeliveryState.DEAD if over else DeliveryState.WAITING,
            attempts=attempts,
            next_at=stamp(self.clock.now() + wait),
            fault=text[:200],
        )


def _target(taxii: Taxii, peer: Peer) -> str:
    """The collection at the peer's: the one its address names, else the first that we may write."""
    named = peer.url.partition("collections/")[2].partition("/")[0]
    if named:
        return named
    for row in taxii.collections():
        if row.get("can_write") is True:
            return str(row.get("id"))
    raise ShareError("the peer lets us write no collection", remedy="Ask the peer for the permission")
