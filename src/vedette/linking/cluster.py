"""From links to groups: components over strong links, cut where people or weak bridges say so, and checked for contradictions."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import pairwise

from vedette.linking.model import Group, Judgement, Link, Verdict, Weights

Edges = dict[str, dict[str, float]]
CONFIRMED_BITS = 64.0


def groups(
    links: Iterable[Link],
    judgements: Collection[Judgement],
    weights: Weights,
    identities: Mapping[str, str] | None = None,
) -> list[Group]:
    """Groups of two and more accounts, ordered by their smallest account.

    ``identities`` gives the verified identity of an account; two different ones in one group are a contradiction that a
    person must look at. The result depends on the links alone, not on their order.
    """
    edges = edges_of(links, judgements, weights.same)
    found: list[Group] = []
    for members in _components(edges):
        for part in _parted(_only(edges, members), judgements, weights):
            found.append(Group(tuple(sorted(part)), _reasons(part, _only(edges, part), weights, identities or {})))
    return sorted(found, key=lambda group: group.accounts)


def edges_of(links: Iterable[Link], judgements: Iterable[Judgement], least: float) -> Edges:
    """Links at or over a threshold as neighbours with their bits, with people's words applied."""
    edges: Edges = {}
    for link in links:
        if link.bits >= least:
            _join(edges, link.left, link.right, link.bits)
    for judgement in judgements:
        if judgement.verdict is Verdict.CONFIRM:
            _join(edges, judgement.left, judgement.right, CONFIRMED_BITS)
        else:
            _part(edges, judgement.left, judgement.right)
    return edges


def _join(edges: Edges, left: str, right: str, bits: float) -> None:
    edges.setdefault(left, {})[right] = bits
    edges.setdefault(right, {})[left] = bits


def _part(edges: Edges, left: str, right: str) -> None:
    edges.get(left, {}).pop(right, None)
    edges.get(right, {}).pop(left, None)


def _only(edges: Edges, members: Collection[str]) -> Edges:
    inside = set(members)
    return {one: {other: bits for other, bits in edges[one].items() if other in inside} for one in members}


def _components(edges: Edges) -> list[list[str]]:
    """Connected accounts, two or more, each in order."""
    seen: set[str] = set()
    found = []
    for start in sorted(edges):
        if start in seen:
            continue
        seen.add(start)
        members, waiting = [], [start]
        while waiting:
            one = waiting.pop()
            members.append(one)
            fresh = [other for other in edges[one] if other not in seen]
            seen.update(fresh)
            waiting.extend(fresh)
        if len(members) > 1:
            found.append(sorted(members))
    return found


def _parted(edges: Edges, judgements: Iterable[Judgement], weights: Weights) -> list[list[str]]:
    """The component without weak bridges and without any way between accounts that a person keeps apart."""
    if len(edges) > 3:
        for left, right in _bridges(edges):
            if edges[left][right] < weights.bridge and _both_stand(edges, left, right):
                _part(edges, left, right)
    for judgement in sorted(judgements, key=lambda item: (item.left, item.right)):
        if judgement.verdict is Verdict.CUT and judgement.left in edges and judgement.right in edges:
            _keep_apart(edges, judgement.left, judgement.right)
    return _components(edges)


def _both_stand(edges: Edges, left: str, right: str) -> bool:
    """Whether each end still has company without the other: else the link is all that an account has."""
    return len(edges[left]) > 1 and len(edges[right]) > 1


def _keep_apart(edges: Edges, left: str, right: str) -> None:
    """Cut the weakest link of the strongest way between two accounts until there is none."""
    while way := strongest_way(edges, left, right):
        weakest = min(pairwise(way), key=lambda step: (edges[step[0]][step[1]], tuple(sorted(step))))
        _part(edges, *weakest)


def strongest_way(edges: Edges, left: str, right: str) -> list[str]:
    """The accounts on the way whose weakest link is strongest; empty where there is no way."""
    best = {left: float("inf")}
    before: dict[str, str] = {}
    heap = [(-best[left], left)]
    while heap:
        negative, one = heapq.heappop(heap)
        if one == right:
            way = [right]
            while way[-1] != left:
                way.append(before[way[-1]])
            return way[::-1]
        if -negative < best[one]:
            continue
        for other in sorted(edges.get(one, {})):
            width = min(-negative, edges[one][other])
            if width > best.get(other, float("-inf")):
                best[other], before[other] = width, one
                heapq.heappush(heap, (-width, other))
    return []


def _bridges(edges: Edges) -> list[tuple[str, str]]:
    """Links without which their component falls apart, in order (Tarjan's low links, without recursion)."""
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    found = []
    for root in sorted(edges):
        if root in order:
            continue
        order[root] = low[root] = len(order)
        stack = [(root, "", iter(sorted(edges[root])))]
        while stack:
            one, parent, others = stack[-1]
            other = next(others, None)
            if other is None:
                stack.pop()
                if parent:
                    low[parent] = min(low[parent], low[one])
                    if low[one] > order[parent]:
                        found.append((min(one, parent), max(one, parent)))
            elif other not in order:
                order[other] = low[other] = len(order)
                stack.append((other, one, iter(sorted(edges[other]))))
            elif other != parent:
                low[one] = min(low[one], order[other])
    return sorted(found)


def _reasons(members: Sequence[str], edges: Edges, weights: Weights, identities: Mapping[str, str]) -> tuple[str, ...]:
    """Why a person should look before believing that the group is one hand."""
    found = []
    claimed = {identities[one] for one in members if identities.get(one)}
    if len(claimed) > 1:
        found.append(f"{len(claimed)} different verified identities")
    size = len(members)
    density = sum(map(len, edges.values())) / (size * (size - 1))
    if size >= weights.sparse_accounts and density < weights.sparse_density:
        found.append(f"only {density:.0%} of the pairs are linked")
    return tuple(found)
