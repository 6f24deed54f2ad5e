"""What people do with their own account: another password, and an end to their other sessions."""

from __future__ import annotations

from dataclasses import replace

from vedette.audit import Act, writing
from vedette.base import Clock
from vedette.doors.access.sessions import Session
from vedette.doors.access.signing import SignedIn, sign_in
from vedette.doors.people import PersonRefused, passwords
from vedette.doors.store.people import find_person, keep_person
from vedette.doors.store.sessions import KeptSession, drop_sessions, sessions_of
from vedette.store import Store


def own_sessions(store: Store, session: Session) -> list[KeptSession]:
    """Every session of the person, this one among them, oldest first."""
    with store.database.reading() as connection:
        return sessions_of(connection, session.person.name)


def end_others(store: Store, session: Session, *, clock: Clock) -> int:
    """End every other session of the person. Returns how many there were."""
    with writing(store, session.person.principal, "doors.sessions_ended", clock=clock) as act:
        return _end_others(act, session)


def change_password(store: Store, session: Session, current: str, code: str, new: str, *, clock: Clock) -> SignedIn:
    """Another password, for whoever proves the current one and the code again; every session ends but a fresh one.

    Raises SignInRefused, counted as a failed sign-in, and PersonRefused for a new password that is not allowed.
    """
    passwords.check_password(new, session.person.name)
    proven = sign_in(store, session.person.name, current, code, kind=session.kept.kind, clock=clock)
    hashed = passwords.hashed(new)
    with writing(store, session.person.principal, "doors.password_changed", clock=clock) as act:
        kept = find_person(act.connection, session.person.name)
        if kept is None or kept.password_hash is None:
            raise PersonRefused("there is no password here to change", remedy="Change it where you sign in")
        keep_person(act, replace(kept, password_hash=hashed))
        act.fact("sessions_ended", _end_others(act, proven.session))
    return proven


def _end_others(act: Act, session: Session) -> int:
    ids = [item.id for item in sessions_of(act.connection, session.person.name) if item.id != session.id]
    drop_sessions(act, ids)
    return len(ids)
