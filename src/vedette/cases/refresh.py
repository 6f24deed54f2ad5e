"""Brings cases up to date with findings: reads what changed, re-weighs only the accounts it can touch, in one audit act."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from vedette.audit import Act, writing
from vedette.base import Clock, Principal
from vedette.cases import store as state
from vedette.cases.actors import by_account
from vedette.cases.fold import Change, Hands, Moment, escalated, fold
from vedette.cases.model import Case, CaseStatus, OpeningRule, Refreshed
from vedette.cases.open import Standing, by_actor, openings, reach
from vedette.cases.read import opening_rule, timers
from vedette.findings import briefs, by_ids, touched
from vedette.store import Store

_Touched = tuple[int, str, tuple[str, ...]]


def refresh(store: Store, principal: Principal, clock: Clock, *, rule: OpeningRule | None = None) -> Refreshed:
    """Open, grow, merge, reopen and mark cases from the findings that changed since the last refresh; escalate due holds.

    Doing it again without new findings changes nothing and leaves no leaf. A changed opening rule re-weighs everything.
    """
    rule = rule or opening_rule()
    now = clock.now()
    moment = Moment(now, rule, timers())
    with writing(store, principal, "cases.refresh", clock=clock) as act:
        cursor, version = state.reading_position(act.connection)
        changed = touched(act.connection, cursor)
        end = changed[-1][0] if changed else cursor
        considered, folded = _folded(act, store, changed, moment, everything=bool(cursor) and version != rule.version)
        folded = _escalated(act, folded, moment)
        result = _counted(folded, considered, end)
        if changed or folded or (cursor and version != rule.version):
            _write(act, store, changed, folded, rule, result)
    return result


def _folded(
    act: Act, store: Store, changed: Sequence[_Touched], moment: Moment, *, everything: bool
) -> tuple[Collection[Case], list[Change]]:
    actors = by_account(store)
    undecided = state.undecided(act.connection)
    accounts = _accounts(act, changed) | _divided(actors, undecided)
    if not accounts and not everything:
        return (), []
    standing = Standing(briefs(act.connection), moment.rule)
    if everything:
        accounts.update(standing.accounts())
    within = _reached(accounts, standing, actors)
    cases = state.holding(act.connection, within)
    # A case may hold accounts that no finding joins any longer: weigh those too.
    within = _reached(within.union(*(case.accounts for case in cases)), standing, actors)
    cases = state.holding(act.connection, within)
    found = by_actor(openings(standing, moment.rule, within), actors, undecided)
    return cases, fold(cases, found, standing, moment, hands(act.connection))


def hands(connection: Any) -> Hands:
    """What people have settled: placements, pairs of cases split by hand (as they live on after merges), free ids."""
    placed = state.placements(connection)
    pairs = {(item.case_id, item.apart_from) for item in placed if item.apart_from is not None}
    living = state.living(connection, {case_id for pair in pairs for case_id in pair})
    apart = frozenset(frozenset(living[case_id] for case_id in pair) for pair in pairs)
    name = partial(state.free_id, connection)
    return Hands({item.account_id: item.case_id for item in placed}, apart, name)


def _divided(actors: Mapping[str, str], undecided: Mapping[str, str]) -> set[str]:
    """Accounts of actors that stand in several undecided cases, as happens when linking learns that two are one hand."""
    cases_of: dict[str, set[str]] = {}
    for account, case_id in undecided.items():
        if account in actors:
            cases_of.setdefault(actors[account], set()).add(case_id)
    return {account for account in undecided if len(cases_of.get(actors.get(account, ""), ())) > 1}


def _reached(accounts: Collection[str], standing: Standing, actors: Mapping[str, str]) -> set[str]:
    """These accounts, all that sharing could join to them, and their actors' other accounts with the same."""
    mates: dict[str, set[str]] = {}
    for account, actor in actors.items():
        mates.setdefault(actor, set()).add(account)
    found: set[str] = set()
    grown = set(accounts)
    while grown != found:
        found = grown
        grown = reach(found.union(*(mates[actors[account]] for account in found if account in actors)), standing)
    return found


def _accounts(act: Act, changed: Iterable[_Touched]) -> set[str]:
    """Accounts that changed findings name now, or named when they were last read."""
    accounts = {account for _, _, named in changed for account in named}
    before = state.reached(act.connection, [identity for _, identity, _ in changed])
    accounts.update(account for named in before.values() for account in named)
    return accounts


def _escalated(act: Act, folded: Iterable[Change], moment: Moment) -> list[Change]:
    """The changes, with the escalation of every hold that has run out."""
    found = {change.after.case_id: change for change in folded}
    for case in state.held(act.connection):
        found.setdefault(case.case_id, Change(case, case, ()))
    for case_id, change in found.items():
        later = escalated(change.after, moment)
        if later is not None:
            found[case_id] = Change(change.before, later.after, (*change.events, *later.events))
    return [found[case_id] for case_id in sorted(found) if found[case_id].events]


def _write(
    act: Act,
    store: Store,
    changed: Sequence[_Touched],
    folded: Sequence[Change],
    rule: OpeningRule,
    result: Refreshed,
) -> None:
    leads = {item.finding.id: item.finding.summary for item in by_ids(store, {c.after.lead for c in folded})}
    kept = [(replace(c.after, summary=summary_of(c.after, leads.get(c.after.lead, ""))), c.events) for c in folded]
    state.keep_all(act, kept)
    state.keep_accounts(act, (case for case, _ in kept))
    state.drop_accounts(act, _gone(folded))
    state.remember_reach(act, {identity: named for _, identity, named in changed if len(named) > 1})
    state.move_position(act, result.cursor, rule.version)
    act.fact("cases", result.as_json())
    act.fact("rule", store.archive.put(rule.text.encode()))


def _gone(folded: Sequence[Change]) -> set[str]:
    """Accounts that have left their case for none."""
    before = {account for change in folded if change.before is not None for account in change.before.accounts}
    kept = {a for change in folded if change.after.status is not CaseStatus.MERGED for a in change.after.accounts}
    return before - kept


def summary_of(case: Case, lead: str) -> str:
    """One line for the queue: the strongest finding, then how much stands beside it."""
    counts = [(len(case.accounts), "account"), (len(case.findings), "finding"), (len(case.families), "family")]
    told = ", ".join(f"{n} {_plural(word, n)}" for n, word in counts)
    start = "Stop: " if case.weighing.stops else ""
    end = "" if case.supported else " No longer supported by standing findings."
    return f"{start}{lead or 'no finding stands'} [{told}]{end}"


def _plural(word: str, count: int) -> str:
    if count == 1:
        return word
    return "families" if word == "family" else f"{word}s"


def _counted(folded: Sequence[Change], considered: Collection[Case], cursor: int) -> Refreshed:
    verbs = [event.verb for change in folded for event in change.events]
    opened = sum(change.before is None for change in folded)
    before = {change.before.case_id for change in folded if change.before is not None}
    return Refreshed(
        opened=opened,
        changed=len(before),
        unchanged=len({case.case_id for case in considered} - before),
        reopened=verbs.count("reopened"),
        merged=verbs.count("merged into"),
        unsupported=verbs.count("no longer supported"),
        escalated=verbs.count("escalated"),
        cursor=cursor,
    )
