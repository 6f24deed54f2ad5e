"""The life of an epoch at one participant: keys made, agreement accepted, members shut out, keys and tags destroyed."""

from __future__ import annotations

import secrets as random
from dataclasses import replace
from datetime import datetime

from vedette.audit import writing
from vedette.base import Clock, Principal, parse_time
from vedette.sharing.blind import store as state
from vedette.sharing.blind.group import Epoch, GroupError, Join, Secrets
from vedette.sharing.blind.group import join as make_join
from vedette.sharing.blind.store import Own
from vedette.store import Store


def join(store: Store, principal: Principal, *, purpose: str, label: str, name: str, url: str, clock: Clock) -> Join:
    """Make keys for a coming epoch and state one's part in it. Joining again before it opens makes new keys."""
    slot = state.slot_of(purpose, label)
    known = state.own_slot(store, slot)
    if known is not None and known.state != "joined":
        raise GroupError("this epoch is already agreed on here", remedy="Choose another label, such as the next month")
    made = Secrets(random.token_bytes(32), random.token_bytes(32), random.token_bytes(32))
    stated = make_join(made, name=name, url=url, purpose_id=purpose, label=label)
    own = Own(
        slot=slot,
        epoch_id="",
        purpose=purpose,
        label=label,
        name=name,
        state="joined",
        epoch=None,
        revoked=frozenset(),
        secrets=made,
        changed_at="",
    )
    with writing(store, principal, "sharing.blind.join", clock=clock) as act:
        state.keep_own(act, store, own)
        act.fact("purpose", purpose)
        act.fact("label", label)
        act.fact("share_key", stated.share_key)
    return stated


def accept(store: Store, principal: Principal, epoch: Epoch, *, clock: Clock) -> Own:
    """Accept the agreement that the relay sent, if one's own part stands in it unchanged. Raises GroupError."""
    own = state.own_slot(store, state.slot_of(epoch.purpose, epoch.label))
    if own is None or own.secrets is None:
        raise GroupError("this house has not joined that epoch", remedy="Begin with `vedette share epoch join`")
    if own.state != "joined":
        raise GroupError("this epoch is already agreed on here", remedy="One agreement an epoch")
    stated = epoch.member(own.name)
    keys = own.secrets.share(epoch.purpose, epoch.label, own.name)
    if (stated.share_key, stated.signing_key) != (keys.public.hex(), own.secrets.signing_key.hex()):
        raise GroupError("the keys under this house's name are not its own", remedy="Ask the relay what happened")
    agreed = replace(own, epoch=epoch, epoch_id=epoch.id, state="open")
    with writing(store, principal, "sharing.blind.accept", clock=clock) as act:
        state.keep_own(act, store, agreed)
        act.fact("epoch", epoch.id)
        act.fact("members", len(epoch.members))
    return agreed


def shut_out(store: Store, principal: Principal, epoch_id: str, member: str, *, clock: Clock) -> Own:
    """Answer a member no longer, at once. The others decide for themselves."""
    own = state.own_epoch(store, epoch_id)
    agreement(own).member(member)
    changed = replace(own, revoked=own.revoked | {member})
    with writing(store, principal, "sharing.blind.shut_out", clock=clock) as act:
        state.keep_own(act, store, changed)
        act.fact("epoch", epoch_id)
        act.fact("member", member)
    return changed


def destroy(store: Store, principal: Principal, epoch_id: str, *, clock: Clock) -> Own:
    """Destroy one's key share and every tag of an epoch. Nobody can ask in it again: the joint key is gone for all."""
    own = state.own_epoch(store, epoch_id)
    gone = replace(own, secrets=None, state="destroyed")
    with writing(store, principal, "sharing.blind.destroy", clock=clock) as act:
        state.keep_own(act, store, gone)
        state.forget_tags(act, epoch_id)
        act.fact("epoch", epoch_id)
    return gone


def destroy_ended(store: Store, principal: Principal, *, clock: Clock) -> list[str]:
    """Destroy every epoch that has ended. Returns their ids."""
    now = clock.now()
    ended = [own.epoch_id for own in state.owns(store) if own.state == "open" and _ended(own, now)]
    for epoch_id in ended:
        destroy(store, principal, epoch_id, clock=clock)
    return ended


def current(store: Store, purpose: str, *, now: datetime) -> Own:
    """The newest open epoch of a purpose. Raises GroupError."""
    for own in state.owns(store):
        if own.purpose == purpose and own.state == "open" and own.epoch is not None and own.epoch.open_at(now):
            return own
    raise GroupError("no epoch of this purpose is open", remedy="See `vedette share epoch list`")


def agreement(own: Own) -> Epoch:
    """The agreement of an epoch that was accepted. Raises GroupError."""
    if own.epoch is None:
        raise GroupError(
            "this epoch is not agreed on yet", remedy="Wait for the relay's file, then `share epoch accept`"
        )
    return own.epoch


def keys(own: Own) -> Secrets:
    """The secrets of an epoch. Raises GroupError where they were destroyed."""
    if own.secrets is None:
        raise GroupError("the keys of this epoch are destroyed", remedy="Ask in the next epoch")
    return own.secrets


def _ended(own: Own, now: datetime) -> bool:
    return own.epoch is not None and parse_time(own.epoch.closes) <= now
