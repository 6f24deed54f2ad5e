"""The sign-up desk of a workspace: the DPRK check and screening as checks, against the lists and policies in force."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, partial
from typing import ClassVar

from vedette import __version__, policy, screening, watchlists
from vedette.accounts import parties, presence
from vedette.accounts.model import OwnerParty
from vedette.app.checks import CheckResult, Customer
from vedette.app.models import model_versions
from vedette.app.screened import best_level
from vedette.app.set_aside import Known, SetAside
from vedette.app.verify import Desk
from vedette.base import Clock, Finding, Json, Party, Subject
from vedette.cases.read import timers
from vedette.events.references.lookup import Lookup
from vedette.events.store import lists as references
from vedette.screening import Index, Level, Match, Owner
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
            payer_countries=_texts(customer.fields.get("payer_country")),
            classify=self._classify,
            at=moment,
        )
        return CheckResult(tuple(found), versions={"references": self.references.version})

    def _classify(self, ip: str) -> str | None:
        """As the daily run asks: by the references in force on the desk's day."""
        status: str | None = self.references.find([ip]).dprk[0]
        return status


def _texts(value: object) -> tuple[str, ...]:
    """A text, or the texts of a list."""
    return tuple(item for item in (value if isinstance(value, list) else [value]) if isinstance(item, str))


@dataclass(frozen=True, slots=True)
class _Asked:
    """A customer as screening wants it."""

    customer: Customer
    party: Party
    owners: tuple[OwnerParty, ...]

    def named(self) -> Iterator[Party]:
        """Everybody of this customer who has a name, in the order in which answers are taken."""
        yield self.party
        yield from (owner.party for owner in self.owners if owner.party.names)


def _asked(customer: Customer) -> _Asked:
    owners = enumerate(customer.owners, start=1)
    return _Asked(
        customer,
        parties.party_of(customer.query_id, customer.fields),
        tuple(parties.owner_of(customer.query_id, {"owner_id": f"{n}", **fields}) for n, fields in owners),
    )


@dataclass(frozen=True, slots=True)
class ScreeningCheck:
    """The customer and its declared owners against every list in force, and the ownership rules at home."""

    index: Index | None
    ownership: tuple[policy.Rule, ...]
    aside: SetAside
    name: ClassVar[str] = "screening"

    def look(self, customer: Customer, moment: datetime) -> CheckResult:
        """Screen the customer and each owner."""
        return self.look_all([customer], moment)[0]

    def look_all(self, customers: Sequence[Customer], moment: datetime) -> list[CheckResult]:
        """Screen many customers and their owners in one go, which costs a fraction of one after another."""
        if self.index is None:
            missing = CheckResult(missing="no sanctions list is loaded; run `vedette lists load`")
            return [missing] * len(customers)
        asked = [_asked(customer) for customer in customers]
        named = (party for one in asked if one.party.names for party in one.named())
        answers = screening.screen(named, against=self.index)
        known = cache(partial(self.aside.at, moment))
        return [self._result(one, answers, known, moment) for one in asked]

    def _result(self, one: _Asked, answers: Iterator[tuple[Match, ...]], known: Known, moment: datetime) -> CheckResult:
        """Takes this customer's answers, and no more, from the common stream."""
        assert self.index is not None  # nobody screens without lists
        if not one.party.names:
            return CheckResult(missing="the customer has no name to screen")
        subject = Subject("account", one.customer.query_id)
        found, _ = self.aside.findings(known, subject, one.party, next(answers), "", moment)
        levels: dict[str, Level] = {}
        for owner in one.owners:
            matches = next(answers) if owner.party.names else ()
            who = f"owner {owner.owner_id}"
            more, standing = self.aside.findings(known, subject, owner.party, matches, who, moment)
            found += more
            level = best_level(standing)
            if level is not None:
                levels[owner.owner_id] = level
        found += self._ownership(one.owners, levels, subject, moment)
        found += self._wallet(one.customer, subject, moment)
        return CheckResult(tuple(found), versions={item.list_id: item.version for item in self.index.editions})

    def _ownership(
        self, held: Sequence[OwnerParty], levels: dict[str, Level], subject: Subject, moment: datetime
    ) -> list[Finding]:
        owners = [
            Owner(owner_id=o.owner_id, parent_owner_id=o.parent_owner_id, share_min=o.share_min, share_max=o.share_max)
            for o in held
        ]
        found: list[Finding] = []
        for rule in self.ownership if levels else ():
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """Everything that a day's answers rest on: lists, references and policies. None of them changes within a desk."""

    home: str
    index: Index | None
    references: Lookup
    rules: tuple[policy.Rule, ...]
    hold_hours: int


def desk(store: Store, home: str, clock: Clock) -> Desk:
    """The desk with everything loaded: opening it costs once, deciding a customer costs milliseconds.

    It stands for the day and the lists of its opening; a door that answers all day keeps a ``live.LiveDesk``.
    """
    home = home if home in policy.HOMES else "un"
    basis = Basis(
        home=home,
        index=screening.open_index(store) if watchlists.current(store) else None,
        references=references.lookup(store, clock),
        rules=policy.in_force(home, clock.now().date()),
        hold_hours=timers().hold_hours,
    )
    texts: dict[str, Json] = {rule.id: store.archive.put(rule.text.encode()) for rule in basis.rules}
    return desk_of(basis, clock, policies=texts, aside=SetAside(store))


def desk_of(basis: Basis, clock: Clock, *, policies: Mapping[str, Json], aside: SetAside) -> Desk:
    """A desk that decides on exactly this basis. ``policies`` are the hashes of the rules' texts in the archive.

    ``aside`` knows the matches that people have set aside, as of the moment of each decision.
    """
    ownership = tuple(rule for rule in basis.rules if "check:ownership" in rule.applies_to)
    editions = () if basis.index is None else basis.index.editions
    models = model_versions()
    manifest: dict[str, Json] = {
        "home": basis.home,
        "hold_hours": basis.hold_hours,
        "lists": {item.list_id: [item.version, item.entries_hash] for item in editions},
        "references": basis.references.version,
        "references_day": basis.references.day,
        "policies": dict(policies),
        "models": dict(models),
        "program": __version__,
    }
    return Desk(
        checks=(PresenceCheck(basis.references), ScreeningCheck(basis.index, ownership, aside)),
        policy_versions={rule.id: rule.version for rule in basis.rules},
        hold=timedelta(hours=basis.hold_hours),
        clock=clock,
        model_versions=models,
        manifest=manifest,
    )
