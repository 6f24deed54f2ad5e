"""Brings actors up to date with the lake and with people's words on pairs, in one audit act."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from vedette import findings
from vedette.audit import Act, writing
from vedette.base import Clock, Json, Principal, canonical_json, iso
from vedette.findings import FindingBrief
from vedette.linking import cluster, contradiction, observe, ring
from vedette.linking import store as state
from vedette.linking.evidence import Evidence, Fact, Kept, evidence
from vedette.linking.model import Actor, Group, Judgement, Link
from vedette.linking.read import weights
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
    contradictions: int

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
            "contradictions": self.contradictions,
        }


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


def refresh(store: Store, principal: Principal, clock: Clock, *, whole: bool = False) -> Refreshed:
    """Bring evidence, actors and findings up to date in one act. The same input changes nothing.

    Only what new files of the lake and people's words can change is looked at again; the result is that of reading everything,
    which ``whole`` asks for.
    """
    used = weights()
    before = inputs(store)
    with store.database.reading() as connection:
        words = state.judgements(connection)
        last = state.last_refresh(connection)
        files = state.lake_files(store, connection, observe.TABLES)
    with evidence(store, used) as kept:
        seen = kept.gather("" if whole or last is None else last[0])
        with writing(store, principal, "linking.refresh", clock=clock) as act:
            result = _save(act, kept, seen, words, iso(clock.now()))
            facts = {name: value for name, value in result.as_json().items() if name != "events"}
            if state.last_refresh(act.connection) != (before, facts):
                state.save_refresh(act, before, facts)
            told = sorted(
                {account for brief in findings.briefs(act.connection) if _of_many(brief) for account in brief.accounts}
            )
        kept.keep(before, files, told)
    return result


def _save(act: Act, kept: Kept, seen: Evidence, words: Sequence[Judgement], at: str) -> Refreshed:
    used, connection = kept.used, act.connection
    told = [brief for brief in findings.briefs(connection) if _of_many(brief)]
    around = _around(act, kept, seen, words, told)
    before = state.actors(connection) if around is None else state.actors_of(connection, around)
    stored = state.links(connection) if around is None else state.links_of(connection, sorted(around))
    fallen = stored if seen.pairs is None else [link for link in stored if link.pair in seen.pairs]
    links = (
        seen.links
        if seen.pairs is None
        else sorted({*seen.links, *(set(stored) - set(fallen))}, key=lambda link: link.pair)
    )
    words = [word for word in words if around is None or word.left in around]
    facts = kept.facts(_named(links, words, before))
    identities = {account: fact.identity for account, fact in facts.items() if fact.identity}
    groups = cluster.groups(links, words, used, identities)
    apart = contradiction.overlaps(kept.engine, groups, used)
    groups = [
        replace(group, review=(*group.review, *(item.told for item in apart.get(group.accounts, ()))))
        for group in groups
    ]
    past = {event.actor_id for event in state.events(connection)}
    bits = strongest(groups, cluster.edges_of(links, words, used.same))
    after = succeed(before, groups, bits, used=past, at=at)
    state.save_actors(act, before, after.actors)
    state.save_links(act, fallen, seen.links)
    if after.events:
        state.save_events(act, after.events)
    subjects = None if around is None else {actor.actor_id for actor in (*before, *after.actors)}
    _record_rings(act, links, facts, _untold(after.actors, [frozenset(brief.accounts) for brief in told]), subjects)
    against = contradiction.contradictions(after.actors, apart)
    findings.record(act, against)
    findings.settle(act, contradiction.CHECK, {item.id for item in against}, subjects=subjects)
    standing = Counter(brief.check for brief in findings.briefs(connection))
    return Refreshed(
        accounts=seen.accounts,
        candidates=seen.candidates,
        **state.counts(connection, used.same),
        events=len(after.events),
        hubs=seen.hubs,
        generic=seen.generic,
        rings=standing[ring.CHECK],
        contradictions=standing[contradiction.CHECK],
    )


def _around(
    act: Act, kept: Kept, seen: Evidence, words: Sequence[Judgement], told: Sequence[FindingBrief]
) -> set[str] | None:
    """The accounts whose actors have to be looked at again, None for all: those of pairs weighed anew and whoever is linked with them,
    those told or seen anew, those whom people judged, and those of findings that may tell of a ring already or no longer."""
    if seen.pairs is None or seen.stirred is None:
        return None
    connection = act.connection
    fresh: dict[str, set[str]] = {}
    for left, right in [*(link.pair for link in seen.links), *((word.left, word.right) for word in words)]:
        fresh.setdefault(left, set()).add(right)
        fresh.setdefault(right, set()).add(left)
    start = {account for pair in seen.pairs for account in pair} | fresh.keys()
    rings = {
        account for brief in findings.briefs(connection) if brief.check == ring.CHECK for account in brief.accounts
    }
    others = {*seen.stirred, *rings, *kept.told, *(account for brief in told for account in brief.accounts)}
    start |= others & state.linked(connection)
    return state.involved(connection, start, fresh)


def _named(links: Iterable[Link], words: Iterable[Judgement], actors: Iterable[Actor]) -> set[str]:
    found = {account for link in links for account in link.pair}
    found.update(account for word in words for account in (word.left, word.right))
    found.update(account for actor in actors for account in actor.accounts)
    return found


def strongest(groups: Iterable[Group], edges: cluster.Edges) -> dict[str, float]:
    """For each account of a group its strongest link inside the group."""
    found = {}
    for group in groups:
        inside = set(group.accounts)
        for account in group.accounts:
            found[account] = max(bits for other, bits in edges[account].items() if other in inside)
    return found


def _record_rings(
    act: Act,
    links: Sequence[Link],
    facts: Mapping[str, Fact],
    actors: Sequence[Actor],
    subjects: Collection[str] | None,
) -> None:
    found = ring.rings(
        actors,
        links,
        identities={account: fact.identity for account, fact in facts.items() if fact.identity},
        names={account: fact.name for account, fact in facts.items() if fact.name},
        active={account: fact.active for account, fact in facts.items()},
    )
    findings.record(act, found)
    findings.settle(act, ring.CHECK, {item.id for item in found}, subjects=subjects)


def _untold(actors: Sequence[Actor], told: Collection[frozenset[str]]) -> list[Actor]:
    """Actors of which no other check already names all accounts together."""
    return [actor for actor in actors if not any(told_of.issuperset(actor.accounts) for told_of in told)]


def _of_many(brief: FindingBrief) -> bool:
    # What compute tells rests on the links themselves: taken as evidence of links, the two would feed each other.
    return (
        brief.check not in (ring.CHECK, contradiction.CHECK)
        and brief.family != "workload"
        and brief.subject_kind != "account"
        and len(brief.accounts) > 1
    )
