"""An actor, or an account and what it is linked with, as a graph of few nodes for a page: a value that many share is one node."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

from vedette.base import Json, VedetteError
from vedette.linking import store as state
from vedette.linking.model import Actor, Judgement, Link, Part, Verdict, Weights
from vedette.linking.read import weights
from vedette.store import Store

_LEAST_STAR = 3


class PictureError(VedetteError):
    """There is no such actor or linked account, or a limit that makes no picture."""


@dataclass(frozen=True, slots=True)
class Node:
    """An account, several accounts alike (``accounts`` names them), or values that the same three and more share; a place in 0..1000."""

    id: str
    sort: str
    label: str
    inside: bool
    count: int
    accounts: tuple[str, ...] = ()
    x: float = 0.0
    y: float = 0.0

    def as_json(self) -> dict[str, Json]:
        """One node for a page."""
        return {
            "id": self.id,
            "sort": self.sort,
            "label": self.label,
            "in_actor": self.inside,
            "count": self.count,
            "accounts": list(self.accounts),
            "x": self.x,
            "y": self.y,
        }


@dataclass(frozen=True, slots=True)
class Edge:
    """A line between two nodes: ``same``, ``related``, ``shares`` (account to value) or ``cut`` (a person's word), with its reasons in bits."""

    source: str
    target: str
    standing: str
    bits: float
    parts: tuple[Part, ...]

    def as_json(self) -> dict[str, Json]:
        """One line for a page."""
        return {
            "source": self.source,
            "target": self.target,
            "standing": self.standing,
            "bits": self.bits,
            "parts": [part.as_json() for part in self.parts],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """What is drawn, and how many accounts and links there was no room for."""

    about: str
    actor_id: str | None
    review: tuple[str, ...]
    prior_and_threshold: tuple[float, float]
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    left_out: int = 0
    limit: int = 150

    def as_json(self) -> dict[str, Json]:
        """The form that pages read."""
        return {
            "about": self.about,
            "actor_id": self.actor_id,
            "review": list(self.review),
            "same_from_bits": self.prior_and_threshold[1],
            "related_from_bits": self.prior_and_threshold[0],
            "nodes": [node.as_json() for node in self.nodes],
            "edges": [edge.as_json() for edge in self.edges],
            "accounts_left_out": self.left_out,
            "limit": self.limit,
        }


@dataclass(slots=True)
class _Drawn:
    """Nodes and lines while they are put together."""

    stars: dict[str, tuple[tuple[Part, ...], frozenset[str]]] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)


def graph_json(store: Store, about: str, limit: int = 150) -> dict[str, Json]:
    """The graph of an actor or account as JSON, at most ``limit`` nodes, laid out. Raises PictureError."""
    return picture(store, about, limit).as_json()


def picture(store: Store, about: str, limit: int = 150) -> Picture:
    """The graph of an actor (its accounts and those related to them) or of an account (its actor's, else its own links)."""
    if limit < 2:
        raise PictureError("a picture needs room for two nodes", remedy="Give a limit of 2 and more")
    with store.database.reading() as connection:
        actor = state.actor(connection, about) or state.actor(connection, state.actor_of(connection, about) or "")
        centre = actor.accounts if actor else (about,)
        links = state.links_of(connection, centre)
        words = [word for word in state.judgements(connection) if word.left in centre and word.right in centre]
    if actor is None and not links and not words:
        raise PictureError(
            f"{about!r} is no actor and no linked account",
            remedy="Take an actor_id or account_id that `vedette link` prints",
        )
    return drawn(about, actor, links, words, limit=limit, used=weights())


def drawn(
    about: str,
    actor: Actor | None,
    links: Sequence[Link],
    words: Sequence[Judgement],
    *,
    limit: int,
    used: Weights,
    centre: frozenset[str] | None = None,
) -> Picture:
    """The picture from what is known; the same input gives the same picture. ``centre`` are the accounts that stand inside
    where they are not the actor's or the account itself.
    """
    from vedette.linking.layout import places

    inside = centre or (frozenset(actor.accounts) if actor else frozenset({about}))
    shown, left_out = _shown(inside, links, words, limit)
    kept = [link for link in links if link.left in shown and link.right in shown]
    made = _Drawn(stars(kept))
    made.edges += _spokes(made.stars)
    made.edges += _pairs(kept, made.stars, used)
    made.edges += _words(words, shown)
    nodes, edges = _fitting(shown, inside, made, limit)
    spots = places([node.id for node in nodes], [(edge.source, edge.target) for edge in edges])
    return Picture(
        about=about,
        actor_id=actor.actor_id if actor else None,
        review=actor.review if actor else (),
        prior_and_threshold=(used.related, used.same),
        nodes=tuple(replace(node, x=x, y=y) for node, (x, y) in zip(nodes, spots, strict=True)),
        edges=tuple(edges),
        left_out=left_out,
        limit=limit,
    )


def _shown(
    inside: Collection[str], links: Sequence[Link], words: Sequence[Judgement], limit: int
) -> tuple[frozenset[str], int]:
    """The accounts that may stand in the picture: those inside first, then those of the strongest links; four times the limit.

    Accounts alike are put together afterwards, so more may be read than drawn.
    """
    best: Counter[str] = Counter()
    for link in links:
        for account in link.pair:
            best[account] = max(best[account], round(link.bits * 64))
    everyone = {*inside, *best, *(account for word in words for account in (word.left, word.right))}
    order = sorted(everyone, key=lambda account: (account not in inside, -best[account], account))
    return frozenset(order[: 4 * limit]), max(0, len(order) - 4 * limit)


def stars(links: Iterable[Link]) -> dict[str, tuple[tuple[Part, ...], frozenset[str]]]:
    """Values that the same three and more accounts share, each pair of them: an id, what is shared, and the accounts.

    Links tell of a shared value its kind and its number of holders. Accounts of which every pair tells the same, and which are
    no more than the holders, share one value; where that is not so the pairs stay lines of their own.
    """
    told: dict[Part, dict[str, set[str]]] = {}
    for link in links:
        for part in link.parts:
            near = told.setdefault(part, {})
            near.setdefault(link.left, set()).add(link.right)
            near.setdefault(link.right, set()).add(link.left)
    found: dict[frozenset[str], list[Part]] = {}
    for part in sorted(told, key=lambda item: (item.kind, item.holders, item.bits)):
        for members in _together(told[part]):
            whole = all(len(told[part][one] & members) == len(members) - 1 for one in members)
            if _LEAST_STAR <= len(members) <= part.holders and whole:
                found.setdefault(frozenset(members), []).append(part)
    return {
        f"{parts[0].kind}:{parts[0].holders}:{min(members)}": (tuple(parts), members)
        for members, parts in found.items()
    }


def _together(near: Mapping[str, set[str]]) -> list[set[str]]:
    seen: set[str] = set()
    found = []
    for start in sorted(near):
        if start in seen:
            continue
        members, waiting = {start}, [start]
        while waiting:
            fresh = near[waiting.pop()] - members
            members |= fresh
            waiting.extend(fresh)
        seen |= members
        found.append(members)
    return found


def _spokes(found: Mapping[str, tuple[tuple[Part, ...], frozenset[str]]]) -> list[Edge]:
    return [
        Edge(account, f"value:{name}", "shares", sum(part.bits for part in parts), parts)
        for name, (parts, members) in found.items()
        for account in sorted(members)
    ]


def _pairs(
    links: Iterable[Link], found: Mapping[str, tuple[tuple[Part, ...], frozenset[str]]], used: Weights
) -> list[Edge]:
    """Lines between accounts for what no shared node tells already."""
    covered = {
        (part, pair) for parts, members in found.values() for pair in combinations(sorted(members), 2) for part in parts
    }
    edges = []
    for link in links:
        rest = tuple(part for part in link.parts if (part, link.pair) not in covered)
        if rest:
            standing = "same" if link.bits >= used.same else "related"
            edges.append(Edge(link.left, link.right, standing, link.bits, rest))
    return edges


def _words(words: Iterable[Judgement], shown: Collection[str]) -> list[Edge]:
    return [
        Edge(word.left, word.right, "confirmed" if word.verdict is Verdict.CONFIRM else "cut", 0.0, ())
        for word in words
        if word.left in shown and word.right in shown
    ]


def _fitting(
    shown: Collection[str], inside: Collection[str], made: _Drawn, limit: int
) -> tuple[list[Node], list[Edge]]:
    """Nodes and lines, accounts that hang on the same values alone put together where there would be too many nodes."""
    alone = {account: account for account in shown}
    values = [
        Node(f"value:{name}", "value", _named(parts), bool(members & set(inside)), len(members))
        for name, (parts, members) in made.stars.items()
    ]
    into = alone if len(shown) + len(values) <= limit else _alike(shown, inside, made.edges)
    members: dict[str, list[str]] = {}
    for account in sorted(shown):
        members.setdefault(into[account], []).append(account)
    nodes = [_account_node(name, tuple(accounts), inside) for name, accounts in members.items()]
    order = sorted([*nodes, *values], key=lambda node: (not node.inside, node.sort != "value", -node.count, node.id))
    kept = {node.id for node in order[:limit]}
    joined: dict[tuple[str, str, str], Edge] = {}
    for edge in made.edges:
        one, other = into.get(edge.source, edge.source), into.get(edge.target, edge.target)
        if one in kept and other in kept and one != other:
            joined.setdefault((one, other, edge.standing), replace(edge, source=one, target=other))
    return sorted(order[:limit], key=lambda node: node.id), [joined[key] for key in sorted(joined)]


def _named(parts: Sequence[Part]) -> str:
    """The kinds of what is shared, and by how many."""
    holders = sorted({part.holders for part in parts})
    told = f"{holders[0]}" if len(holders) == 1 else f"{holders[0]} to {holders[-1]}"
    return f"{', '.join(part.kind for part in parts)}: {told} holders"


def _alike(shown: Collection[str], inside: Collection[str], edges: Iterable[Edge]) -> dict[str, str]:
    """Each account under the name of the smallest that hangs on the same values and nothing else."""
    near: dict[str, set[tuple[str, str]]] = {account: set() for account in shown}
    for edge in edges:
        for one, other in ((edge.source, edge.target), (edge.target, edge.source)):
            if one in near:
                near[one].add((edge.standing, other))
    first: dict[tuple[bool, frozenset[tuple[str, str]]], str] = {}
    return {
        account: first.setdefault((account in inside, frozenset(near[account])), account) for account in sorted(shown)
    }


def _account_node(name: str, accounts: tuple[str, ...], inside: Collection[str]) -> Node:
    count = len(accounts)
    if count == 1:
        return Node(name, "account", name, name in inside, 1, accounts)
    return Node(name, "accounts", f"{count} accounts alike", name in inside, count, accounts)
