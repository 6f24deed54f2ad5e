"""Who is signed in now, for administrators: every open session, and an end to all of one person's."""

from __future__ import annotations

from vedette.audit import writing
from vedette.base import Clock, Principal
from vedette.doors.access.sessions import end_all, is_open
from vedette.doors.people import PersonRefused, read_name
from vedette.doors.store.people import find_person
from vedette.doors.store.sessions import KeptSession, all_sessions
from vedette.store import Store


def open_sessions(store: Store, *, clock: Clock) -> list[KeptSession]:
    """Every session that still opens something, by name and then the oldest first."""
    with store.database.reading() as connection:
        return [item for item in all_sessions(connection) if is_open(item, clock)]


def end_sessions(store: Store, principal: Principal, name: str, *, clock: Clock) -> int:
    """End every session of a person, who may sign in again. Returns how many there were. Raises PersonRefused."""
    wanted = read_name(name)
    with writing(store, principal, "doors.sessions_ended_by_admin", clock=clock) as act:
        if find_person(act.connection, wanted) is None:
            raise PersonRefused("there is nobody of this name", remedy="`vedette people list` names everybody")
        ended = end_all(act, wanted)
        act.fact("name", wanted)
        act.fact("sessions_ended", ended)
    return ended
