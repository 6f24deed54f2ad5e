"""Why two accounts are, or are not, held to be one hand: a waterfall of bits, what would break it, and the way between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from vedette.base import Json
from vedette.linking import cluster, observe, similar
from vedette.linking import store as state
from vedette.linking.evidence import unsealing
from vedette.linking.graph import Graph
from vedette.linking.judge import require_pair
from vedette.linking.model import Judgement, Part, Weights, combined, confidence
from vedette.linking.read import generic_values, weights
from vedette.store import Store

_NETWORK = ("ip", "ip_prefix", "burst")


@dataclass(frozen=True, slots=True, kw_only=True)
class Idle:
    """Something shared that counts nothing, and why."""

    kind: str
    masked: str
    holders: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The whole account of one pair. ``way`` leads through the links of their common actor; empty without one."""

    left: str
    right: str
    prior: float
    parts: tuple[Part, ...]
    idle: tuple[Idle, ...]
    bits: float
    bits_without_network: float
    same: float
    related: float
    breaks: tuple[str, ...]
    judgement: Judgement | None
    actor_id: str | None
    way: tuple[str, ...]

    @property
    def standing(self) -> str:
        """``same``, ``related`` or ``apart``, by the evidence alone."""
        return "same" if self.bits >= self.same else "related" if self.bits >= self.related else "apart"

    def as_json(self) -> dict[str, Json]:
        """One row with everything."""
        return {
            "left": self.left,
            "right": self.right,
            "standing": self.standing,
            "prior": self.prior,
            "parts": [part.as_json() for part in self.parts],
            "counts_nothing": [
                {"kind": item.kind, "value": item.masked, "holders": item.holders, "why": item.why}
                for item in self.idle
            ],
            "bits": self.bits,
            "confidence": confidence(self.bits),
            "bits_without_network": self.bits_without_network,
            "threshold": self.same,
            "breaks_without": list(self.breaks),
            "judgement": self.judgement.verdict.value if self.judgement else None,
            "actor_id": self.actor_id,
            "way": list(self.way),
        }


def explain(store: Store, one: str, other: str) -> Explanation:
    """Everything that speaks for two accounts being one hand. Raises JudgementError for an account that is not there."""
    require_pair(store, one, other)
    left, right = sorted((one, other))
    used = weights()
    with store.engine(observe.TABLES) as engine:
        observe.prepare(engine, used, generic_values(), store.vault.tokens)
        graph = Graph(engine, used)
        graph.read()
        graph.score([(left, right)])
        links = graph.links(float("-1e9"))
        shared = _shared_values(engine, left, right)
        start = graph.prior_bits()
        flags = graph.explanations()
        links = similar.strengthened(links, unsealing(store), used, graph.reasons())
    parts, idle = _told(links[0].parts if links else (), shared, used, flags)
    way, actor, word = _place(store, left, right, used)
    return Explanation(
        left=left,
        right=right,
        prior=start,
        parts=parts,
        idle=idle,
        bits=_total(start, parts, used),
        bits_without_network=_total(start, [part for part in parts if part.kind not in _NETWORK], used),
        same=used.same,
        related=used.related,
        breaks=_breaks(start, parts, used),
        judgement=word,
        actor_id=actor,
        way=way,
    )


def _total(start: float, parts: Sequence[Part], used: Weights) -> float:
    return start + combined(parts, used.family_extra)


def _breaks(start: float, parts: Sequence[Part], used: Weights) -> tuple[str, ...]:
    """Families without which a link at the threshold would fall below it."""
    if _total(start, parts, used) < used.same:
        return ()
    families = sorted({part.family for part in parts})
    return tuple(
        family
        for family in families
        if _total(start, [part for part in parts if part.family != family], used) < used.same
    )


def _shared_values(engine: observe.Engine, left: str, right: str) -> list[tuple[str, str, int]]:
    """(kind, value, holders) of everything that both accounts showed."""
    sql = (
        "SELECT s.kind, s.value, COUNT(*) FROM link_observation AS s JOIN (SELECT kind, value FROM link_observation "
        "WHERE account_id IN (?, ?) GROUP BY kind, value HAVING COUNT(*) = 2) AS b ON b.kind = s.kind AND b.value = s.value "
        "GROUP BY s.kind, s.value ORDER BY s.kind, s.value"
    )
    return [(row[0], row[1], row[2]) for row in engine.rows(sql, [left, right])]


def _told(
    parts: Sequence[Part], shared: Sequence[tuple[str, str, int]], used: Weights, flags: frozenset[str]
) -> tuple[tuple[Part, ...], tuple[Idle, ...]]:
    """Parts with a masked value each, and what is shared beside them."""
    kinds = used.by_name
    counted = {part.kind: part for part in parts}
    named: dict[str, str] = {}
    idle = []
    for kind, value, holders in shared:
        part = counted.get(kind)
        if part and part.holders == holders and kind not in named:
            named[kind] = masked(value)
            continue
        because = kinds[kind].explained_by & flags
        if part:
            why = "a rarer value of its kind counts already"
        elif holders > kinds[kind].most_holders:
            why = f"more than {kinds[kind].most_holders} accounts hold it"
        elif because:
            why = f"honest sharing: {', '.join(sorted(because))}"
        else:
            why = "held by many verified identities, or at times too far apart"
        idle.append(Idle(kind=kind, masked=masked(value), holders=holders, why=why))
    return tuple(replace(part, masked=named.get(part.kind, "")) for part in parts), tuple(idle)


def masked(value: str) -> str:
    """Enough of a value to tell it from others on a page, too little to use it."""
    return f"{value[: min(4, len(value) // 3)]}…"


def _place(store: Store, left: str, right: str, used: Weights) -> tuple[tuple[str, ...], str | None, Judgement | None]:
    """The strongest way between both inside their common actor, that actor, and a person's word on the pair."""
    with store.database.reading() as connection:
        words = state.judgements(connection)
        actor = state.actor_of(connection, left)
        common = actor if actor == state.actor_of(connection, right) else None
        links = state.links(connection) if common else []
    word = next((item for item in words if (item.left, item.right) == (left, right)), None)
    if common is None:
        return (), None, word
    return tuple(cluster.strongest_way(cluster.edges_of(links, words, used.same), left, right)), common, word
