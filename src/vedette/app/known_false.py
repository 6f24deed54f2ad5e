"""Sets a match aside as a known false positive, and takes that back: each an audited act of a named person."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from vedette import screening, watchlists
from vedette.accounts import store as held
from vedette.accounts.parties import party_of
from vedette.audit import writing
from vedette.base import Clock, Party, Principal, iso, stable_id
from vedette.screening import Match
from vedette.screening import store as kept
from vedette.screening.suppression import BY_ONE_PERSON, LONGEST_DAYS, Suppression, SuppressionError, facts_of
from vedette.store import Store

_LONGEST_REASON = 1000
_MANY = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Which match to set aside, why, and until when. ``owner_id`` is empty for the customer itself."""

    account_id: str
    list_id: str
    entity_id: str
    reason: str
    expires: date
    owner_id: str = ""

    @property
    def who(self) -> str:
        """The party's name within the account, as findings have it."""
        return f"owner {self.owner_id}" if self.owner_id else ""


def suppress(store: Store, principal: Principal, wish: Wish, *, clock: Clock) -> Suppression:
    """Set one match aside. It stays away from the next screening on, while both sides are unchanged, until it expires.

    Raises SuppressionError where there is no such match, where one person may not set it aside, or without reason and term.
    """
    today = clock.now().date()
    _check(wish, today)
    party = _party(store, wish)
    match = _match(store, party, wish)
    if match.level not in BY_ONE_PERSON:
        raise SuppressionError(
            f"is {match.level.value}: one person cannot set it aside",
            remedy="Decide its case (`vedette cases decide`): a second person has to agree there",
        )
    moment = iso(clock.now())
    made = Suppression(
        id=stable_id("sup", wish.account_id, wish.who, wish.list_id, wish.entity_id, moment),
        account_id=wish.account_id,
        who=wish.who,
        list_id=wish.list_id,
        entity_id=wish.entity_id,
        party_print=party_print(store, party),
        entry_hash=match.entry_hash,
        reason=wish.reason.strip(),
        owner=str(principal),
        made_at=moment,
        expires=wish.expires,
    )
    with writing(store, principal, "screening.suppress", clock=clock) as act:
        kept.keep(act, made)
    return made


def unsuppress(store: Store, principal: Principal, identity: str, *, clock: Clock) -> Suppression:
    """End a suppression, by its id; the match returns with the next screening."""
    found = next((one for one in kept.suppressions(store) if one.id == identity), None)
    if found is None:
        raise SuppressionError(f"no suppression {identity!r}", remedy="See `vedette screening suppressions`")
    if found.ended_at:
        raise SuppressionError(f"{identity} has already ended", remedy="See `vedette screening suppressions --all`")
    ended = replace(found, ended_at=iso(clock.now()), ended_by=str(principal))
    with writing(store, principal, "screening.unsuppress", clock=clock) as act:
        kept.keep(act, ended)
    return ended


def party_print(store: Store, party: Party) -> str:
    """The keyed print of a party's compared facts, as suppressions hold it."""
    return store.vault.token("screened party", facts_of(party))


def _check(wish: Wish, today: date) -> None:
    if not wish.reason.strip() or len(wish.reason) > _LONGEST_REASON:
        raise SuppressionError(
            f"needs a reason of at most {_LONGEST_REASON} characters", remedy="Say with --reason how you know"
        )
    last = today + timedelta(days=LONGEST_DAYS)
    if not today < wish.expires <= last:
        raise SuppressionError(
            "needs an end after today and within a year", remedy=f"Give --expires a day up to {last.isoformat()}"
        )


def _party(store: Store, wish: Wish) -> Party:
    fields = held.reveal(store, wish.account_id)
    if fields is None:
        raise SuppressionError(f"no account {wish.account_id!r} is held", remedy="Ingest it first, or check the id")
    if not wish.owner_id:
        return party_of(wish.account_id, fields)
    owner = next((one for one in held.owners_of(store, wish.account_id) if one.owner_id == wish.owner_id), None)
    if owner is None:
        raise SuppressionError(f"account {wish.account_id!r} has no owner {wish.owner_id!r}", remedy="Check the id")
    return owner.party


def _match(store: Store, party: Party, wish: Wish) -> Match:
    versions = [version for version in watchlists.current(store) if version.list_id == wish.list_id]
    if not versions:
        raise SuppressionError(f"no list {wish.list_id!r} is in force", remedy="See `vedette lists status`")
    found = screening.score(party, against=screening.open_index(store, versions), limit=_MANY)
    match = next((one for one in found if one.entity_id == wish.entity_id), None)
    if match is None:
        raise SuppressionError(
            f"no match with {wish.list_id}#{wish.entity_id} stands for this party",
            remedy="See `vedette findings --account ACCOUNT` for the matches that do",
        )
    return match
