"""Until when a customer's records must be kept: classes of retention from dated policy, and who may be forgotten."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from vedette import cases, policy
from vedette.accounts.store.facts import all_facts
from vedette.accounts.verification.model import AccountFacts
from vedette.accounts.verification.retention import keep_until
from vedette.base import Clock, Json
from vedette.cases.model import Action, Case, CaseStatus, DecisionState, Outcome
from vedette.cases.store import decisions
from vedette.store import Store

# Besides the house rule, the law that the home jurisdiction has for such records.
_WORDS = {
    "identification": ("retention:identification",),
    "case": ("retention:case", "record:export_control"),
    "sanctions": ("retention:sanctions", "record:sanctions"),
}
_SANCTIONS = frozenset({Action.REJECT, Action.BLOCK_PROPERTY, Action.UNBLOCK, Action.REPORT})
_VOID = frozenset({DecisionState.REJECTED, DecisionState.UNDONE})
_SETTLED = frozenset({CaseStatus.DECIDED, CaseStatus.CLOSED, CaseStatus.MERGED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """Until when one account's records are kept, by what class and rules. ``until`` None: for as long as ``why`` says."""

    account_id: str
    kind: str
    until: date | None
    rules: tuple[str, ...]
    why: str

    def over(self, on: date) -> bool:
        """Whether the records may be destroyed on that day."""
        return self.until is not None and self.until < on

    def as_json(self) -> dict[str, Json]:
        """The printed row."""
        until = None if self.until is None else self.until.isoformat()
        return {
            "account_id": self.account_id,
            "class": self.kind,
            "keep_until": until,
            "rules": list(self.rules),
            "why": self.why,
        }


def of_account(store: Store, home: str, account_id: str, *, clock: Clock) -> Retention | None:
    """What holds for one account; None where no such account is held."""
    facts = next(iter(all_facts(store, account_id)), None)
    return None if facts is None else _weighed(store, home, facts, _cases_by_account(store, clock), clock)


def due(store: Store, home: str, *, clock: Clock) -> list[Retention]:
    """Every closed account whose classes have all run out, longest ago first. Opens the vault for each account."""
    held = _cases_by_account(store, clock)
    found = (_weighed(store, home, facts, held, clock) for facts in all_facts(store) if facts.closed is not None)
    today = clock.now().date()
    return sorted((item for item in found if item.over(today)), key=lambda item: (str(item.until), item.account_id))


def _cases_by_account(store: Store, clock: Clock) -> dict[str, list[Case]]:
    held: dict[str, list[Case]] = {}
    for case in cases.list_cases(store, now=clock.now()):
        for account_id in case.accounts:
            held.setdefault(account_id, []).append(case)
    return held


def _weighed(store: Store, home: str, facts: AccountFacts, held: Mapping[str, list[Case]], clock: Clock) -> Retention:
    own, today = held.get(facts.account_id, []), clock.now().date()
    waiting = [case.case_id for case in own if case.status_at(clock.now()) not in _SETTLED]
    if waiting:
        return _held(facts, "case", f"case {waiting[0]} is not decided")
    if facts.closed is None:
        return _held(facts, "identification", "the account is open")
    kinds = [("identification", max(filter(None, (facts.closed, facts.last_access))))]
    for case in own:
        made = [item for item in decisions(store, case.case_id) if item.state not in _VOID]
        if made and made[-1].action is Action.PRESERVE:
            return _held(facts, "preserved", f"case {case.case_id} orders that its records be preserved")
        kinds.extend((_kind(item.action, item.outcome), item.decided_at) for item in made)
    return _longest(facts.account_id, home, kinds, today)


def _held(facts: AccountFacts, kind: str, why: str) -> Retention:
    return Retention(account_id=facts.account_id, kind=kind, until=None, rules=(), why=why)


def _kind(action: Action, outcome: Outcome) -> str:
    return "sanctions" if action in _SANCTIONS and outcome is not Outcome.FALSE else "case"


def _longest(account_id: str, home: str, kinds: Iterable[tuple[str, datetime]], today: date) -> Retention:
    """The class that lasts longest, each counted from its own day."""
    ends = []
    for kind, begun in kinds:
        for rule in {rule.id: rule for word in _WORDS[kind] for rule in policy.applying(word, home, today)}.values():
            end = keep_until(AccountFacts(account_id=account_id, closed=begun), int(rule.number or 0))
            ends.append((end or date.max, kind, rule.id))
    until, kind, _ = max(ends)
    rules = tuple(sorted({rule for end, _, rule in ends if end == until}))
    return Retention(
        account_id=account_id, kind=kind, until=until, rules=rules, why=f"the longest of {len(ends)} duties"
    )
