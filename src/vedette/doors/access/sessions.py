"""Sessions of people: a secret in a cookie or a file, of which only a hash is kept, that ends when idle and ends for good."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, replace
from datetime import timedelta

from vedette.audit import Act, writing
from vedette.base import Clock, iso, parse_time
from vedette.doors.people import Person, PersonState
from vedette.doors.store.people import find_person
from vedette.doors.store.sessions import KeptSession, drop_sessions, find_session, keep_session, sessions_of
from vedette.store import Store

WEB, TERMINAL = "web", "terminal"
_IDLE = {WEB: timedelta(minutes=30), TERMINAL: timedelta(hours=8)}
_LONGEST = timedelta(hours=12)
_SEEN_EVERY = timedelta(minutes=5)
_MOST_AT_ONCE = 10
_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class Session:
    """A person's open session. ``csrf`` is derived from its secret, so that knowing one never gives the other."""

    id: str
    person: Person
    csrf: str
    kept: KeptSession

    def proves(self, sent: str) -> bool:
        """Whether this is the session's token against forged requests, compared in constant time."""
        return hmac.compare_digest(self.csrf.encode(), sent.encode())


def new_secret() -> str:
    """256 random bits as text for a cookie."""
    return secrets.token_urlsafe(32)


def opened(act: Act, person: Person, secret: str, kind: str, clock: Clock) -> Session:
    """A new session within an act; this person's ended ones, and the oldest beyond ten, are forgotten."""
    now = clock.now()
    kept = KeptSession(
        id=_hash(secret),
        name=person.name,
        kind=kind,
        created_at=act.moment,
        seen_at=act.moment,
        expires_at=iso(now + _LONGEST),
    )
    known = sessions_of(act.connection, person.name)
    alive = [item for item in known if is_open(item, clock)]
    surplus = alive[: max(0, len(alive) + 1 - _MOST_AT_ONCE)]
    drop_sessions(act, [item.id for item in known if item not in alive or item in surplus])
    keep_session(act, kept)
    return Session(kept.id, person, _csrf(secret), kept)


def resume(store: Store, secret: str, clock: Clock) -> Session | None:
    """The session behind a secret, where it is still open and its person may still come in."""
    if not _SECRET.fullmatch(secret):
        return None
    with store.database.reading() as connection:
        kept = find_session(connection, _hash(secret))
        found = None if kept is None else find_person(connection, kept.name)
    if kept is None or found is None or not is_open(kept, clock) or found.person.state is not PersonState.ACTIVE:
        return None
    return Session(kept.id, found.person, _csrf(secret), kept)


def due(session: Session, clock: Clock) -> bool:
    """Whether the session's last use is old enough to be written down again."""
    return clock.now() - parse_time(session.kept.seen_at) >= _SEEN_EVERY


def touch(store: Store, session: Session, clock: Clock) -> None:
    """Write down that a session is in use: at most once in five minutes."""
    with writing(store, session.person.principal, "doors.session_seen", clock=clock) as act:
        kept = find_session(act.connection, session.id)
        if kept is not None and due(replace(session, kept=kept), clock):
            keep_session(act, replace(kept, seen_at=act.moment))


def end(store: Store, session: Session, clock: Clock) -> None:
    """Sign out: the session opens nothing any longer."""
    with writing(store, session.person.principal, "doors.sign_out", clock=clock) as act:
        drop_sessions(act, [session.id])


def end_all(act: Act, name: str) -> int:
    """End every session of a person, within an act. Returns how many there were."""
    ids = [item.id for item in sessions_of(act.connection, name)]
    drop_sessions(act, ids)
    return len(ids)


def is_open(kept: KeptSession, clock: Clock) -> bool:
    """Whether a session still opens something: neither idle too long nor past its end."""
    now = clock.now()
    return now < parse_time(kept.expires_at) and now - parse_time(kept.seen_at) < _IDLE[kept.kind]


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _csrf(secret: str) -> str:
    return hmac.digest(secret.encode(), b"forged requests", "sha256").hex()
