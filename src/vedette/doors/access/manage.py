"""Who may change whom: roles given and taken, people kept out and let in again. Nobody changes themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from vedette.audit import writing
from vedette.base import Clock, Principal
from vedette.doors.access.sessions import end_all
from vedette.doors.people import Person, PersonRefused, PersonState, Role, read_name, role_table
from vedette.doors.store.people import admins, find_person, keep_person
from vedette.store import Store


def change_roles(store: Store, principal: Principal, name: str, roles: tuple[Role, ...], *, clock: Clock) -> Person:
    """Give a person exactly these roles; their sessions end, so that the next one opens what the roles open."""
    role_table().check(roles)
    return _changed(store, principal, name, "doors.person_roles", lambda person: replace(person, roles=roles), clock)


def disable(store: Store, principal: Principal, name: str, *, clock: Clock) -> Person:
    """Keep a person out from now on; what they did stays theirs in the log."""
    change = PersonState.DISABLED
    return _changed(store, principal, name, "doors.person_disable", lambda person: replace(person, state=change), clock)


def enable(store: Store, principal: Principal, name: str, *, clock: Clock) -> Person:
    """Let a person in again who was kept out; they come in after a reset."""
    change = PersonState.INVITED
    return _changed(store, principal, name, "doors.person_enable", lambda person: replace(person, state=change), clock)


def _changed(
    store: Store, principal: Principal, name: str, act_name: str, change: Callable[[Person], Person], clock: Clock
) -> Person:
    wanted = read_name(name)
    if principal.id.casefold() == wanted:
        raise PersonRefused("nobody changes their own roles or state", remedy="Ask another administrator")
    with writing(store, principal, act_name, clock=clock) as act:
        kept = find_person(act.connection, wanted)
        if kept is None:
            raise PersonRefused("there is nobody of this name", remedy="`vedette people list` names everybody")
        person = change(kept.person)
        _keep_an_admin(admins(act.connection), wanted, person)
        keep_person(act, replace(kept, person=person))
        act.fact("roles", [role.value for role in person.roles])
        act.fact("state", person.state.value)
        act.fact("sessions_ended", end_all(act, wanted))
    return person


def _keep_an_admin(known: list[str], name: str, person: Person) -> None:
    stays = person.state is PersonState.ACTIVE and Role.ADMIN in person.roles
    if known == [name] and not stays:
        raise PersonRefused("this is the last administrator", remedy="Make another one first")
