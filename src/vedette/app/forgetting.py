"""Shreds personal data once nobody may need it any more: old sign-ups, and all that identifies one customer."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from vedette import approvals, cases, policy
from vedette.accounts.store import get as get_account
from vedette.app import retention
from vedette.app import store as state
from vedette.app.grounds import Ground
from vedette.app.replay import UnknownVerification
from vedette.app.verify import Outcome
from vedette.approvals import RequestState
from vedette.audit import Act, writing
from vedette.base import Clock, Json, Place, Principal, Subject, VedetteError, canonical_json, iso
from vedette.store import Store

RULE = "own_kyc_signup_facts"
_GONE = "shredded"


class NotYet(VedetteError):
    """A customer's records must still be kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """What became of one customer's data. ``waiting`` is the request that a second person must agree to first."""

    account_id: str
    leaf: int | None = None
    waiting: str = ""
    destroyed: Mapping[str, int]
    remains: Sequence[tuple[str, int, str]] = ()

    def as_json(self) -> dict[str, Json]:
        """The printed row."""
        remains: list[Json] = [{"what": what, "rows": rows, "why": why} for what, rows, why in self.remains]
        return {
            "account_id": self.account_id,
            "leaf": self.leaf,
            "waiting": self.waiting or None,
            "destroyed": dict(self.destroyed),
            "remains": remains,
        }


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


def forget_account(
    store: Store,
    principal: Principal,
    account_id: str,
    *,
    ground: Ground,
    home: str,
    override: bool = False,
    clock: Clock,
) -> Forgotten:
    """Destroy the keys of all that is sealed of a customer, the words of findings about it, and its rows in the lake.

    Allowed once its classes of retention have run out. With ``override`` a second person must agree first: the first call
    asks, the same call by another person agrees and does it. The log stays valid, and its leaf proves the deletion; it
    bears a token of the account, not its id. Raises NotYet where the records must be kept, or a case is not decided.
    """
    held = retention.of_account(store, home, account_id, clock=clock)
    if held is None:
        raise NotYet("no such account is held", place=Place(account_id), remedy="Name the id of an account")
    early = not held.over(clock.now().date())
    if early and (not override or "not decided" in held.why):
        until = held.why if held.until is None else f"they are kept until {held.until}: {', '.join(held.rules)}"
        raise NotYet(f"the records cannot be destroyed: {until}", place=Place(account_id), remedy="Wait, or --override")
    if early and (waiting := _agreed(store, principal, account_id, ground, clock=clock)):
        return Forgotten(account_id=account_id, waiting=waiting, destroyed={})
    return _destroyed(store, principal, held, ground, early=early, clock=clock)


def _agreed(store: Store, principal: Principal, account_id: str, ground: Ground, *, clock: Clock) -> str:
    """The request that still waits for a second person, or blank once this call has settled it."""
    with writing(store, principal, "subject.forget.agree", clock=clock) as act:
        subject = Subject("account", account_id)
        asked = approvals.request(
            act, "retention.delete", subject, f"{ground.value}, held since {_received(store, account_id)}"
        )
        maker = asked.requested_by.partition(":")[2].casefold()
        if asked.state is RequestState.WAITING and maker != principal.id.casefold():
            asked = approvals.approve(act, asked.id)
    if asked.state in (RequestState.REJECTED, RequestState.WITHDRAWN):
        raise NotYet(f"the request {asked.id} was {asked.state.value}", remedy="Ask on another ground")
    return asked.id if asked.state is RequestState.WAITING else ""


def _received(store: Store, account_id: str) -> int:
    # An account that comes back and is to be forgotten once more needs a new agreement.
    return int((get_account(store, account_id) or {}).get("received_us", 0))


def _destroyed(
    store: Store, principal: Principal, held: retention.Retention, ground: Ground, *, early: bool, clock: Clock
) -> Forgotten:
    account_id = held.account_id
    alone = [case.case_id for case in cases.list_cases(store, now=clock.now()) if case.accounts == (account_id,)]
    with store.database.reading() as connection:
        before = store.lake.files(connection)
    lake = state.lake_without(store, account_id)
    counts: dict[str, int] = {}
    with writing(store, principal, "subject.forget", clock=clock) as act:
        if store.lake.files(act.connection) != before:
            for staged, _ in lake:
                store.lake.discard(staged)
            raise NotYet("files of the lake were added or replaced in the meantime", remedy="Give the command again")
        for part in state.sealed_of(act.connection, account_id, alone):
            counts[part.table.name] = _shred(act, store, part)
        for part in state.findings_of(act.connection, account_id):
            act.upsert(part.table, map(_wordless, part.rows))
            counts[part.table.name] = len(part.rows)
        for staged, replaced in lake:
            act.retire_files(replaced)
            kept = act.commit_files(staged)
            counts[f"lake:{replaced[0]['table_name']}"] = sum(int(row["rows"]) for row in replaced) - kept
        shared = state.shared_findings(act.connection, account_id)
        act.fact("subject", store.vault.token("forgotten", account_id))
        act.fact("class", held.kind)
        act.fact("rules", list(held.rules))
        act.fact("before_time", early)
        act.fact("ground", ground.value)
        act.fact("destroyed", dict(counts))
        leaf = act.index
    store.database.scrub()
    remains = [("findings about others too", shared, "they rest on those other customers' data as well")]
    return Forgotten(
        account_id=account_id,
        leaf=leaf,
        destroyed={name: count for name, count in sorted(counts.items()) if count},
        remains=[item for item in (*remains, *_ELSEWHERE) if item[1]],
    )


# What this act cannot reach, said every time (rows -1: not counted).
_ELSEWHERE = (
    ("backups and exports", -1, "copies outside the workspace keep what they held; let them expire"),
    ("replaced lake files", -1, "they leave the disk at the next sweep, when nothing else runs"),
    ("reports", -1, "papers that were sent are records of their own; `vedette report` shows them"),
    ("sign-up decisions", -1, "they bear their own ids: vedette customers forget --id"),
    ("the provider's own export", -1, "an account that is exported again is held again"),
)


def _shred(act: Act, store: Store, part: state.Held) -> int:
    """Destroy what is sealed: the row where the account's own fields go, else its words under a key nobody had before."""
    if part.erased:
        return act.delete(part.table, part.rows)
    return act.upsert(part.table, [_blanked(store, part, row) for row in part.rows])


def _blanked(store: Store, part: state.Held, row: Mapping[str, Any]) -> dict[str, Any]:
    subject = str(row[part.subject])
    blobs = {name: value for name, value in row.items() if isinstance(value, bytes)}
    return {**row, **{name: store.vault.shredded(subject, sealed, _GONE) for name, sealed in blobs.items()}}


def _wordless(row: Mapping[str, Any]) -> dict[str, Any]:
    """A finding that says only which check spoke, how strongly, when and how often."""
    if "evidence" not in row:
        return {**row, "summary": _GONE}
    kinds = [{"kind": item["kind"], "ref": _GONE} for item in _evidence(row)]
    return {**row, "summary": _GONE, "evidence": canonical_json(kinds).decode()}


def _evidence(row: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    found: list[dict[str, Any]] = json.loads(row["evidence"])
    return found
