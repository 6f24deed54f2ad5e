"""A person's word on a pair: confirm it or cut it, with a reason. It is logged and stands over every re-run."""

from __future__ import annotations

from vedette.audit import writing
from vedette.base import Clock, Principal, VedetteError, iso
from vedette.linking import store as state
from vedette.linking.model import Judgement, Verdict
from vedette.store import Store


class JudgementError(VedetteError):
    """A pair that cannot be judged, or a judgement without a reason."""


def confirm(store: Store, principal: Principal, one: str, other: str, *, reason: str, clock: Clock) -> Judgement:
    """These two are one hand, whatever the evidence says. Takes effect with the next refresh."""
    return _judge(store, principal, (one, other), Verdict.CONFIRM, reason, clock)


def cut(store: Store, principal: Principal, one: str, other: str, *, reason: str, clock: Clock) -> Judgement:
    """These two are not one hand; no chain of other links joins them either. Takes effect with the next refresh."""
    return _judge(store, principal, (one, other), Verdict.CUT, reason, clock)


def _judge(
    store: Store, principal: Principal, pair: tuple[str, str], verdict: Verdict, reason: str, clock: Clock
) -> Judgement:
    if not reason.strip():
        raise JudgementError("a judgement needs a reason", remedy="Say in one sentence why, for the next reviewer")
    require_pair(store, *pair)
    left, right = sorted(pair)
    word = Judgement(left, right, verdict, reason.strip(), str(principal), iso(clock.now()))
    with writing(store, principal, f"linking.{verdict.value}", clock=clock) as act:
        state.save_judgement(act, word)
        act.fact("accounts", [left, right])
    return word


def require_pair(store: Store, one: str, other: str) -> None:
    """Raise JudgementError unless both are accounts of the workspace and differ."""
    if one == other:
        raise JudgementError(f"{one} cannot be compared with itself", remedy="Name two accounts")
    with store.engine(["accounts"]) as engine:
        held = {
            row[0] for row in engine.rows("SELECT account_id FROM accounts WHERE account_id IN (?, ?)", [one, other])
        }
    for account in (one, other):
        if account not in held:
            raise JudgementError(f"there is no account {account!r}", remedy="Use an account_id of the export")
