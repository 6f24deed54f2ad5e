"""Sign-up decisions as records: decided once for a request key, stored in an audited act, given again on repetition.

Personal data lies sealed in the state database; in clear stand only the outcome, the checks and what the answer rests on.
"""

from __future__ import annotations

import secrets
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias
from weakref import WeakKeyDictionary

from vedette.app import store as state
from vedette.app.answers import pack, pack_customer, repeated, unpack
from vedette.app.checks import Customer
from vedette.app.store import Verification
from vedette.app.verify import Desk, Verdict
from vedette.audit import Act, writing
from vedette.base import Clock, Principal, VedetteError, canonical_json, iso, stable_id
from vedette.store import Store

_LONGEST_KEY = 255


class KeyReused(VedetteError):
    """A request key that already stands for another customer's facts."""


class KeyUnfit(VedetteError):
    """A request key that is empty, too long or not printable."""


Answer: TypeAlias = Verdict | KeyReused


@dataclass(frozen=True, slots=True)
class _Fresh:
    """A decision made and not yet stored."""

    record: Verification
    verdict: Verdict


@dataclass(slots=True)
class _Waiting:
    """The decisions that one caller wants stored, and what became of them."""

    principal: Principal
    clock: Clock
    fresh: Sequence[_Fresh]
    answers: list[Answer] = field(default_factory=list)
    fault: Exception | None = None
    done: bool = False


class _Counter:
    """Where callers of one process wait: whoever comes first stores for all, because a durable commit costs the same."""

    def __init__(self) -> None:
        self.adding = threading.Lock()
        self.storing = threading.Lock()
        self.waiting: list[_Waiting] = []


_QUEUES: WeakKeyDictionary[Store, _Counter] = WeakKeyDictionary()
_OPENING = threading.Lock()


def decide(store: Store, desk: Desk, customer: Customer, *, key: str | None, principal: Principal) -> Verdict:
    """Decide one sign-up and store the decision; durable when this returns.

    The same key with the same facts gives the stored answer again, with ``replayed`` set; keys of different principals
    are different keys. Raises KeyReused for the same key with other facts, and KeyUnfit.
    """
    (answer,) = decide_many(store, desk, [(customer, key)], principal=principal)
    if isinstance(answer, KeyReused):
        raise answer
    return answer


def decide_many(
    store: Store, desk: Desk, asked: Sequence[tuple[Customer, str | None]], *, principal: Principal
) -> list[Answer]:
    """The same for many customers, each with its key, in one act; a reused key is told in its place, not raised."""
    ids = [_identity(store, principal, key) for _, key in asked]
    bodies = _bodies(store, [customer for customer, _ in asked])
    keyed = [identity for identity, (_, key) in zip(ids, asked, strict=True) if key is not None]
    known = _known(store, keyed)
    answers = {
        number: _again(store, known[identity], body)
        for number, (identity, body) in enumerate(zip(ids, bodies, strict=True))
        if identity in known
    }
    waiting = [number for number in range(len(asked)) if number not in answers]
    verdicts = desk.decide_all([asked[number][0] for number in waiting])
    manifest = store.archive.put(canonical_json(desk.manifest))
    fresh = []
    for number, verdict in zip(waiting, verdicts, strict=True):
        verdict = replace(verdict, verification_id=ids[number])
        record = _record(store, asked[number][0], verdict, bodies[number], manifest, principal)
        fresh.append(_Fresh(record, verdict))
    if fresh:
        stored = _store(store, _Waiting(principal, desk.clock, fresh))
        answers.update(zip(waiting, stored, strict=True))
    return [answers[number] for number in range(len(asked))]


def _identity(store: Store, principal: Principal, key: str | None) -> str:
    """The id of a decision: from the key, so that a repetition finds it, else drawn. The key itself is kept nowhere."""
    if key is None:
        return stable_id("ver", secrets.token_hex(16))
    if not 0 < len(key) <= _LONGEST_KEY or not key.isprintable():
        raise KeyUnfit(f"a request key has 1 to {_LONGEST_KEY} printable characters", remedy="Use a UUID, for example")
    return stable_id("ver", store.vault.token("request_key", f"{principal}\n{key}"))


def _bodies(store: Store, customers: Sequence[Customer]) -> list[str]:
    """A keyed token of each customer's facts: equal for equal facts, and nothing to guess from."""
    texts = (canonical_json(pack_customer(customer)).decode() for customer in customers)
    return store.vault.tokens("verification_body", texts)


def _known(store: Store, ids: Sequence[str]) -> Mapping[str, Verification]:
    if not ids:
        return {}
    with store.database.reading() as connection:
        return state.verifications(connection, ids)


def _again(store: Store, held: Verification, body: str) -> Answer:
    if held.body != body:
        return KeyReused(
            "key reused with another body",
            remedy="Give every sign-up its own request key; repeat a key only with exactly the same facts",
        )
    return repeated(unpack(store.vault.open(held.id, held.sealed)["answer"]))


def _record(
    store: Store, customer: Customer, verdict: Verdict, body: str, manifest: str, principal: Principal
) -> Verification:
    sealed = store.vault.seal(verdict.verification_id, {"customer": pack_customer(customer), "answer": pack(verdict)})
    assert verdict.decided_at is not None  # a desk always says when
    return Verification(
        id=verdict.verification_id,
        body=body,
        outcome=verdict.outcome.value,
        checks={"run": list(verdict.checks_run), "missing": dict(verdict.checks_missing)},
        manifest=manifest,
        principal=str(principal),
        decided_at=iso(verdict.decided_at),
        sealed=sealed,
    )


# -- storing, together with whoever else waits


def _store(store: Store, mine: _Waiting) -> list[Answer]:
    with _OPENING:
        queue = _QUEUES.setdefault(store, _Counter())
    with queue.adding:
        queue.waiting.append(mine)
    with queue.storing:
        if not mine.done:
            with queue.adding:
                together, queue.waiting = queue.waiting, []
            _store_all(store, together)
    if mine.fault is not None:
        raise mine.fault
    return mine.answers


def _store_all(store: Store, together: Sequence[_Waiting]) -> None:
    """One act for each principal among those who wait."""
    by_principal: dict[Principal, list[_Waiting]] = {}
    for waiting in together:
        by_principal.setdefault(waiting.principal, []).append(waiting)
    for principal, group in by_principal.items():
        try:
            with writing(store, principal, "verifications.decide", clock=group[0].clock) as act:
                answers = [_write(store, act, waiting.fresh) for waiting in group]
            for waiting, found in zip(group, answers, strict=True):
                waiting.answers = found
        except Exception as fault:  # whoever waits must hear of it, in his own thread, where it is raised again
            for waiting in group:
                waiting.fault = fault
        finally:
            for waiting in group:
                waiting.done = True


def _write(store: Store, act: Act, fresh: Sequence[_Fresh]) -> list[Answer]:
    """Store what nobody stored since it was looked up; a repetition that lost the race gets the winner's answer."""
    held = state.verifications(act.connection, [item.record.id for item in fresh])
    rows: list[Verification] = []
    answers: list[Answer] = []
    for item in fresh:
        before = held.get(item.record.id)
        if before is None:
            held[item.record.id] = item.record
            rows.append(item.record)
            answers.append(item.verdict)
        else:
            answers.append(_again(store, before, item.record.body))
    if rows:
        state.keep_verifications(act, rows)
        _tell(act, rows)
    return answers


def _tell(act: Act, rows: Sequence[Verification]) -> None:
    act.fact("manifests", sorted({row.manifest for row in rows}))
    act.fact("outcomes", dict(Counter(row.outcome for row in rows)))
