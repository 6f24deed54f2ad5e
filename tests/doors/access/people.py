"""People for the tests: somebody who has come in by an invitation, with a password and an authenticator."""

from __future__ import annotations

from tests.made import ANNA
from vedette.base import Clock
from vedette.doors.access import accept, invite, look_at
from vedette.doors.people import Person, Role, codes
from vedette.store import Store

PASSWORD = "otter lamp quarry seven"


def joined(
    store: Store, clock: Clock, name: str = "bea", *roles: Role, second_factor: bool = False
) -> tuple[Person, str]:
    """A person who has come in, and their authenticator's secret."""
    token = invite(store, ANNA, name, roles or (Role.ANALYST,), clock=clock)
    secret = look_at(store, token, clock=clock).secret
    code = codes.code_at(secret, codes.step_of(clock.now()) - 1) if second_factor else ""
    return accept(store, token, "", PASSWORD, code, needs_code=second_factor, clock=clock), secret
