"""The sign-up desk of a workspace: the DPRK check and screening as checks, against the lists and policies in force."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from vedette import policy, screening, watchlists
from vedette.accounts import parties, presence
from vedette.accounts.model import OwnerParty
from vedette.app.checks import Check, CheckResult, Customer
from vedette.app.screened import best_level
from vedette.app.verify import Desk
from vedette.base import Clock, Finding, Subject
from vedette.cases.read import timers
from vedette.events.references.lookup import Lookup
from vedette.events.store import lists as references
from vedette.screening import Index, Level, Owner
from vedette.store import Store


@dataclass(frozen=True, slots=True)
class PresenceCheck:
    """Any sign, among the facts handed in, that the customer is in or of the DPRK."""

    references: Lookup
    name: ClassVar[str] = "presence"

    def look(self, customer: Customer, moment: datetime) -> CheckResult:
        """Check every datum."""
        found = presence.check_fields(
            customer.query_id,
            customer.fields,
            owners=customer.owners,
            classify=lambda ip: references.dprk_status(ip, lookup=self.references),
            at=moment,
        )
        return CheckResult(tuple(found), versions={"references": self.references.version})


@dataclass(frozen=True, slots=True)
class ScreeningCheck:
    """The customer and its declared owners against every list in force, and the ownership rules at home."""

    index: Index | None
    home: str
    name: ClassVar[str] = "screening"

    def look(self, customer: Customer, moment: datetime) -> CheckResult:
        """Screen the customer and each owner."""
        if self.index is None:
            return CheckResult(missing="no sanctions list is loaded; run `vedette lists load`")
        party = parties.party_of(customer.query_id, customer.fields)
        if not party.names:
            return CheckResult(missing="the customer has no name to screen")
        subject, ids = Subject("account", customer.query_id), (customer.query_id,)
        matches = screening.score(party, against=self.index)
        found = list(screening.findings_of(matches, subject=subject, accounts=ids, at=moment))
        found += self._owners(customer, subject, moment)
        found += self._wallet(customer, subject, moment)
        versions = {edition.list_id: edition.version for edition in self.index.editions}
        return CheckResult(tuple(found), versions=versions)

    def _owners(self, customer: Customer, subject: Subject, moment: datetime) -> list[Finding]:
        if self.index is None or not customer.owners:
            return []
        found: list[Finding] = []
        levels: dict[str, Level] = {}
        held = []
        for number, fields in enumerate(customer.owners, start=1):
            owner = parties.owner_of(customer.query_id, {"owner_id": f"{number}", **fields})
            matches = screening.score(owner.party, against=self.index) if owner.party.names else ()
            who = f"owner {owner.owner_id}"
            found += screening.findings_of(matches, subject=subject, accounts=(subject.id,), at=moment, who=who)
            level = best_level(matches)
            if level is not None:
                levels[owner.owner_id] = level
            held.append(owner)
        return found + self._ownership(held, levels, subject, moment)

    def _ownership(
        self, held: Sequence[OwnerParty], levels: dict[str, Level], subject: Subject, moment: datetime
    ) -> list[Finding]:
        owners = [
            Owner(owner_id=o.owner_id, parent_owner_id=o.parent_owner_id, share_min=o.share_min, share_max=o.share_max)
            for o in held
        ]
        found: list[Finding] = []
        for rule in policy.applying("check:ownership", self.home, moment.date()) if levels else ():
            if rule.number is not None:
                found += screening.ownership_findings(
                    screening.aggregate(owners, levels, limit=rule.number),
                    subject=subject,
                    accounts=(subject.id,),
                    limit=rule.number,
                    citation=rule.citation,
                    at=moment,
                    rule=rule.id,
                )
        return found

    def _wallet(self, customer: Customer, subject: Subject, moment: datetime) -> tuple[Finding, ...]:
        wallet = customer.fields.get("wallet")
        if self.index is None or not isinstance(wallet, str):
            return ()
        hits = screening.wallets(self.index, (wallet,))
        return screening.wallet_findings(hits, subject=subject, accounts=(subject.id,), at=moment)


def desk(store: Store, home: str, clock: Clock) -> Desk:
    """The desk with everything loaded: opening it costs once, deciding a customer costs milliseconds."""
    home = home if home in policy.HOMES else "un"
    index = screening.open_index(store) if watchlists.current(store) else None
    checks: tuple[Check, ...] = (
        PresenceCheck(references.lookup(store, clock)),
        ScreeningCheck(index, home),
    )
    return Desk(
        checks=checks,
        policy_versions=policy.versions(home, clock.now().date()),
        hold=timedelta(hours=timers().hold_hours),
        clock=clock,
    )
