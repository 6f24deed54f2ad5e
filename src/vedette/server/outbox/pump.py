"""Moves messages: reads the log on, takes what is due under a lease, sends it, and writes down what became of it."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from threading import Event, Thread
from typing import Protocol

from vedette import cases
from vedette.audit import writing
from vedette.base import Clock, Principal, PrincipalKind, VedetteError, iso, stable_id
from vedette.server import store as state
from vedette.server.model import (
    LEASE,
    MESSAGES,
    MOST_ATTEMPTS,
    Delivery,
    DeliveryState,
    Message,
    OutboxError,
    Target,
    TargetKind,
    back_off,
)
from vedette.server.outbox.fetch import NotSent, Post, require_address
from vedette.server.outbox.mail import Mail, require_mail
from vedette.server.outbox.shape import Row, body
from vedette.store import Store

OUTBOX = Principal(PrincipalKind.JOB, "outbox")
_LOG = logging.getLogger("vedette.server")
_AT_ONCE, _LEAVES_AT_ONCE = 20, 2_000
_EVERY = 2.0


@dataclass(frozen=True, slots=True)
class Round:
    """What one round did."""

    queued: int = 0
    sent: int = 0
    failed: int = 0

    @property
    def idle(self) -> bool:
        """Whether there was nothing to do."""
        return not (self.queued or self.sent or self.failed)


class Rounds(Protocol):
    """An outbox: each round says whether there was nothing to do."""

    def round(self) -> Idle:
        """Send what is due, once."""
        ...


class Idle(Protocol):
    """What a round says of itself."""

    @property
    def idle(self) -> bool:
        """Whether there was nothing to do."""
        ...


@dataclass
class Outbox:
    """The outbox of one process. Several may run on one database: a delivery belongs to whoever holds its lease."""

    store: Store
    clock: Clock
    post: Post = field(default_factory=Post)
    mail: Mail = field(default_factory=Mail)
    _position: int | None = None

    def round(self) -> Round:
        """Read on and send what is due, once. A round with nothing to do writes nothing."""
        with self.store.database.reading() as connection:
            if self._position is None:
                self._position = state.position(connection)
            if state.idle(connection, self._position, self.clock.now()):
                return Round()
        targets = {one.id: one for one in state.targets(self.store)}
        queued, taken = self._take(list(targets.values()))
        after = [self._sent(one, targets.get(one.target)) for one in taken]
        if after:
            with writing(self.store, OUTBOX, "outbox.sent", clock=self.clock) as act:
                act.fact("deliveries", len(after))
                state.keep_deliveries(act, after)
        good = sum(one.state is DeliveryState.SENT for one in after)
        return Round(queued, good, len(after) - good)

    def _take(self, targets: Sequence[Target]) -> tuple[int, list[Delivery]]:
        """Queue what the log tells anew, and take what is due, in one act."""
        now = self.clock.now()
        with writing(self.store, OUTBOX, "outbox.take", clock=self.clock) as act:
            start = max(state.position(act.connection), self._position or 0)
            end = min(state.log_size(act.connection), start + _LEAVES_AT_ONCE)
            fresh = [
                _delivery(target, message, iso(now))
                for message in state.messages(act.connection, start, end)
                for target in targets
                if target.wants(message)
            ]
            if fresh or end - start >= _LEAVES_AT_ONCE:
                state.keep_deliveries(act, fresh)
                state.keep_position(act, end)
            due = state.due(act.connection, now, _AT_ONCE)
            taken = [replace(one, state=DeliveryState.SENDING, next_at=iso(now + LEASE)) for one in due]
            state.keep_deliveries(act, taken)
        self._position = end
        return len(fresh), taken

    def _sent(self, delivery: Delivery, target: Target | None) -> Delivery:
        attempts = delivery.attempts + 1
        now = self.clock.now()
        if target is None:
            return replace(delivery, state=DeliveryState.DEAD, fault="the target is gone")
        try:
            self._send(target, delivery.message, int(now.timestamp()))
        except NotSent as fault:
            dead = fault.final or attempts >= MOST_ATTEMPTS
            return replace(
                delivery,
                state=DeliveryState.DEAD if dead else DeliveryState.WAITING,
                attempts=attempts,
                next_at=iso(now + back_off(attempts)),
                fault=fault.reason,
            )
        return replace(delivery, state=DeliveryState.SENT, attempts=attempts, fault=None)

    def _send(self, target: Target, message: Message, sent_at: int) -> None:
        case = self._case(message)
        if target.kind is TargetKind.EMAIL:
            self.mail.send(target, message, case)
            return
        data, headers = body(target, message, case, sent_at)
        self.post.send(target.url, data, headers, private=target.private)

    def _case(self, message: Message) -> Row:
        if message.case_id is None:
            return None
        try:
            return cases.get(self.store, message.case_id).row(self.clock.now())
        except cases.CaseError:
            return None


def _delivery(target: Target, message: Message, now: str) -> Delivery:
    return Delivery(
        id=stable_id("dlv", target.id, message.id),
        target=target.id,
        message=message,
        state=DeliveryState.WAITING,
        attempts=0,
        next_at=now,
        made_at=now,
    )


class Pump:
    """Runs an outbox in a thread of its own until told to stop; what fails unforeseen is logged and tried again."""

    def __init__(self, outbox: Rounds, every: float = _EVERY) -> None:
        self._outbox = outbox
        self._every = every
        self._over = Event()
        self._thread = Thread(target=self._run, name="outbox", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after the round that is under way; a request that hangs is left to its lease."""
        self._over.set()
        self._thread.join(timeout=15)

    def _run(self) -> None:
        while not self._over.wait(self._every):
            try:
                while not self._outbox.round().idle and not self._over.is_set():
                    pass
            except (
                Exception
            ) as fault:  # one bad round must not end the outbox for good; its place is told, not its text
                known = isinstance(fault, VedetteError)
                _LOG.error("outbox: %s", type(fault).__name__, exc_info=None if known else fault)


def add_target(
    store: Store,
    principal: Principal,
    target_id: str,
    kind: str,
    url: str,
    *,
    clock: Clock,
    messages: Sequence[str] = (),
    secret: str = "",
    private: bool = False,
    options: dict[str, str] | None = None,
) -> Target:
    """Make a target for messages from now on. Webhooks get a secret where none is given. Raises OutboxError."""
    unknown = sorted(set(messages) - set(MESSAGES))
    if unknown or kind not in list(TargetKind):
        raise OutboxError(
            "there is no such kind", remedy=f"Targets: {', '.join(TargetKind)}. Messages: {', '.join(MESSAGES)}"
        )
    if not target_id.isascii() or not target_id.replace("-", "").isalnum() or len(target_id) > 40:
        raise OutboxError("this is no id of a target", remedy="Use up to 40 letters, digits and dashes")
    if kind == TargetKind.EMAIL:
        require_mail(url, options or {})
        if not messages:
            raise OutboxError(
                "people read their mail: say of what they want to hear",
                remedy=f"--message, one of: {', '.join(MESSAGES)}",
            )
    else:
        require_address(url, private=private)
    if kind == TargetKind.WEBHOOK and not secret:
        secret = secrets.token_urlsafe(32)
    with writing(store, principal, "outbox.target", clock=clock) as act:
        made = Target(
            id=target_id,
            kind=TargetKind(kind),
            url=url,
            messages=tuple(dict.fromkeys(messages)),
            secret=secret,
            since_leaf=state.log_size(act.connection),
            created_at=act.moment,
            created_by=str(principal),
            private=private,
            options=options or {},
        )
        state.keep_target(act, store, made)
        act.fact("target", target_id)
        act.fact("kind", kind)
    return made


def remove_target(store: Store, principal: Principal, target_id: str, *, clock: Clock) -> int:
    """Forget a target. Returns how many messages were still on their way to it. Raises OutboxError."""
    if target_id not in {one.id for one in state.targets(store)}:
        raise OutboxError("there is no target of this id", remedy="`vedette targets list` names them")
    with writing(store, principal, "outbox.target_removed", clock=clock) as act:
        act.fact("target", target_id)
        return state.drop_target(act, target_id)


def replay(store: Store, principal: Principal, ids: Sequence[str], *, clock: Clock) -> int:
    """Send deliveries again, all dead ones where none is named. Returns how many. Raises OutboxError for an unknown one."""
    now = iso(clock.now())
    with writing(store, principal, "outbox.replay", clock=clock) as act:
        dead = DeliveryState.DEAD
        found = state.find_deliveries(
            act.connection, state=None if ids else dead, ids=list(ids) if ids else None, limit=10_000
        )
        if len(found) < len(set(ids)):
            raise OutboxError("there is no delivery of this id", remedy="`vedette targets deliveries` names them")
        again = [replace(one, state=DeliveryState.WAITING, attempts=0, next_at=now, fault=None) for one in found]
        act.fact("deliveries", len(again))
        state.keep_deliveries(act, again)
    return len(again)
