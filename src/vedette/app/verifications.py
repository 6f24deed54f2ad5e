"""Sign-up decisions as records: decided once for a request key, stored in an audited act, given again on repetition.

Personal data lies sealed in the state database; in clear stand only the outcome, the checks and what the answer rests on.
"""

from __future__ import annotations

import secrets
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeAlias
from weakref import WeakKeyDictionary, ref

from vedette.app import store as state
from vedette.app.answers import pack, pack_customer, repeated, unpack
from vedette.app.checks import Customer
from vedette.app.store import Verification
from vedette.app.together import Together, attempt
from vedette.app.verify import Desk, Verdict
from vedette.audit import Act, writing
from vedette.base import Clock, Json, Principal, VedetteError, canonical_json, iso, stable_id
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


@dataclass(frozen=True, slots=True)
class _Judging:
    """The customers that one caller wants judged."""

    desk: Desk
    customers: Sequence[Customer]


@dataclass(frozen=True, slots=True)
class _Storing:
    """The decisions that one caller wants stored."""

    principal: Principal
    clock: Clock
    fresh: Sequence[_Fresh]


class _Counter:
    """Where the callers of one process wait, first to be judged together, then to be stored together.

    The lists are searched for many at little more cost than for one, and a durable commit costs the same for all. While
    one thread waits for the disk, another judges the next.
    """

    def __init__(self, store: Store) -> None:
        held = ref(store)
        self._manifest: tuple[Mapping[str, Json], str] | None = None
        self.judging: Together[_Judging, list[Verdict]] = Together(_judge_all)
        self.storing: Together[_Storing, list[Answer]] = Together(lambda items: _store_all(held(), items))

    def manifest(self, store: Store, basis: Mapping[str, Json]) -> str:
        """The archive's name for what a desk rests on, put there when it is first met."""
        held = self._manifest
        if held is None or held[0] is not basis:
            held = self._manifest = basis, store.archive.put(canonical_json(basis))
        return held[1]


_COUNTERS: WeakKeyDictionary[Store, _Counter] = WeakKeyDictionary()
_OPENING = threading.Lock()


def _counter(store: Store) -> _Counter:
    with _OPENING:
        found = _COUNTERS.get(store)
        if found is None:
            found = _COUNTERS[store] = _Counter(store)
        return found


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
    counter = _counter(store)
    verdicts = counter.judging.do(_Judging(desk, [asked[number][0] for number in waiting])) if waiting else []
    manifest = counter.manifest(store, desk.manifest)
    fresh = []
    for number, verdict in zip(waiting, verdicts, strict=True):
        verdict = replace(verdict, verification_id=ids[number])
        record = _record(store, asked[number][0], verdict, bodies[number], manifest, principal)
        fresh.append(_Fresh(record, verdict))
    if fresh:
        stored = counter.storing.do(_Storing(principal, desk.clock, fresh))
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


# -- together with whoever else waits


def _judge_all(items: Sequence[_Judging]) -> list[list[Verdict] | Exception]:
    """Each caller's verdicts. Where something fails, everybody is judged alone, so that it strikes only its own caller."""
    first = items[0].desk
    if len(items) > 1 and all(item.desk is first for item in items):
        found = attempt(lambda: first.decide_all([customer for item in items for customer in item.customers]))
        if not isinstance(found, Exception):
            verdicts = iter(found)
            return [[next(verdicts) for _ in item.customers] for item in items]
    return [attempt(partial(item.desk.decide_all, item.customers)) for item in items]


def _store_all(store: Store | None, items: Sequence[_Storing]) -> list[list[Answer] | Exception]:
    """One act for each principal among those who wait; what fails strikes that principal's callers only."""
    assert store is not None  # its callers hold it
    by_principal: dict[Principal, list[int]] = {}
    for number, item in enumerate(items):
        by_principal.setdefault(item.principal, []).append(number)
    found: dict[int, list[Answer] | Exception] = {}
    for principal, numbers in by_principal.items():
        answers = attempt(partial(_one_act, store, principal, [items[number] for number in numbers]))
        for place, number in enumerate(numbers):
            found[number] = answers if isinstance(answers, Exception) else answers[place]
    return [found[number] for number in range(len(items))]


def _one_act(store: Store, principal: Principal, items: Sequence[_Storing]) -> list[list[Answer]]:
    with writing(store, principal, "verifications.decide", clock=items[0].clock) as act:
        return [_write(store, act, item.fresh) for item in items]


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
