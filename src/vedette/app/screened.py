"""Screens accounts as the provider holds them: customers, their owners in aggregate, and the wallets that paid."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import islice

from vedette import policy, screening
from vedette.accounts.model import OwnerParty
from vedette.app.population import Held, Unit
from vedette.app.step import Surroundings
from vedette.base import Finding, Party, Subject
from vedette.policy import Rule
from vedette.screening import Index, Level, Match, Owner
from vedette.screening.question import Question, question
from vedette.screening.standing import State, outcome_of
from vedette.screening.suppression import CHECK as SUPPRESSED
from vedette.screening.suppression import Suppression, facts_of, sift, suppressed_findings
from vedette.store import Store

CHECKS = (
    "screening/list_match",
    "screening/listed_wallet",
    "screening/ownership",
    "screening/ownership_unknown",
    SUPPRESSED,
)
#: (check, account, window of the finding) -> (list version cited, hash of the entry) of what stands already.
Cited = Mapping[tuple[str, str, str], tuple[str, str]]
_CHUNK = 256


@dataclass(slots=True)
class Screened:
    """What screening found: findings, the outcome of each account, and under what its parties were looked up."""

    findings: list[Finding] = field(default_factory=list)
    outcomes: dict[str, State] = field(default_factory=dict)
    keys: dict[str, tuple[Question, ...]] = field(default_factory=dict)
    parties: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Screener:
    """Everything that screening an account needs. ``cited`` keeps a finding on the list version that it first cited."""

    store: Store
    index: Index
    rules: tuple[Rule, ...]
    suppressions: Mapping[str, tuple[Suppression, ...]]
    cited: Cited
    day: date

    def screen(self, units: Iterable[Unit], population: Mapping[str, Held]) -> Screened:
        """Screen accounts against every list in force, in whole."""
        result = Screened()
        waiting = iter(units)
        while chunk := list(islice(waiting, _CHUNK)):
            answers = screening.screen(_parties(chunk), against=self.index)
            for unit in chunk:
                about = population[unit.account_id]
                own, owned = next(answers), [next(answers) for _ in unit.owners]
                found = self._account(unit, own, owned, about)
                found += self._wallets(unit.account_id, about)
                result.findings += found
                screenable = bool(unit.party.names or unit.party.identifiers)
                result.outcomes[unit.account_id] = outcome_of(found, screenable=screenable)
                result.keys[unit.account_id] = tuple(map(question, _parties([unit])))
                result.parties += 1 + len(unit.owners)
        return result

    def _account(
        self, unit: Unit, own: tuple[Match, ...], owned: list[tuple[Match, ...]], about: Held
    ) -> list[Finding]:
        found, _ = self._party(unit.account_id, unit.party, own, "", about.opened)
        levels: dict[str, Level] = {}
        for owner, matches in zip(unit.owners, owned, strict=True):
            more, standing = self._party(unit.account_id, owner.party, matches, f"owner {owner.owner_id}", about.opened)
            found += more
            level = best_level(standing)
            if level is not None:
                levels[owner.owner_id] = level
        return found + (ownership(self.rules, unit.account_id, unit.owners, levels, about.opened) if levels else [])

    def _party(
        self, account: str, party: Party, matches: tuple[Match, ...], who: str, at: datetime
    ) -> tuple[list[Finding], tuple[Match, ...]]:
        """The findings about one party, and the matches that were not set aside."""
        if not matches:
            return [], ()
        subject, ids = Subject("account", account), (account,)
        known = self.suppressions.get(account, ())
        told = self.store.vault.token("screened party", facts_of(party)) if known else ""
        sifted = sift(
            (self._citing(CHECKS[0], account, m, who) for m in matches), known, party_print=told, who=who, day=self.day
        )
        found = screening.findings_of(sifted.standing, subject=subject, accounts=ids, at=at, who=who)
        aside = suppressed_findings(sifted.aside, subject=subject, accounts=ids, at=at)
        return [*found, *aside], sifted.standing

    def _citing(self, check: str, account: str, match: Match, who: str = "") -> Match:
        """The match under the list version that its finding cites already, where the entry is still the same."""
        window = "/".join(filter(None, (match.list, match.entity_id, who)))
        version, entry_hash = self.cited.get((check, account, window), ("", ""))
        return replace(match, list_version=version) if version and entry_hash == match.entry_hash else match

    def _wallets(self, account: str, about: Held) -> tuple[Finding, ...]:
        hits = screening.wallets(self.index, (wallet for wallet, _ in about.wallets))
        if not hits:
            return ()
        held = dict(about.wallets)
        first = min(held[wallet] for wallet, _ in hits)
        cited = tuple((wallet, tuple(self._citing(CHECKS[1], account, m) for m in matches)) for wallet, matches in hits)
        return screening.wallet_findings(cited, subject=Subject("account", account), accounts=(account,), at=first)


def _parties(units: Iterable[Unit]) -> Iterator[Party]:
    for unit in units:
        yield unit.party
        yield from (owner.party for owner in unit.owners)


def best_level(matches: Iterable[Match]) -> Level | None:
    """The strongest level among matches that may mean a listed owner, or None."""
    levels = [match.level for match in matches]
    return next((level for level in (Level.IDENTIFIED, Level.NAME_ONLY) if level in levels), None)


def ownership_rules(around: Surroundings) -> tuple[Rule, ...]:
    """The ownership rules in force at the provider's home on this day."""
    home = around.home if around.home in policy.HOMES else "un"
    return tuple(policy.applying("check:ownership", home, around.clock.now().date()))


def ownership(
    rules: Iterable[Rule], account: str, owners: Iterable[OwnerParty], levels: Mapping[str, Level], at: datetime
) -> list[Finding]:
    """Findings of every ownership rule."""
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
    for rule in rules:
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
