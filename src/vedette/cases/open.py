"""The rule that turns standing findings into cases: a stop opens at once, anything else needs corroboration.

Weighing. Every check counts once, at its strongest: its measured bits, or the default of its strength. Checks are added
within a source (a family, or families that rest on the same observations) and cut at the source's cap; sources are added.
A case opens when a stop stands, or when enough sources weigh anything and their sum reaches the threshold. Context never counts.

Grouping. Findings about something shared (a device, a card, a wallet) join the accounts they name, strongest first, as long
as the group stays within its bound. A group counts only checks that a fair share of its accounts bears. Where the group does
not qualify, those of its accounts that qualify alone make one case; the others are neighbours, not members.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from vedette.base import Strength
from vedette.cases.model import OpeningRule, SourceWeight, Weighing
from vedette.findings import FindingBrief


@dataclass(frozen=True, slots=True)
class Opening:
    """Accounts that belong into one case, and the weighing that says so."""

    accounts: tuple[str, ...]
    weighing: Weighing


class Standing:
    """Standing findings, found by the accounts they name."""

    def __init__(self, findings: Iterable[FindingBrief], rule: OpeningRule) -> None:
        self._by_account: dict[str, list[FindingBrief]] = {}
        self.hubs: list[FindingBrief] = []
        for finding in findings:
            for account in finding.accounts:
                self._by_account.setdefault(account, []).append(finding)
            if joins(finding, rule):
                self.hubs.append(finding)

    def accounts(self) -> Iterable[str]:
        """Every account that a standing finding names."""
        return self._by_account.keys()

    def of(self, accounts: Collection[str]) -> list[FindingBrief]:
        """The findings that name any of these accounts, each once, by id."""
        found = {item.id: item for account in accounts for item in self._by_account.get(account, ())}
        return [found[identity] for identity in sorted(found)]


def joins(finding: FindingBrief, rule: OpeningRule) -> bool:
    """Whether a finding is about something that several accounts share, and strong enough to join them."""
    return finding.subject_kind != "account" and len(finding.accounts) > 1 and finding.strength in rule.joins


def bits_of(finding: FindingBrief, rule: OpeningRule) -> float:
    """The finding's measured bits, or its strength's default; never negative, so that more evidence never weighs less."""
    if finding.strength is Strength.CONTEXT:
        return 0.0
    return max(0.0, rule.bits[finding.strength] if finding.bits is None else finding.bits)


def weigh(findings: Iterable[FindingBrief], rule: OpeningRule) -> Weighing:
    """What these findings weigh together under the rule. The order of the findings does not matter."""
    strongest: dict[tuple[str, str], float] = {}
    stops = []
    caps: dict[str, float] = {}
    for finding in findings:
        if finding.strength is Strength.CONTEXT:
            continue
        source = rule.source(finding.family)
        caps[source.name] = source.cap
        key = (source.name, finding.check)
        strongest[key] = max(strongest.get(key, 0.0), bits_of(finding, rule))
        if finding.strength is Strength.STOP:
            stops.append(finding.id)
    sources = tuple(_source_weight(name, caps[name], strongest) for name in sorted(caps))
    return Weighing(sources, tuple(sorted(stops)), rule.threshold, rule.needed)


def _source_weight(name: str, cap: float, strongest: Mapping[tuple[str, str], float]) -> SourceWeight:
    checks = sorted(check for source, check in strongest if source == name)
    found = round(sum(strongest[(name, check)] for check in checks), 6)
    return SourceWeight(name, found, min(cap, found), tuple(checks))


def priority(weighing: Weighing, *, escalated: bool = False) -> int:
    """0..100 for the order of work, growing with bits and with independent sources.

    A stop ranks from 80 to 99, everything else from 0 to 79, an escalated hold 100. Within its span a case gains half of
    what remains for every 16 points, a point being one bit, and 4 points every source beyond the first.
    """
    if escalated:
        return 100
    points = weighing.bits + 4 * max(0, weighing.independent - 1)
    gained = 1 - 2 ** (-points / 16)
    return 80 + int(19 * gained) if weighing.stops else int(79 * gained)


def groups(standing: Standing, rule: OpeningRule) -> list[tuple[str, ...]]:
    """Accounts joined by what they share, strongest findings first, each group within its bound; sorted, no group of one.

    A finding whose join would overfill a group joins nobody. Stops have a larger bound of their own.
    """
    parts = _Parts()
    for hub in sorted(standing.hubs, key=lambda item: (item.strength.rank, len(item.accounts), item.id)):
        bound = rule.most_accounts_stop if hub.strength is Strength.STOP else rule.most_accounts
        if parts.size_of_union(hub.accounts) <= bound:
            parts.join(hub.accounts)
    return parts.all()


def reach(accounts: Collection[str], standing: Standing) -> set[str]:
    """These accounts and all that sharing could join to them, bounds apart: nothing outside can change their cases."""
    parts = _Parts()
    for hub in standing.hubs:
        parts.join(hub.accounts)
    wanted = set(accounts)
    for group in parts.all():
        if not wanted.isdisjoint(group):
            wanted.update(group)
    return wanted


def openings(standing: Standing, rule: OpeningRule, within: Collection[str] | None = None) -> list[Opening]:
    """Every set of accounts that qualifies as a case, disjoint, by smallest account; ``within`` limits the accounts asked."""
    wanted = set(standing.accounts()) if within is None else set(within)
    found = []
    for group in groups(standing, rule):
        if not wanted.isdisjoint(group):
            wanted.difference_update(group)
            found.extend(_of_group(group, standing, rule))
    for account in wanted:
        weighing = weigh(standing.of((account,)), rule)
        if weighing.qualifies:
            found.append(Opening((account,), weighing))
    return sorted(found, key=lambda item: item.accounts)


def by_actor(found: Sequence[Opening], actors: Mapping[str, str], held: Collection[str] = ()) -> list[Opening]:
    """Openings of one actor put together, so that one hand makes one case; ``held`` are accounts of undecided cases.

    Accounts of the actor that neither qualify nor stand in a case are not drawn in: a link alone accuses nobody.
    """
    parts = _Parts()
    mates: dict[str, set[str]] = {}
    for account, actor in actors.items():
        mates.setdefault(actor, set()).add(account)
    fit = {*held, *(account for opening in found for account in opening.accounts)}
    for opening in found:
        drawn = {mate for account in opening.accounts if account in actors for mate in mates[actors[account]]}
        parts.join({*opening.accounts, *(drawn & fit)})
    whole = {account: group for group in parts.all() for account in group}
    together: dict[tuple[str, ...], list[Opening]] = {}
    for opening in found:
        together.setdefault(whole.get(opening.accounts[0], opening.accounts), []).append(opening)
    return sorted(
        (Opening(group, max((item.weighing for item in items), key=priority)) for group, items in together.items()),
        key=lambda item: item.accounts,
    )


def _of_group(group: tuple[str, ...], standing: Standing, rule: OpeningRule) -> list[Opening]:
    together = weigh(_borne(group, standing.of(group), rule), rule)
    if together.qualifies:
        return [Opening(group, together)]
    alone = {account: weigh(standing.of((account,)), rule) for account in group}
    members = tuple(account for account in group if alone[account].qualifies)
    if not members:
        return []
    return [Opening(members, max((alone[account] for account in members), key=priority))]


def _borne(group: Sequence[str], findings: Sequence[FindingBrief], rule: OpeningRule) -> list[FindingBrief]:
    """The findings whose check enough of the group's accounts bear."""
    enough = max(2, ceil(rule.share * len(group)))
    members = set(group)
    bearers: dict[str, set[str]] = {}
    for finding in findings:
        bearers.setdefault(finding.check, set()).update(members.intersection(finding.accounts))
    return [finding for finding in findings if len(bearers[finding.check]) >= enough]


class _Parts:
    """Disjoint sets of accounts."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}
        self._size: dict[str, int] = {}

    def _root(self, account: str) -> str:
        self._parent.setdefault(account, account)
        self._size.setdefault(account, 1)
        while self._parent[account] != account:
            self._parent[account] = self._parent[self._parent[account]]
            account = self._parent[account]
        return account

    def size_of_union(self, accounts: Iterable[str]) -> int:
        """How many accounts a join of these would hold."""
        return sum(self._size[root] for root in {self._root(account) for account in accounts})

    def join(self, accounts: Iterable[str]) -> None:
        """Put the sets of these accounts together."""
        first, *rest = {self._root(account) for account in accounts}
        for root in rest:
            self._parent[root] = first
            self._size[first] += self._size[root]

    def all(self) -> list[tuple[str, ...]]:
        """Every set of two or more, sorted."""
        members: dict[str, list[str]] = {}
        for account in self._parent:
            members.setdefault(self._root(account), []).append(account)
        return sorted(tuple(sorted(group)) for group in members.values() if len(group) > 1)
