"""A querier compares its own identifiers with the combined tags, and learns no more than that somebody holds a finding."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from vedette.audit import writing
from vedette.base import Clock, Json, Principal
from vedette.sharing.blind import compute, tagset
from vedette.sharing.blind import store as state
from vedette.sharing.blind.identifiers import IdentifierRefused, normal
from vedette.sharing.blind.purposes import purpose
from vedette.sharing.blind.store import Own
from vedette.sharing.blind.transport import Line, Transport, Unanswered
from vedette.store import Store

_HELD = "Some participant holds an approved finding on this identifier: ask through the relay. This is no proof of anything."
_HELD_PAIR = (
    "The other side of this small group holds an approved finding on this identifier: ask it through the relay."
)
_NOT_HELD = "No participant publishes a finding on this identifier. That does not mean that it is clean."
_MOST = 1 << 24


@dataclass(frozen=True, slots=True)
class Query:
    """One identifier to ask about. ``ref`` is the asker's own reference, such as an account id, and stays in the house."""

    kind: str
    value: str
    country: str = ""
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one query; ``held`` is None where it could not be asked. ``hit`` names it for a later question."""

    line: int
    kind: str
    ref: str
    held: bool | None
    explanation: str
    hit: str | None = None

    def as_json(self) -> dict[str, Json]:
        """The output contract: the identifier itself is not repeated."""
        return {name: getattr(self, name) for name in self.__slots__}


def match(
    store: Store,
    principal: Principal,
    own: Own,
    queries: Sequence[Query],
    transport: Transport,
    *,
    clock: Clock,
    spread: compute.Mapper = map,
    advance: Callable[[int], None] = lambda _count: None,
) -> list[Answer]:
    """An answer for each query, in order. Equal identifiers cost the quota once. Raises Unanswered or Unproven.

    The newest combined set and its recall list are fetched for every match; earlier hits that were recalled are marked.
    """
    line = Line(store, own, transport, clock)
    forms = [_normal(own, query) for query in queries]
    distinct = list(dict.fromkeys((query.kind, form) for query, (form, _) in zip(queries, forms, strict=True) if form))
    messages = [compute.message(own.purpose, own.epoch_id, kind, form) for kind, form in distinct]
    tags = compute.tags_of(messages, line.members(), batch=line.epoch.batch, spread=spread, advance=advance)
    by_form = dict(zip(distinct, tags, strict=True))
    combined = update(store, principal, line, clock=clock)
    held = {key: tag for key, tag in by_form.items() if tagset.contains(combined, tag)}
    found = [
        (held[query.kind, form], query.ref)
        for query, (form, _) in zip(queries, forms, strict=True)
        if (query.kind, form) in held
    ]
    with writing(store, principal, "sharing.blind.match", clock=clock) as act:
        names = iter(state.keep_hits(act, store, own.epoch_id, found))
        act.fact("epoch", own.epoch_id)
        act.fact("queries", len(queries))
        act.fact("asked", len(distinct))
    return [
        _answer(number, query, problem, names, pair=line.epoch.pairwise, held=(query.kind, form) in held)
        for number, (query, (form, problem)) in enumerate(zip(queries, forms, strict=True), 1)
    ]


def update(store: Store, principal: Principal, line: Line, *, clock: Clock) -> bytes:
    """The combined set as it is now, and hits of this epoch marked that were recalled since. Raises Unanswered."""
    before, recalled = line.kept_set()
    known = tagset.version(before + recalled) if before else ""
    body = line.ask(line.epoch.relay, "tags", {"known": known})
    if body.get("unchanged") is True and before:
        return before
    try:
        combined = tagset.decoded(body.get("tags"), _MOST)
        withdrawn = tagset.decoded(body.get("withdrawn"), _MOST)
    except tagset.TagsError:
        raise Unanswered("the relay answered with no set of tags", remedy="Ask its people") from None
    gone = {
        item["hit_id"]
        for item in state.hits(store, line.epoch.id)
        if not item["withdrawn_at"] and _recalled(bytes.fromhex(item["tag"]), combined, withdrawn)
    }
    with writing(store, principal, "sharing.blind.fetched", clock=clock) as act:
        line.keep_set(act, combined, withdrawn)
        state.withdraw_hits(act, sorted(gone))
        act.fact("epoch", line.epoch.id)
        act.fact("recalled", len(gone))
    return combined


def hits(store: Store, epoch_id: str | None = None) -> list[dict[str, Any]]:
    """Every hit with its state: ``held``, or ``withdrawn`` when its tag was recalled. The tag is not told."""
    return [
        {
            "hit": item["hit_id"],
            "epoch": item["epoch_id"],
            "ref": item["ref"],
            "found_at": item["found_at"],
            "state": "withdrawn" if item["withdrawn_at"] else "held",
            "withdrawn_at": item["withdrawn_at"] or None,
        }
        for item in state.hits(store, epoch_id)
    ]


def _normal(own: Own, query: Query) -> tuple[str, str]:
    """The normal form, or nothing and why it cannot be asked."""
    if query.kind not in purpose(own.purpose).kinds:
        try:
            normal(query.kind, query.value, query.country)
        except IdentifierRefused as fault:
            return "", str(fault)
        return "", f"This purpose does not match identifiers of kind {query.kind!r}."
    try:
        return normal(query.kind, query.value, query.country), ""
    except IdentifierRefused as fault:
        return "", str(fault)


def _answer(number: int, query: Query, problem: str, names: Iterator[str], *, pair: bool, held: bool) -> Answer:
    if problem:
        return Answer(number, query.kind, query.ref, None, problem)
    if not held:
        return Answer(number, query.kind, query.ref, False, _NOT_HELD)
    return Answer(number, query.kind, query.ref, True, _HELD_PAIR if pair else _HELD, next(names))


def _recalled(tag: bytes, combined: bytes, withdrawn: bytes) -> bool:
    return tagset.contains(withdrawn, tag) or not tagset.contains(combined, tag)
