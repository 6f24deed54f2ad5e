"""Signed in at the terminal: a file that only its owner can read holds the session's secret, one file a workspace."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from pathlib import Path

from vedette.base import Clock, Place, Principal, PrincipalKind
from vedette.doors.access.sessions import TERMINAL, Session, due, end, resume, touch
from vedette.doors.access.signing import sign_in
from vedette.doors.people import Permission, PersonRefused, permissions_of
from vedette.doors.store.people import anybody
from vedette.store import Store, write_durably

_LOGIN = "Sign in first: vedette login NAME"


def enter(store: Store, workspace: Path, name: str, password: str, code: str, *, clock: Clock) -> str:
    """Sign in and keep the session's secret. Returns until when it holds at most. Raises SignInRefused."""
    leave(store, workspace, clock=clock)
    entered = sign_in(store, name, password, code, kind=TERMINAL, clock=clock)
    file = login_file(workspace)
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_durably(file, json.dumps({"secret": entered.secret}).encode(), mode=0o600)
    return entered.session.kept.expires_at


def leave(store: Store, workspace: Path, *, clock: Clock) -> bool:
    """Sign out. Returns whether somebody was signed in."""
    found = signed_in(store, workspace, clock)
    login_file(workspace).unlink(missing_ok=True)
    if found is None:
        return False
    end(store, found, clock)
    return True


def signed_in(store: Store, workspace: Path, clock: Clock) -> Session | None:
    """The open session of this terminal's user. Raises PersonRefused for a file that others can read."""
    file = login_file(workspace)
    try:
        mode, text = file.stat().st_mode, file.read_text("utf-8")
    except FileNotFoundError:
        return None
    if stat.S_IMODE(mode) & 0o077:
        raise PersonRefused(
            "others can read this sign-in", place=Place(str(file)), remedy="Delete the file and sign in again"
        )
    try:
        secret = json.loads(text)["secret"]
    except (ValueError, KeyError, TypeError):
        return None
    return resume(store, str(secret), clock)


def who(store: Store, workspace: Path, user: Principal, clock: Clock) -> Principal:
    """Who acts at the terminal.

    While no person exists, the user of the machine, as they say themselves. Afterwards whoever signed in, where their roles
    let them decide or approve; everybody else acts as a job, which runs and reads, but neither decides nor approves.
    """
    if not anybody(store):
        return user
    session = signed_in(store, workspace, clock)
    if session is None:
        return Principal(PrincipalKind.JOB, f"terminal-{user.id}")
    if due(session, clock):
        touch(store, session, clock)
    if permissions_of(session.person.roles).isdisjoint({Permission.DECIDE, Permission.APPROVE}):
        return Principal(PrincipalKind.JOB, f"terminal-{session.person.name}")
    return session.person.principal


def require(store: Store, workspace: Path, permission: Permission, user: Principal, clock: Clock) -> Principal:
    """Who acts, where their roles open this; anybody while no person exists. Raises PersonRefused."""
    if not anybody(store):
        return user
    session = signed_in(store, workspace, clock)
    if session is None:
        raise PersonRefused("nobody is signed in at this terminal", remedy=_LOGIN)
    if permission not in permissions_of(session.person.roles):
        raise PersonRefused(
            f"your roles lack the permission {permission.value!r}", remedy="Ask an administrator for the role"
        )
    return session.person.principal


def login_file(workspace: Path) -> Path:
    """Where this user's sign-in to a workspace is kept."""
    home = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    name = hashlib.sha256(str(workspace.resolve()).encode()).hexdigest()[:20]
    return Path(home) / "vedette" / f"login-{name}.json"
