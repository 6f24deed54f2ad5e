"""Signing in with name, password and one-time code: slower after each failure, and the same for names that nobody has."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil
from threading import Lock

from vedette.audit import Act, writing
from vedette.base import Clock, Principal, PrincipalKind, iso, parse_time
from vedette.doors.access import sessions
from vedette.doors.access.sessions import Session
from vedette.doors.people import Person, PersonState, SignInRefused, codes, passwords
from vedette.doors.store.people import KeptPerson, find_person, keep_person
from vedette.store import Store

DOOR = Principal(PrincipalKind.JOB, "door")
_FREE_FAILURES = 5
_LONGEST_WAIT = 900
_MOST_NOBODIES = 10_000
_REFUSED = "Name, password or code is wrong"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session and its secret, which only the person's browser or terminal holds."""

    session: Session
    secret: str


class _Nobodies:
    """Failures of names that nobody has, in memory, so that waiting tells nobody which names exist."""

    def __init__(self) -> None:
        self._failures: OrderedDict[str, tuple[int, datetime]] = OrderedDict()
        self._lock = Lock()

    def fail(self, name: str, now: datetime) -> int:
        """Count one. Returns the seconds to wait where this name must wait now."""
        with self._lock:
            count, until = self._failures.get(name, (0, now))
            if now < until:
                return _seconds(until - now)
            self._failures[name] = (count + 1, now + wait_after(count + 1))
            self._failures.move_to_end(name)
            while len(self._failures) > _MOST_NOBODIES:
                self._failures.popitem(last=False)
            return 0


_NOBODIES = _Nobodies()


def wait_after(failures: int) -> timedelta:
    """How long a name waits after so many failures in a row: nothing for five, then from 2 seconds doubling to 15 minutes."""
    over = failures - _FREE_FAILURES
    return timedelta(seconds=min(_LONGEST_WAIT, 2 ** min(over + 1, 10)) if over >= 0 else 0)


def sign_in(store: Store, name: str, password: str, code: str, *, kind: str, clock: Clock) -> SignedIn:
    """A new session for whoever proves who they are. Raises SignInRefused, which never tells which proof failed."""
    wanted, now = name.strip().lower()[:64], clock.now()
    with store.database.reading() as connection:
        kept = find_person(connection, wanted)
    _refuse_waiting(kept, wanted, now)
    right = passwords.proves(password, None if kept is None else kept.password_hash)
    if kept is None:
        raise SignInRefused(_REFUSED)
    with writing(store, kept.person.principal if right else DOOR, "doors.sign_in", clock=clock) as act:
        entered = _entered(act, store, wanted, password, code, kind, clock) if right else None
        if entered is None:
            _failed(act, wanted, now)
    if entered is None:
        raise SignInRefused(_REFUSED)
    return entered


def begin(store: Store, person: Person, *, kind: str, how: str, clock: Clock) -> SignedIn:
    """A new session for somebody whom an identity provider or a fresh invitation has just proven."""
    secret = sessions.new_secret()
    with writing(store, person.principal, "doors.sign_in", clock=clock) as act:
        act.fact("how", how)
        return SignedIn(sessions.opened(act, person, secret, kind, clock), secret)


def _refuse_waiting(kept: KeptPerson | None, name: str, now: datetime) -> None:
    if kept is None:
        wait = _NOBODIES.fail(name, now)
    else:
        wait = _seconds(parse_time(kept.locked_until) - now) if kept.locked_until else 0
    if wait > 0:
        raise SignInRefused("Too many failed sign-ins for this name", remedy=f"Wait {wait} seconds", wait=wait)


def _entered(act: Act, store: Store, name: str, password: str, code: str, kind: str, clock: Clock) -> SignedIn | None:
    """The session of somebody whose password was right, or None. The person is read again: two may sign in at once."""
    kept = find_person(act.connection, name)
    if kept is None or kept.person.state is not PersonState.ACTIVE:
        return None
    step: int | None = kept.code_step
    if kept.code_secret is not None:
        step = codes.accepted(authenticator(store, name, kept.code_secret), code, clock.now(), kept.code_step)
    if step is None:
        return None
    fresh = replace(kept, failures=0, locked_until=None, code_step=step)
    if kept.password_hash is not None and passwords.outdated(kept.password_hash):
        fresh = replace(fresh, password_hash=passwords.hashed(password))
    if fresh != kept:
        keep_person(act, fresh)
    act.fact("how", "password and code" if kept.code_secret is not None else "password")
    secret = sessions.new_secret()
    return SignedIn(sessions.opened(act, kept.person, secret, kind, clock), secret)


def _failed(act: Act, name: str, now: datetime) -> None:
    kept = find_person(act.connection, name)
    if kept is None:
        return
    failures = kept.failures + 1
    act.fact("refused", "proof")
    act.fact("failures", failures)
    keep_person(act, replace(kept, failures=failures, locked_until=iso(now + wait_after(failures))))


def authenticator(store: Store, name: str, sealed: bytes) -> str:
    """The authenticator secret of a person."""
    return str(store.vault.open(f"person:{name}", sealed)["secret"])


def _seconds(wait: timedelta) -> int:
    return max(0, ceil(wait.total_seconds()))
