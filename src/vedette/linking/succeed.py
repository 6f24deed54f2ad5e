"""Which actor a group is: ids stay while accounts come and go, and every birth, change, merge, split and end is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from vedette.base import stable_id
from vedette.linking.model import Actor, ActorEvent, Group


@dataclass(frozen=True, slots=True)
class Succession:
    """The actors after a refresh, in order of id, and what happened to get there."""

    actors: tuple[Actor, ...]
    events: tuple[ActorEvent, ...]


def succeed(
    before: Sequence[Actor],
    groups: Sequence[Group],
    link_bits: Mapping[str, float],
    *,
    used: Collection[str],
    at: str,
) -> Succession:
    """Give each group the id of the actor that most of its accounts come from (then the older, then the smaller id).

    An actor's id goes to one group only: the one with most of its accounts. ``used`` are ids of the past, never given again.
    """
    of_account = {account: actor for actor in before for account in actor.accounts}
    heirs = _heirs(before, groups, of_account)
    taken = {*used, *(actor.actor_id for actor in before)}
    known = {actor.actor_id: actor for actor in before}
    actors: list[Actor] = []
    events: list[ActorEvent] = []
    for number, group in enumerate(groups):
        old = known.get(heirs.get(number, ""))
        identity = old.actor_id if old else born_id(group.accounts[0], taken)
        taken.add(identity)
        bits = {account: link_bits[account] for account in group.accounts}
        actors.append(Actor(identity, group.accounts, group.review, old.since if old else at, bits))
        events += _told(identity, group, old, of_account, at)
    events += _ended(before, actors, at)
    events.sort(key=lambda event: (event.actor_id, event.what, event.other))
    return Succession(tuple(sorted(actors, key=lambda actor: actor.actor_id)), tuple(events))


def born_id(account: str, taken: Collection[str]) -> str:
    """The id of an actor whose smallest account at birth is this one; numbered on where an earlier actor had it."""
    identity, turn = stable_id("actor", account), 1
    while identity in taken:
        turn += 1
        identity = stable_id("actor", account, str(turn))
    return identity


def _heirs(before: Sequence[Actor], groups: Sequence[Group], of_account: Mapping[str, Actor]) -> dict[int, str]:
    """Group number -> id of the actor it carries on."""
    claims = []
    for number, group in enumerate(groups):
        shares = Counter(of_account[one].actor_id for one in group.accounts if one in of_account)
        claims += [(-count, identity, number) for identity, count in shares.items()]
    since = {actor.actor_id: actor.since for actor in before}
    claims.sort(key=lambda claim: (claim[0], since[claim[1]], claim[1], claim[2]))
    heirs: dict[int, str] = {}
    given: set[str] = set()
    for _, identity, number in claims:
        if number not in heirs and identity not in given:
            heirs[number] = identity
            given.add(identity)
    return heirs


def _told(
    identity: str, group: Group, old: Actor | None, of_account: Mapping[str, Actor], at: str
) -> Iterable[ActorEvent]:
    sources = sorted({of_account[one].actor_id for one in group.accounts if one in of_account} - {identity})
    if old is None:
        yield ActorEvent(identity, "split" if sources else "born", group.accounts, sources[0] if sources else "", at)
    elif old.accounts != group.accounts:
        yield ActorEvent(identity, "changed", group.accounts, "", at)


def _ended(before: Sequence[Actor], after: Sequence[Actor], at: str) -> Iterable[ActorEvent]:
    standing = {actor.actor_id for actor in after}
    now_in = {account: actor.actor_id for actor in after for account in actor.accounts}
    for actor in before:
        if actor.actor_id in standing:
            continue
        went = Counter(now_in[one] for one in actor.accounts if one in now_in)
        if went:
            target = min(went, key=lambda identity: (-went[identity], identity))
            yield ActorEvent(actor.actor_id, "merged", (), target, at)
        else:
            yield ActorEvent(actor.actor_id, "ended", (), "", at)
