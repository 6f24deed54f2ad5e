"""Shreds what cleared customers handed in at sign-up, once nobody may need it any more; that it was decided stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from vedette import policy
from vedette.app import store as state
from vedette.app.replay import UnknownVerification
from vedette.app.verify import Outcome
from vedette.audit import writing
from vedette.base import Clock, Principal, iso
from vedette.store import Store

RULE = "own_kyc_signup_facts"


def forget(store: Store, principal: Principal, *, clock: Clock, days: int | None = None) -> int:
    """Shred the facts and answers of cleared sign-ups older than so many days, the house rule's where not said.

    Returns how many. Decisions that held or asked are left: records of sanctions matters last longer.
    """
    kept = int(policy.rule(RULE).number or 0) if days is None else days
    limit = iso(clock.now() - timedelta(days=kept))
    with writing(store, principal, "verifications.forget", clock=clock) as act:
        due = state.decided_before(act.connection, limit, Outcome.CLEAR.value)
        if due:
            state.keep_verifications(act, [_emptied(row) for row in due])
            act.fact("before", limit)
            act.fact("rule", [RULE, policy.rule(RULE).version])
    return len(due)


def shred(store: Store, principal: Principal, verification_id: str, *, clock: Clock) -> None:
    """Shred one decision's facts and answer, whatever its outcome, as a person asks. Raises UnknownVerification."""
    with writing(store, principal, "verifications.shred", clock=clock) as act:
        held = state.verifications(act.connection, [verification_id]).get(verification_id)
        if held is None:
            raise UnknownVerification(f"no stored decision {verification_id!r}", remedy="Name the id of a decision")
        if held.sealed:
            state.keep_verifications(act, [_emptied(held)])
            act.fact("verification_id", verification_id)


def _emptied(row: state.Verification) -> state.Verification:
    """Without facts, answer and the token by which facts could be recognised."""
    return replace(row, sealed=b"", body="")
