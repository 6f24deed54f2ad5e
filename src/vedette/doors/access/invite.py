"""Invitations: a link, good once and for a day, with which a person chooses a password and ties an authenticator."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from vedette.audit import Act, writing
from vedette.base import Clock, Principal, iso, parse_time
from vedette.doors.access.sessions import end_all
from vedette.doors.access.signing import authenticator
from vedette.doors.people import (
    Invitation,
    Person,
    PersonRefused,
    PersonState,
    Purpose,
    Role,
    codes,
    passwords,
    read_name,
    role_table,
)
from vedette.doors.store.people import (
    KeptInvitation,
    KeptPerson,
    anybody,
    drop_invitations,
    find_invitation,
    find_person,
    keep_invitation,
    keep_person,
)
from vedette.store import Store

LASTS = timedelta(hours=24)
#: The first person must be able to do the whole job alone, but for what needs a second person.
FIRST_ROLES = (Role.ADMIN, Role.ANALYST, Role.APPROVER, Role.RULE_AUTHOR)
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_UNKNOWN = "This link is used up, too old, or was never good"
_ASK = "Ask an administrator for a new one: vedette people reset NAME"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What an invitation offers: for whom, and the secret for an authenticator."""

    invitation: Invitation
    secret: str

    @property
    def address(self) -> str:
        """What an authenticator imports."""
        return codes.address(self.invitation.name or "first administrator", self.secret)


def first_invitation(store: Store, principal: Principal, *, clock: Clock) -> str | None:
    """The token that makes the first administrator, in place of an earlier one; None where anybody exists."""
    if anybody(store):
        return None
    with writing(store, principal, "doors.first_invitation", clock=clock) as act:
        return _offered(act, store, "", Purpose.FIRST, clock)


def invite(store: Store, principal: Principal, name: str, roles: tuple[Role, ...], *, clock: Clock) -> str:
    """Invite a new person. Returns the token of their link. Raises PersonRefused for a name that is taken."""
    wanted = read_name(name)
    role_table().check(roles)
    with writing(store, principal, "doors.person_invite", clock=clock) as act:
        if find_person(act.connection, wanted) is not None:
            raise PersonRefused("there is somebody of this name", remedy="`vedette people list` names everybody")
        person = Person(
            name=wanted,
            roles=roles,
            state=PersonState.INVITED,
            created_at=act.moment,
            created_by=str(principal),
        )
        act.fact("roles", [role.value for role in roles])
        keep_person(act, KeptPerson(person=person))
        return _offered(act, store, wanted, Purpose.JOIN, clock)


def reset(store: Store, principal: Principal, name: str, *, clock: Clock) -> str:
    """Take away a person's password and authenticator, end their sessions, and return the token of a fresh link."""
    wanted = read_name(name)
    with writing(store, principal, "doors.person_reset", clock=clock) as act:
        kept = find_person(act.connection, wanted)
        if kept is None or kept.person.state is PersonState.DISABLED:
            raise PersonRefused("there is nobody of this name who may come in", remedy="See `vedette people list`")
        person = replace(kept.person, state=PersonState.INVITED, second_factor=False)
        keep_person(act, KeptPerson(person=person, code_step=kept.code_step))
        act.fact("sessions_ended", end_all(act, wanted))
        return _offered(act, store, wanted, Purpose.RESET, clock)


def look_at(store: Store, token: str, *, clock: Clock) -> Offer:
    """What an invitation offers. Raises PersonRefused for one that is not good any longer."""
    with store.database.reading() as connection:
        kept = find_invitation(connection, _hash(token))
    good = _good(kept, clock.now())
    return Offer(invitation=good.invitation, secret=authenticator(store, good.invitation.name, good.code_secret))


def accept(store: Store, token: str, name: str, password: str, code: str, *, needs_code: bool, clock: Clock) -> Person:
    """Use an invitation up: keep the password and, where a code is given or needed, the authenticator.

    ``name`` counts for the first administrator only. Raises PersonRefused, after which the invitation is still good.
    """
    offer = look_at(store, token, clock=clock)
    wanted = offer.invitation.name or read_name(name)
    passwords.check_password(password, wanted)
    step = _tied(offer, code, needs_code, clock)
    hashed = passwords.hashed(password)
    principal = Person(name=wanted, roles=FIRST_ROLES, state=PersonState.ACTIVE, created_at="", created_by="").principal
    with writing(store, principal, "doors.person_enter", clock=clock) as act:
        _good(find_invitation(act.connection, _hash(token)), clock.now())
        kept = find_person(act.connection, wanted)
        person = _entering(act, kept, offer.invitation, wanted)
        sealed = None if step is None else store.vault.seal(f"person:{wanted}", {"secret": offer.secret})
        person = replace(person, second_factor=sealed is not None)
        last = max(step or 0, kept.code_step if kept is not None else 0)
        keep_person(act, KeptPerson(person=person, password_hash=hashed, code_secret=sealed, code_step=last))
        drop_invitations(act, [_hash(token)])
        act.fact("purpose", offer.invitation.purpose.value)
        act.fact("second_factor", sealed is not None)
    return person


def _tied(offer: Offer, code: str, needs_code: bool, clock: Clock) -> int | None:
    if not code.strip() and not needs_code:
        return None
    step = codes.accepted(offer.secret, code, clock.now(), 0)
    if step is None:
        raise PersonRefused("the code is wrong", remedy="Enter the six digits that your authenticator shows now")
    return step


def _entering(act: Act, kept: KeptPerson | None, invitation: Invitation, name: str) -> Person:
    if invitation.purpose is Purpose.FIRST:
        if kept is not None:
            raise PersonRefused("there is somebody of this name", remedy="Choose another name")
        return Person(
            name=name,
            roles=FIRST_ROLES,
            state=PersonState.ACTIVE,
            created_at=act.moment,
            created_by="first invitation",
        )
    if kept is None or kept.person.state is not PersonState.INVITED:
        raise PersonRefused(_UNKNOWN, remedy=_ASK)
    return replace(kept.person, state=PersonState.ACTIVE)


def _offered(act: Act, store: Store, name: str, purpose: Purpose, clock: Clock) -> str:
    token = secrets.token_urlsafe(32)
    invitation = Invitation(name=name, purpose=purpose, expires_at=iso(clock.now() + LASTS))
    sealed = store.vault.seal(f"person:{name}", {"secret": codes.new_secret()})
    kept = KeptInvitation(
        invitation=invitation, token_hash=_hash(token), code_secret=sealed, created_by=str(act.principal)
    )
    keep_invitation(act, kept)
    return token


def _good(kept: KeptInvitation | None, now: datetime) -> KeptInvitation:
    if kept is None or now >= parse_time(kept.invitation.expires_at):
        raise PersonRefused(_UNKNOWN, remedy=_ASK)
    return kept


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode() if _TOKEN.fullmatch(token) else b"").hexdigest()
