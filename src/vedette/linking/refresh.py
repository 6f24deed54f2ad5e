"""Brings actors up to date with the lake and with people's words on pairs, in one audit act."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from vedette import findings
from vedette.audit import Act, writing
from vedette.base import Clock, Json, Principal, canonical_json, iso
from vedette.findings import FindingBrief
from vedette.linking import cluster, observe, ring
from vedette.linking import store as state
from vedette.linking.graph import Graph
from vedette.linking.model import Actor, Group, Judgement, Link, Weights
from vedette.linking.read import generic_values, weights
from vedette.linking.succeed import succeed
from vedette.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Refreshed:
    """What a refresh saw and changed."""

    accounts: int
    candidates: int
    links: int
    related: int
    actors: int
    accounts_in_actors: int
    for_review: int
    events: int
    hubs: int
    generic: Mapping[str, int]
    rings: int

    def as_json(self) -> dict[str, Json]:
        """The printed facts."""
        return {
            "accounts": self.accounts,
            "candidates": self.candidates,
            "links": self.links,
            "related": self.related,
            "actors": self.actors,
            "accounts_in_actors": self.accounts_in_actors,
            "for_review": self.for_review,
            "events": self.events,
            "hubs": self.hubs,
            "generic_values": dict(self.generic),
            "rings": self.rings,
        }


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the lake says: the links; who was verified as whom, named how and active when (microseconds); what was left out."""

    links: list[Link]
    identities: Mapping[str, str]
    names: Mapping[str, str]
    active: Mapping[str, tuple[int, int]]
    accounts: int
    candidates: int
    hubs: int
    generic: Mapping[str, int]


def inputs(store: Store) -> str:
    """A text that changes whenever a refresh could give something else."""
    with store.database.reading() as connection:
        held = state.lake_files(store, connection, observe.TABLES)
        words = [[item.left, item.right, item.verdict.value] for item in state.judgements(connection)]
        shared = [brief.id for brief in findings.briefs(connection) if _of_many(brief)]
    return hashlib.sha256(canonical_json([held, words, sorted(shared), weights().digest])).hexdigest()


def due(store: Store) -> bool:
    """Whether anything changed since the last refresh."""
    now = inputs(store)
    with store.database.reading() as connection:
        last = state.last_refresh(connection)
    return last is None or last[0] != now


def refresh(store: Store, principal: Principal, clock: Clock) -> Refreshed:
    """Read all evidence, form the actors, carry ids on, and record rings as findings. The same input changes nothing."""
    used = weights()
    before = inputs(store)
    with store.database.reading() as connection:
        words = state.judgements(connection)
    seen = gather(store, used, words)
    with writing(store, principal, "linking.refresh", clock=clock) as act:
        groups = cluster.groups(seen.links, words, used, seen.identities)
        result = _save(act, seen, groups, words, used, iso(clock.now()))
        facts = {name: value for name, value in result.as_json().items() if name != "events"}
        if state.last_refresh(act.connection) != (before, facts):
            state.save_refresh(act, before, facts)
    return result


def gather(store: Store, used: Weights, words: Sequence[Judgement] = ()) -> Evidence:
    """All links at or over even odds, from the committed lake, and what is known of the accounts they or people's words name."""
    with store.engine(observe.TABLES) as engine:
        generic = observe.prepare(engine, used, generic_values(), store.vault.tokens)
        graph = Graph(engine, used)
        candidates = graph.rebuild()
        links = graph.links(used.related)
        hubs = len(graph.hubs())
        rows = engine.rows("SELECT account_id, identity, name FROM link_account")
        active = {row[0]: (row[1], row[2]) for row in engine.rows(observe.ACTIVE)}
        accounts = graph.accounts
    linked = {account for link in links for account in link.pair}
    linked.update(account for word in words for account in (word.left, word.right))
    identities = {row[0]: row[1] for row in rows if row[1] and row[0] in linked}
    names = {row[0]: row[2] for row in rows if row[2] and row[0] in linked}
    active = {account: span for account, span in active.items() if account in linked}
    return Evidence(links, identities, names, active, accounts, candidates, hubs, generic)


def _save(
    act: Act, seen: Evidence, groups: Sequence[Group], words: Sequence[Judgement], used: Weights, at: str
) -> Refreshed:
    before = state.actors(act.connection)
    past = {event.actor_id for event in state.events(act.connection)}
    bits = strongest(groups, cluster.edges_of(seen.links, words, used.same))
    after = succeed(before, groups, bits, used=past, at=at)
    state.save_actors(act, before, after.actors)
    state.save_links(act, state.links(act.connection), seen.links)
    if after.events:
        state.save_events(act, after.events)
    rings = _record_rings(act, seen, after.actors)
    same = sum(link.bits >= used.same for link in seen.links)
    return Refreshed(
        accounts=seen.accounts,
        candidates=seen.candidates,
        links=same,
        related=len(seen.links) - same,
        actors=len(after.actors),
        accounts_in_actors=len(bits),
        for_review=sum(bool(actor.review) for actor in after.actors),
        events=len(after.events),
        hubs=seen.hubs,
        generic=seen.generic,
        rings=rings,
    )


def strongest(groups: Iterable[Group], edges: cluster.Edges) -> dict[str, float]:
    """For each account of a group its strongest link inside the group."""
    found = {}
    for group in groups:
        inside = set(group.accounts)
        for account in group.accounts:
            found[account] = max(bits for other, bits in edges[account].items() if other in inside)
    return found


def _record_rings(act: Act, seen: Evidence, actors: Sequence[Actor]) -> int:
    told = [frozenset(brief.accounts) for brief in findings.briefs(act.connection) if _of_many(brief)]
    found = ring.rings(
        _untold(actors, told), seen.links, identities=seen.identities, names=seen.names, active=seen.active
    )
    findings.record(act, found)
    findings.settle(act, ring.CHECK, {item.id for item in found})
    return len(found)


def _untold(actors: Sequence[Actor], told: Collection[frozenset[str]]) -> list[Actor]:
    """Actors of which no other check already names all accounts together."""
    return [actor for actor in actors if not any(told_of.issuperset(actor.accounts) for told_of in told)]


def _of_many(brief: FindingBrief) -> bool:
    return brief.check != ring.CHECK and brief.subject_kind != "account" and len(brief.accounts) > 1
