"""Screens everyone the provider holds: customers, their owners in aggregate, and the wallets that paid."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from vedette import policy, screening
from vedette.accounts import store as held
from vedette.accounts.model import OwnerParty
from vedette.app import store as state
from vedette.app.step import Surroundings
from vedette.base import Finding, Party, Subject, from_micros
from vedette.screening import Index, Level, Match, Owner

CHECKS = (
    "screening/list_match",
    "screening/listed_wallet",
    "screening/ownership",
    "screening/ownership_unknown",
)


@dataclass(slots=True)
class Screened:
    """What screening found. ``waiting`` counts accounts whose only match is a name without a second identifier."""

    findings: list[Finding] = field(default_factory=list)
    checks: tuple[str, ...] = CHECKS
    parties: int = 0
    wallets: int = 0
    waiting: int = 0


def screen_everyone(around: Surroundings) -> Screened:
    """Compare every customer, owner and paying wallet with every list in force."""
    index = screening.open_index(around.store)
    opened = {account: from_micros(micros) for account, micros in state.opened(around.store).items()}
    result = Screened()
    _customers(around, index, opened, result)
    _owners(around, index, opened, result)
    _wallets(around, index, opened, result)
    identified = {f.subject.id for f in result.findings if f.strength.value == "stop"}
    named = {f.subject.id for f in result.findings if f.strength.value in ("strong", "medium")}
    result.waiting = len(named - identified)
    return result


def _customers(around: Surroundings, index: Index, opened: Mapping[str, datetime], result: Screened) -> None:
    ids: list[str] = []
    for number, matches in enumerate(screening.screen(_noted(held.parties(around.store), ids), against=index)):
        account = ids[number]
        subject = Subject("account", account)
        result.findings += screening.findings_of(matches, subject=subject, accounts=(account,), at=opened[account])
    result.parties += len(ids)


def _noted(pairs: Iterable[tuple[str, Party]], ids: list[str]) -> Iterator[Party]:
    for identity, party in pairs:
        ids.append(identity)
        yield party


def _owners(around: Surroundings, index: Index, opened: Mapping[str, datetime], result: Screened) -> None:
    owners = list(held.owner_parties(around.store))
    by_account: dict[str, list[OwnerParty]] = defaultdict(list)
    listed: dict[str, dict[str, Level]] = defaultdict(dict)
    answers = screening.screen((owner.party for owner in owners), against=index)
    for owner, matches in zip(owners, answers, strict=True):
        account = owner.account_id
        by_account[account].append(owner)
        if account not in opened:
            continue
        result.findings += screening.findings_of(
            matches,
            subject=Subject("account", account),
            accounts=(account,),
            at=opened[account],
            who=f"owner {owner.owner_id}",
        )
        level = best_level(matches)
        if level is not None:
            listed[account][owner.owner_id] = level
    result.parties += len(owners)
    for account, levels in listed.items():
        result.findings += ownership(around, account, by_account[account], levels, opened[account])


def best_level(matches: Iterable[Match]) -> Level | None:
    """The strongest level among matches that may mean a listed owner, or None."""
    levels = [match.level for match in matches]
    return next((level for level in (Level.IDENTIFIED, Level.NAME_ONLY) if level in levels), None)


def ownership(
    around: Surroundings, account: str, owners: Iterable[OwnerParty], levels: Mapping[str, Level], at: datetime
) -> list[Finding]:
    """Findings of every ownership rule in force at the provider's home on this day."""
    owned = [
        Owner(
            owner_id=item.owner_id,
            parent_owner_id=item.parent_owner_id,
            share_min=item.share_min,
            share_max=item.share_max,
        )
        for item in owners
    ]
    found: list[Finding] = []
    home = around.home if around.home in policy.HOMES else "un"
    for rule in policy.applying("check:ownership", home, around.clock.now().date()):
        if rule.number is None:
            continue
        holding = screening.aggregate(owned, levels, limit=rule.number)
        found += screening.ownership_findings(
            holding,
            subject=Subject("account", account),
            accounts=(account,),
            limit=rule.number,
            citation=rule.citation,
            at=at,
            rule=rule.id,
        )
    return found


def _wallets(around: Surroundings, index: Index, opened: Mapping[str, datetime], result: Screened) -> None:
    paid = state.wallets(around.store)
    result.wallets = len({wallet for wallet, _, _ in paid})
    hits = dict(screening.wallets(index, (wallet for wallet, _, _ in paid)))
    by_account: dict[str, list[tuple[str, tuple[Match, ...]]]] = defaultdict(list)
    first: dict[str, datetime] = {}
    for wallet, account, micros in paid:
        if wallet in hits:
            by_account[account].append((wallet, hits[wallet]))
            moment = from_micros(micros)
            first[account] = min(first.get(account, moment), moment)
    for account, found in by_account.items():
        subject = Subject("account", account)
        result.findings += screening.wallet_findings(found, subject=subject, accounts=(account,), at=first[account])
