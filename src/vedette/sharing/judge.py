"""What a person does with inbound items: accept them as watch items until they expire, or reject them; nothing else acts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from vedette.audit import writing
from vedette.base import Clock, Place, Principal, PrincipalKind
from vedette.sharing import standing
from vedette.sharing.model import Inbound, ShareError, State, stamp
from vedette.sharing.store import inbound as state
from vedette.store import Store

_WORDS = 300


_NO_END = 10_000_000


def items(
    store: Store, *, clock: Clock, wanted: State | None = State.WAITING, limit: int | None = None
) -> list[Inbound]:
    """Items in a state as it holds now, or in any; the source with the best standing first. Reads no more than it gives."""
    now, trust = stamp(clock.now()), standing.order(store)
    left = _NO_END if limit is None else limit
    found: list[Inbound] = []
    with store.database.reading() as connection:
        for state_ in State if wanted is None else (wanted,):
            held = state.counted_at(connection, state_, now)
            for source in sorted(held, key=lambda one: (-trust.get(one, 0.0), one)):
                found += state.standing_at(connection, state_, now, source=source, limit=left - len(found))
                if len(found) >= left:
                    return found
    return found


def total(store: Store, wanted: State, *, clock: Clock) -> int:
    """How many items are in a state as it holds now."""
    with store.database.reading() as connection:
        return sum(state.counted_at(connection, wanted, stamp(clock.now())).values())


def find(store: Store, reference: str) -> Inbound:
    """An item by its id or a unique beginning. Raises ShareError."""
    with store.database.reading() as connection:
        found = state.inbound_beginning(connection, reference)
    exact = [one for one in found if one.id == reference] or found
    if len(exact) != 1:
        raise ShareError(
            "is no item, or of several", place=Place(reference[:40]), remedy="`vedette share inbound list` names them"
        )
    return exact[0]


def accept(store: Store, principal: Principal, ids: Sequence[str], *, clock: Clock, reason: str = "") -> list[Inbound]:
    """Let waiting items become watch items. They give findings for people to judge, never more. Raises ShareError."""
    return _decide(store, principal, ids, State.ACCEPTED, reason, clock)


def reject(store: Store, principal: Principal, ids: Sequence[str], *, clock: Clock, reason: str) -> list[Inbound]:
    """Set waiting or accepted items aside, with the reason that counts for the source's standing. Raises ShareError."""
    if not reason.strip():
        raise ShareError("a rejection needs its reason", remedy='Write --reason "..."')
    return _decide(store, principal, ids, State.REJECTED, reason, clock)


def _decide(
    store: Store, principal: Principal, ids: Sequence[str], word: State, reason: str, clock: Clock
) -> list[Inbound]:
    if principal.kind not in (PrincipalKind.PERSON, PrincipalKind.COMMAND_LINE):
        raise ShareError("only a person judges what others sent", remedy="Sign in")
    if len(reason) > _WORDS or not reason.isprintable():
        raise ShareError(f"the reason is longer than {_WORDS} characters, or not one line", remedy="Shorten it")
    now = stamp(clock.now())
    wanted = [find(store, reference).id for reference in ids]
    with writing(store, principal, f"sharing.{word.value}", clock=clock) as act:
        found = state.inbound(act.connection, ids=wanted)
        after = [_after(one, word, reason, now, str(principal)) for one in found]
        act.fact("items", [one.id for one in after][:100])
        state.keep_inbound(act, after)
    return after


def _after(one: Inbound, word: State, reason: str, now: str, who: str) -> Inbound:
    fits = (State.WAITING,) if word is State.ACCEPTED else (State.WAITING, State.ACCEPTED)
    current = one.state_at(now)
    if current not in fits:
        raise ShareError(
            f"is already {current.value}", place=Place(one.id), remedy="`vedette share inbound list --all`"
        )
    return replace(one, state=word, reason=reason, decided_by=who, decided_at=now)
