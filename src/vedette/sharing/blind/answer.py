"""What a member answers to another's signed message: evaluations within a quota, and at the relay the combined tags."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from vedette.audit import Act, writing
from vedette.base import Clock, Principal, PrincipalKind, VedetteError
from vedette.sharing.blind import relay, voprf, wire
from vedette.sharing.blind import store as state
from vedette.sharing.blind.epochs import agreement, keys
from vedette.sharing.blind.group import Epoch, GroupError, Secrets
from vedette.sharing.blind.purposes import table
from vedette.sharing.blind.store import Own
from vedette.store import Store


class Ground(StrEnum):
    """Why a message is not answered."""

    UNKNOWN_EPOCH = "unknown-epoch"
    CLOSED_EPOCH = "closed-epoch"
    WRONG_PURPOSE = "wrong-purpose"
    NOT_AUTHENTIC = "not-authentic"
    REPLAYED = "replayed"
    STALE = "stale"
    QUOTA = "quota-exhausted"
    MALFORMED = "malformed"
    NOT_RELAY = "not-relay"
    TOO_FEW = "too-few-participants"


class NotAnswered(VedetteError):
    """A message that is refused, and its ground."""

    def __init__(self, ground: Ground, problem: str, *, remedy: str = "") -> None:
        super().__init__(problem, remedy=remedy)
        self.ground = ground


@dataclass(frozen=True, slots=True)
class _Asked:
    own: Own
    epoch: Epoch
    secrets: Secrets
    message: wire.Message


def respond(store: Store, message: wire.Message, *, clock: Clock) -> wire.Message:
    """Check who asks, in which epoch, whether now and for the first time; count it; answer, signed.

    What is refused before it is authentic changes nothing. An authentic request costs its sender's quota before any element
    is looked at, so that probing with malformed elements is not free. Raises NotAnswered.
    """
    asked = _authentic(store, message, clock)
    body = _HANDLERS[message.kind](store, asked, clock)
    return wire.write(
        asked.secrets,
        kind=f"{message.kind}.answer",
        epoch=message.epoch,
        sender=asked.own.name,
        body=body,
        now=clock.now(),
        answers=message.request_id,
    )


def _authentic(store: Store, message: wire.Message, clock: Clock) -> _Asked:
    if message.kind not in _HANDLERS:
        raise NotAnswered(Ground.MALFORMED, "unknown kind of message")
    try:
        own = state.own_epoch(store, message.epoch)
        epoch, secrets = agreement(own), keys(own)
    except GroupError:
        raise NotAnswered(Ground.UNKNOWN_EPOCH, "no such epoch here", remedy="Ask in the epoch that is open") from None
    member = next((item for item in epoch.members if item.name == message.sender), None)
    if member is None or message.sender in own.revoked or not message.authentic(member.signing_key):
        raise NotAnswered(Ground.NOT_AUTHENTIC, "not signed by a member of this epoch")
    if not epoch.open_at(clock.now()):
        raise NotAnswered(Ground.CLOSED_EPOCH, "the epoch is not open", remedy=f"It is open until {epoch.closes}")
    if not message.fresh(clock.now(), table().limits.skew_seconds):
        raise NotAnswered(Ground.STALE, "the message was not made just now", remedy="Set the clock, ask again")
    if message.body.get("purpose") != epoch.purpose:
        raise NotAnswered(Ground.WRONG_PURPOSE, "the epoch has another purpose", remedy="Ask for its purpose only")
    return _Asked(own, epoch, secrets, message)


def _take(store: Store, asked: _Asked, act: Act, elements: int) -> None:
    """Count a request once, within the quota."""
    epoch, message = asked.epoch, asked.message
    if state.seen(act.connection, epoch.id, message.sender, message.request_id):
        raise NotAnswered(Ground.REPLAYED, "this message was answered before", remedy="Make a new one")
    before = state.used(act.connection, epoch.id, message.sender)
    if before + elements > epoch.quota:
        left = max(0, epoch.quota - before)
        raise NotAnswered(
            Ground.QUOTA, f"the quota of this epoch leaves {left:,} elements", remedy="Ask in the next epoch"
        )
    state.count(act, epoch.id, message.sender, message.request_id, message.kind, elements)
    act.fact("epoch", epoch.id)
    act.fact("sender", message.sender)
    act.fact("elements", elements)
    act.fact("used", before + elements)


def _evaluate(store: Store, asked: _Asked, clock: Clock) -> dict[str, Any]:
    try:
        elements = wire.elements(asked.message.body, "elements", asked.epoch.batch)
    except wire.BadMessage as fault:
        raise NotAnswered(Ground.MALFORMED, fault.problem, remedy=fault.remedy) from None
    with writing(store, _principal(asked), "sharing.blind.evaluate", clock=clock) as act:
        _take(store, asked, act, len(elements))
    share = asked.secrets.share(asked.epoch.purpose, asked.epoch.label, asked.own.name)
    try:
        evaluated, proof = voprf.blind_evaluate(share, elements)
    except voprf.VoprfError as fault:
        raise NotAnswered(Ground.MALFORMED, f"an element {fault.problem}", remedy=fault.remedy) from None
    return {"elements": [item.hex() for item in evaluated], "proof": proof.hex()}


def _tags(store: Store, asked: _Asked, clock: Clock) -> dict[str, Any]:
    _require_relay(asked)
    with writing(store, _principal(asked), "sharing.blind.tags", clock=clock) as act:
        _take(store, asked, act, 0)
        found = relay.combined(act, asked.epoch, asked.secrets.file_key, now=clock.now())
    if found is None:
        raise NotAnswered(Ground.TOO_FEW, "too few members have contributed", remedy="Ask again tomorrow")
    return relay.told(found, str(asked.message.body.get("known", "")))


def _contribute(store: Store, asked: _Asked, clock: Clock) -> dict[str, Any]:
    _require_relay(asked)
    try:
        added, gone = relay.contribution(asked.message.body)
    except VedetteError as fault:
        raise NotAnswered(Ground.MALFORMED, fault.problem, remedy=fault.remedy) from None
    with writing(store, _principal(asked), "sharing.blind.contribute", clock=clock) as act:
        _take(store, asked, act, 0)
        relay.keep(act, asked.epoch, asked.secrets.file_key, asked.message.sender, added, gone, now=clock.now())
    return {"taken": True}


def _ask(store: Store, asked: _Asked, clock: Clock) -> dict[str, Any]:
    _require_relay(asked)
    tag = _tag(asked.message.body)
    with writing(store, _principal(asked), "sharing.blind.ask", clock=clock) as act:
        _take(store, asked, act, 1)
        known = relay.ask(act, store, asked.epoch, asked.secrets.file_key, asked.message, tag)
        act.fact("questions", known)
    # Whether and by how many the question is passed on is not told: the answer comes from people, or never.
    return {"passed_on": True}


def _questions(store: Store, asked: _Asked, clock: Clock) -> dict[str, Any]:
    _require_relay(asked)
    with writing(store, _principal(asked), "sharing.blind.asked", clock=clock) as act:
        _take(store, asked, act, 0)
    return {"questions": relay.questions_for(store, asked.epoch.id, asked.message.sender)}


def _tag(body: Mapping[str, Any]) -> bytes:
    text = body.get("tag")
    if not isinstance(text, str) or len(text) != 32 or set(text) - set("0123456789abcdef"):
        raise NotAnswered(Ground.MALFORMED, "is no tag")
    return bytes.fromhex(text)


def _require_relay(asked: _Asked) -> None:
    if asked.epoch.relay != asked.own.name:
        raise NotAnswered(Ground.NOT_RELAY, "another member is the relay", remedy=f"Ask {asked.epoch.relay}")


def _principal(asked: _Asked) -> Principal:
    return Principal(PrincipalKind.KEY, f"blind-{asked.message.sender}")


_HANDLERS = {
    "evaluate": _evaluate,
    "tags": _tags,
    "contribute": _contribute,
    "ask": _ask,
    "asked": _questions,
}
