"""Records how far customers are verified, and answers what is held, due and covered. Every write is an audited act."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from vedette import policy
from vedette.accounts.store import facts as held
from vedette.accounts.store import verified as rows
from vedette.accounts.verification import (
    Completeness,
    Evidence,
    Method,
    Move,
    Record,
    Reseller,
    Result,
    Standing,
    State,
    Tier,
    check_move,
    completeness,
    timers,
)
from vedette.accounts.verification import due as due_now
from vedette.audit import writing
from vedette.base import Clock, Finding, Place, Principal, VedetteError
from vedette.store import Store

OWN = "own"
"""The source of evidence that a person of the provider records."""
RULES = ("us_bis_iaas_identification", "us_bis_kyc_unverifiable", "us_bis_kyc_refresh")


class UnknownAccount(VedetteError):
    """No account of that id is held."""


class EvidenceRepeated(VedetteError):
    """The same event of the same source, with another content: a replay, or two events under one id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a person asks of ``move``."""

    to: State
    reason: str
    tier: Tier | None = None


def records(store: Store, account_id: str | None = None) -> Iterator[Record]:
    """All that is known of the verification of every account, by id; of one if named. Opens the vault."""
    standings, evidence = rows.standings(store), rows.evidence(store, account_id)
    for facts in held.all_facts(store, account_id):
        identity = facts.account_id
        yield Record(
            facts=facts,
            standing=standings.get(identity, Standing(account_id=identity, state=State.UNVERIFIED)),
            evidence=evidence.get(identity, ()),
            moves=rows.moves(store, identity) if account_id is not None else (),
        )


def record_of(store: Store, account_id: str) -> Record:
    """The record of one account. Raises UnknownAccount."""
    found = next(records(store, account_id), None)
    if found is None:
        raise UnknownAccount(
            f"no account {account_id!r} is held",
            place=Place(account_id),
            remedy="Read its export with `vedette ingest`",
        )
    return found


def complete(record: Record, on: date) -> Completeness:
    """Which fields of the proposed rule are held of an account."""
    return completeness(record, on)


def move(store: Store, principal: Principal, account_id: str, wish: Wish, *, clock: Clock) -> Standing:
    """Change an account's state. Raises NotAllowed with everything that is missing, and UnknownAccount.

    A move to the state that it has is a new verification, where the states allow it.
    """
    now = clock.now()
    record = record_of(store, account_id)
    with writing(store, principal, "verification.move", clock=clock) as act:
        # What was read before the act may have changed since: ask again what decides.
        record = replace(
            record,
            standing=rows.standing(store, act.connection, account_id),
            evidence=rows.evidence_within(act.connection, account_id),
        )
        before = record.standing
        needs = check_move(
            record,
            wish.to,
            reason=wish.reason,
            principal=principal,
            held=completeness(record, now.date()),
            on=now.date(),
        )
        after = Standing(
            account_id=account_id,
            state=wish.to,
            since=now,
            by=str(principal),
            reason=wish.reason.strip(),
            tier=wish.tier or before.tier,
            owners_mark=record.facts.owners_mark,
            moves=before.moves + 1,
        )
        change = Move(
            account_id=account_id,
            number=after.moves,
            before=before.state,
            after=after.state,
            at=now,
            by=after.by,
            reason=after.reason,
        )
        rows.put_move(act, store, after, change)
        act.fact("from", before.state.value)
        act.fact("to", after.state.value)
        act.fact("needed", list(needs))
        act.fact("policies", {rule: policy.rule(rule).version for rule in RULES})
    return after


def record(store: Store, principal: Principal, evidence: Evidence, *, clock: Clock) -> bool:
    """Store evidence. False where exactly this was received before; the account's state does not change by itself.

    Raises EvidenceRepeated for the same event with another content. The account may be unknown yet: vendors are fast.
    """
    with writing(store, principal, "verification.evidence", clock=clock) as act:
        before = rows.seen(act.connection, evidence.source, evidence.event_id)
        if before is not None:
            if before != evidence:
                raise EvidenceRepeated(
                    "an event of this id was received with another content",
                    place=Place(evidence.source, None, evidence.event_id),
                    remedy="Ask the vendor; nothing was changed",
                )
            return False
        rows.put_evidence(act, [evidence])
        act.fact("source", evidence.source)
        act.fact("method", evidence.method.value)
        act.fact("result", evidence.result.value)
    return True


def own_evidence(store: Store, account_id: str, method: Method, result: Result, *, clock: Clock) -> Evidence:
    """Evidence that a person of the provider records now; add what else is known with ``dataclasses.replace``.

    Raises UnknownAccount.
    """
    record_of(store, account_id)
    return Evidence(
        account_id=account_id,
        event_id=f"own_{secrets.token_hex(8)}",
        source=OWN,
        method=method,
        result=result,
        done_at=clock.now(),
    )


def keep_reseller(store: Store, principal: Principal, item: Reseller, *, clock: Clock) -> Reseller:
    """Put a reseller into the register, or replace what is known of it. What is not said stays as it was."""
    known = rows.resellers(store).get(item.account_id)
    if known is not None:
        item = replace(
            item,
            programme_received=item.programme_received or known.programme_received,
            programme_hash=item.programme_hash or known.programme_hash,
            last_attested=item.last_attested or known.last_attested,
            note=item.note or known.note,
        )
    with writing(store, principal, "verification.reseller", clock=clock) as act:
        rows.put_reseller(act, store, item)
        act.fact("programme_received", item.programme_received is not None)
    return rows.resellers(store)[item.account_id]


def due(store: Store, clock: Clock) -> tuple[Finding, ...]:
    """What is overdue or contradicts what is held, for the daily run: weak or context findings, the same on every run."""
    found = due_now(records(store), at=clock.now(), timing=timers(), resellers=rows.resellers(store).values())
    return tuple(found)


def mark(store: Store) -> str:
    """A text that changes whenever a standing, evidence or the register does: an input of the daily run's step."""
    return rows.mark(store)
