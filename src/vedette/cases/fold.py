"""Folds what qualifies now into the cases there are: opens, grows, merges, reopens, marks what is no longer supported.

Pure: cases and openings in, changes out. Nothing here closes a case; only a person does.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from vedette.base import Strength, stable_id
from vedette.cases.model import SETTLED, UNDECIDED, Case, CaseStatus, Event, OpeningRule, Timers, Weighing
from vedette.cases.open import Opening, Standing, bits_of, priority, weigh
from vedette.findings import FindingBrief


@dataclass(frozen=True, slots=True)
class Change:
    """A case before and after, and what happened to it."""

    before: Case | None
    after: Case
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Moment:
    """What every step of a fold needs: the time, and the content in force."""

    now: datetime
    rule: OpeningRule
    timers: Timers

    @property
    def hold(self) -> timedelta:
        """How long a hold lasts before it escalates."""
        return timedelta(hours=self.timers.hold_hours)


def _plain_id(account: str) -> str:
    return stable_id("case", account)


@dataclass(frozen=True, slots=True)
class Hands:
    """What people have settled about cases, which no fold undoes: accounts placed in a case, and pairs kept apart.

    ``name`` gives the id of a new case that begins with an account.
    """

    placed: Mapping[str, str] = field(default_factory=dict)
    apart: frozenset[frozenset[str]] = frozenset()
    name: Callable[[str], str] = _plain_id

    def part(self, left: Iterable[Case], right: Iterable[Case]) -> bool:
        """Whether a person has split one of these from one of those."""
        others = list(right)
        return any(frozenset((one.case_id, other.case_id)) in self.apart for one in left for other in others)


@dataclass(slots=True)
class _Bundle:
    """What becomes one case: cases that merge, the openings behind them, accounts that no case holds yet."""

    cases: list[Case]
    openings: list[Opening]
    free: set[str]


def fold(
    cases: Collection[Case],
    openings: Sequence[Opening],
    standing: Standing,
    moment: Moment,
    hands: Hands = Hands(),
) -> list[Change]:
    """Changes to ``cases`` (all that hold an account in question, merged ones left out) and new cases, by case id."""
    opening_of = {account: opening for opening in openings for account in opening.accounts}
    fresh = {case.case_id: _fresh(case, opening_of, standing) for case in cases}
    changes: list[Change] = []
    for bundle in _bundles(cases, openings, fresh, hands):
        if not bundle.cases:
            changes.append(_opened(bundle, standing, moment, hands))
            continue
        survivor, *others = sorted(bundle.cases, key=lambda case: (case.opened_at, case.case_id))
        leaving = _leaving(bundle, survivor, hands)
        changes.append(_continued(survivor, others, bundle, fresh[survivor.case_id], leaving, standing, moment))
        changes.extend(merged(case, survivor, moment.now) for case in others)
    return sorted((change for change in changes if change.events), key=lambda change: change.after.case_id)


def escalated(case: Case, moment: Moment) -> Change | None:
    """A hold past its expiry moves up and is set again: it never lapses into "clear" and never becomes a refusal."""
    if not case.human_required or case.hold_expires is None or case.hold_expires > moment.now:
        return None
    after = replace(
        case,
        escalations=case.escalations + 1,
        hold_expires=moment.now + moment.hold,
        priority=100,
        changed_at=moment.now,
        version=case.version + 1,
    )
    return Change(case, after, (Event("escalated", {"level": after.escalations}),))


def _fresh(case: Case, opening_of: Mapping[str, Opening], standing: Standing) -> tuple[str, ...]:
    """New evidence about a settled case: findings never attached to it that weigh something, and findings new as a stop."""
    if case.status not in SETTLED:
        return ()
    accounts = {other for account in case.accounts if account in opening_of for other in opening_of[account].accounts}
    found = []
    for item in standing.of(accounts):
        weighs = item.strength is not Strength.CONTEXT and item.id not in case.seen
        new_stop = item.strength is Strength.STOP and item.id not in case.stops
        if weighs or new_stop:
            found.append(item.id)
    return tuple(found)


def _leaving(bundle: _Bundle, survivor: Case, hands: Hands) -> set[str]:
    """Accounts of an undecided case that nothing holds there any longer: no opening names them and no person placed them."""
    if survivor.status not in UNDECIDED or not bundle.openings:
        return set()
    ids = {case.case_id for case in bundle.cases}
    named = {account for opening in bundle.openings for account in opening.accounts}
    held = {account for case in bundle.cases for account in case.accounts}
    return {account for account in held - named if hands.placed.get(account) not in ids}


def _bundles(
    cases: Collection[Case], openings: Sequence[Opening], fresh: Mapping[str, tuple[str, ...]], hands: Hands
) -> list[_Bundle]:
    """Put together what an opening touches. Settled cases without new evidence, and those awaiting approval, stay apart."""
    owner = {account: case.case_id for case in cases for account in case.accounts}
    bundles = {case.case_id: _Bundle([case], [], set()) for case in cases}
    mergeable = {case.case_id for case in cases if case.status in UNDECIDED or fresh[case.case_id]}
    new: list[_Bundle] = []
    for opening in openings:
        touched = sorted({owner[account] for account in opening.accounts if account in owner})
        free = {account for account in opening.accounts if account not in owner}
        hosts = [case_id for case_id in touched if case_id in mergeable] or touched[: len(free)][:1]
        if not touched:
            new.append(_Bundle([], [opening], free))
        if hosts:
            _attach(bundles, hosts, opening, free, hands)
        for case_id in set(touched) - set(hosts):
            bundles[case_id].openings.append(opening)
    distinct = {id(bundle): bundle for bundle in bundles.values()}
    return [*distinct.values(), *new]


def _attach(bundles: dict[str, _Bundle], hosts: Sequence[str], opening: Opening, free: set[str], hands: Hands) -> None:
    """Give an opening to its hosts: one bundle, unless a person has split some of them."""
    chains: list[_Bundle] = []
    for case_id in hosts:
        other = bundles[case_id]
        first = next((chain for chain in chains if chain is other or not hands.part(chain.cases, other.cases)), None)
        if first is None:
            chains.append(other)
        elif first is not other:
            _absorb(bundles, first, other)
    for chain in chains:
        chain.openings.append(opening)
    chains[0].free.update(free)


def _absorb(bundles: dict[str, _Bundle], first: _Bundle, other: _Bundle) -> None:
    first.cases.extend(other.cases)
    first.openings.extend(other.openings)
    first.free.update(other.free)
    for case in other.cases:
        bundles[case.case_id] = first


def _opened(bundle: _Bundle, standing: Standing, moment: Moment, hands: Hands) -> Change:
    (opening,) = bundle.openings
    case = new_case(hands.name(opening.accounts[0]), opening, standing, moment)
    return Change(None, case, (Event("opened", {**case.weighing.as_json(), "rule": moment.rule.version}),))


def new_case(case_id: str, opening: Opening, standing: Standing, moment: Moment) -> Case:
    """A case as it opens, with a running hold where a stop stands."""
    found = standing.of(opening.accounts)
    weighing = opening.weighing
    return Case(
        case_id=case_id,
        version=1,
        status=CaseStatus.OPEN,
        priority=priority(weighing),
        opened_at=moment.now,
        changed_at=moment.now,
        accounts=opening.accounts,
        families=_families(found),
        findings=_ids(found),
        seen=_ids(found),
        stops=_stops(found),
        weighing=weighing,
        summary="",
        lead=_lead(found, moment.rule),
        rule_version=moment.rule.version,
        human_required=bool(weighing.stops),
        hold_expires=moment.now + moment.hold if weighing.stops else None,
    )


def _continued(
    case: Case,
    others: Sequence[Case],
    bundle: _Bundle,
    fresh: tuple[str, ...],
    leaving: set[str],
    standing: Standing,
    moment: Moment,
) -> Change:
    """The surviving case with everything that now belongs to it."""
    together = {*case.accounts, *bundle.free, *(a for other in others for a in other.accounts)}
    accounts = tuple(sorted(together - leaving))
    found = standing.of(accounts)
    weighing = _best(bundle.openings, accounts, standing, moment.rule)
    escalations = max([case.escalations, *(other.escalations for other in others)])
    after = replace(
        case,
        accounts=accounts,
        families=_families(found),
        findings=_ids(found),
        weighing=weighing,
        priority=priority(weighing, escalated=bool(escalations)),
        supported=bool(bundle.openings),
        lead=_lead(found, moment.rule),
        escalations=escalations,
    )
    if fresh:
        after = replace(after, status=CaseStatus.OPEN, claimed_by=None, lease_until=None, snoozed_until=None)
    if after.status not in SETTLED:
        # What a decision knew must not grow behind it: a settled case remembers its evidence as it was decided.
        after = replace(after, seen=_joined(case, others, found), stops=_joined_stops(case, others, found))
    after = _held(case, after, others, moment)
    if after == case:
        return Change(case, case, ())
    events = _events(case, after, others, fresh)
    after = replace(after, version=case.version + 1, changed_at=moment.now, rule_version=moment.rule.version)
    return Change(case, after, events)


def _joined(case: Case, others: Sequence[Case], found: Sequence[FindingBrief]) -> tuple[str, ...]:
    return tuple(sorted({*case.seen, *_ids(found), *(seen for other in others for seen in other.seen)}))


def _joined_stops(case: Case, others: Sequence[Case], found: Sequence[FindingBrief]) -> tuple[str, ...]:
    return tuple(sorted({*case.stops, *_stops(found), *(stop for other in others for stop in other.stops)}))


def _held(before: Case, after: Case, others: Sequence[Case], moment: Moment) -> Case:
    """A new stop on an undecided case asks for a person and starts the clock; the earliest clock of merged cases stays."""
    running = [case.hold_expires for case in (before, *others) if case.human_required and case.hold_expires]
    if after.status in SETTLED:
        return after
    if running:
        return replace(after, human_required=True, hold_expires=min(running))
    if not after.weighing.stops:
        return after
    return replace(after, human_required=True, hold_expires=moment.now + moment.hold)


def _events(before: Case, after: Case, others: Sequence[Case], fresh: Sequence[str]) -> tuple[Event, ...]:
    gone = sorted(set(before.findings) - set(after.findings))
    added = sorted(set(after.findings) - set(before.findings))
    joined = sorted(set(after.accounts) - set(before.accounts))
    left = sorted(set(before.accounts) - set(after.accounts))
    stops = sorted(set(after.stops) - set(before.stops))
    told = (
        Event("merged", {"cases": [case.case_id for case in others]}) if others else None,
        Event("reopened", {"new_evidence": list(fresh)}) if fresh else None,
        Event("grew", {"accounts": joined}) if joined else None,
        Event("left", {"accounts": left}) if left else None,
        Event("evidence added", {"findings": added, "bits": after.weighing.bits}) if added else None,
        Event("evidence withdrawn", {"findings": gone, "bits": after.weighing.bits}) if gone else None,
        Event("stop", {"findings": stops}) if stops else None,
        Event("no longer supported", after.weighing.as_json()) if before.supported and not after.supported else None,
        Event("supported again", after.weighing.as_json()) if after.supported and not before.supported else None,
    )
    known = tuple(event for event in told if event is not None)
    return known or (Event("weighed again", after.weighing.as_json()),)


def merged(case: Case, survivor: Case, now: datetime) -> Change:
    """A case that goes on within another one."""
    after = replace(
        case,
        status=CaseStatus.MERGED,
        merged_into=survivor.case_id,
        human_required=False,
        hold_expires=None,
        claimed_by=None,
        lease_until=None,
        snoozed_until=None,
        version=case.version + 1,
        changed_at=now,
    )
    return Change(case, after, (Event("merged into", {"case": survivor.case_id}),))


def _best(openings: Sequence[Opening], accounts: Sequence[str], standing: Standing, rule: OpeningRule) -> Weighing:
    """The weightiest opening behind a case; where none is left, its weightiest account."""
    weighings = [opening.weighing for opening in openings]
    weighings = weighings or [weigh(standing.of((account,)), rule) for account in accounts]
    return max(weighings, key=lambda item: (priority(item), item.bits, item.independent))


def _ids(found: Iterable[FindingBrief]) -> tuple[str, ...]:
    return tuple(item.id for item in found)


def _stops(found: Iterable[FindingBrief]) -> tuple[str, ...]:
    return tuple(item.id for item in found if item.strength is Strength.STOP)


def _families(found: Iterable[FindingBrief]) -> tuple[str, ...]:
    return tuple(sorted({item.family for item in found if item.strength is not Strength.CONTEXT}))


def _lead(found: Sequence[FindingBrief], rule: OpeningRule) -> str:
    """The finding that a summary begins with."""
    ordered = sorted(found, key=lambda item: (item.strength.rank, -bits_of(item, rule), item.id))
    return ordered[0].id if ordered else ""
