"""Signing in with an identity provider (OpenID Connect): what is agreed with it, what it told, and which roles follow."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from vedette.audit import Act, writing
from vedette.base import Clock, Place, Principal, VedetteError
from vedette.doors.access.signing import DOOR
from vedette.doors.people import Person, PersonRefused, PersonState, Role, SignInRefused, read_name, roles_of_words
from vedette.doors.store.people import KeptPerson, find_outside, find_person, keep_person
from vedette.store import Store, write_durably

_FILE = "provider.json"
_HERE = ("127.0.0.1", "::1", "localhost")
_MOST_GROUPS = 1_000


class ProviderError(VedetteError):
    """An identity provider that cannot be agreed with, reached or believed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """What is agreed with one identity provider. ``roles`` maps a group's name to roles; ``at`` is our own address."""

    issuer: str
    client_id: str
    secret: str
    title: str
    at: str
    claim: str
    roles: Mapping[str, tuple[str, ...]]

    @property
    def back(self) -> str:
        """Where the provider sends people back to."""
        return f"{self.at.rstrip('/')}/sign-in/provider/back"

    def roles_of(self, groups: Iterable[str]) -> tuple[Role, ...]:
        """The roles of these groups. Raises PersonRefused where they give none, or some that stay apart."""
        words = [word for group in groups for word in self.roles.get(group, ())]
        return roles_of_words(words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a verified token says of a person."""

    subject: str
    name: str
    groups: tuple[str, ...]


def agree(store: Store, principal: Principal, provider: Provider, *, clock: Clock) -> None:
    """Keep an agreement in place of an earlier one, in the workspace's folder of keys. Raises ProviderError, PersonRefused."""
    for name, address in (("issuer", provider.issuer), ("at", provider.at)):
        require_safe(address, name)
    if not provider.client_id.strip() or not provider.roles:
        raise ProviderError(
            "a client id and roles for at least one group are needed", remedy="Give --client-id, --group"
        )
    for words in provider.roles.values():
        roles_of_words(words)
    with writing(store, principal, "doors.provider", clock=clock) as act:
        act.fact("issuer", provider.issuer)
        act.fact("client_id", provider.client_id)
        act.fact("roles", {group: list(words) for group, words in provider.roles.items()})
        write_durably(store.workspace.keys / _FILE, json.dumps(asdict(provider)).encode(), mode=0o600)


def agreed(store: Store) -> Provider | None:
    """The agreement in force; None where there is none. Raises ProviderError for a damaged one."""
    file = store.workspace.keys / _FILE
    if not file.is_file():
        return None
    try:
        held = json.loads(file.read_bytes())
        return Provider(**{**held, "roles": {group: tuple(words) for group, words in held["roles"].items()}})
    except (ValueError, TypeError, KeyError, AttributeError):
        raise ProviderError(
            "is damaged", place=Place(str(file)), remedy="Run `vedette people provider` again"
        ) from None


def require_safe(address: str, name: str) -> None:
    """Refuse an address that is not encrypted, unless it is this machine's own."""
    parts = urlsplit(address)
    if not parts.hostname or parts.scheme not in ("https", "http") or parts.username or parts.fragment:
        raise ProviderError("is no address", place=Place(name), remedy="Write for example https://login.example.org")
    if parts.scheme == "http" and parts.hostname not in _HERE:
        raise ProviderError("is not encrypted", place=Place(name), remedy="Use https")


def told(provider: Provider, claims: Mapping[str, Any]) -> Told:
    """Subject, name and groups of verified claims. Raises SignInRefused where they are missing or no texts."""
    subject = claims.get("sub")
    name = claims.get("preferred_username") or claims.get("email")
    groups = claims.get(provider.claim, [])
    groups = [groups] if isinstance(groups, str) else groups
    texts = isinstance(groups, list) and len(groups) <= _MOST_GROUPS and all(isinstance(one, str) for one in groups)
    if not isinstance(subject, str) or not 0 < len(subject) <= 255 or not isinstance(name, str) or not texts:
        raise SignInRefused("The identity provider did not say who you are", remedy="Ask its administrator")
    return Told(subject=subject, name=name, groups=tuple(groups))


def admit(store: Store, provider: Provider, told: Told, *, clock: Clock) -> Person:
    """The person whom a provider has proven, with the roles of their groups; made at their first sign-in.

    A name that somebody here has already is never taken over. Raises SignInRefused.
    """
    outside = f"{provider.issuer}|{told.subject}"
    try:
        roles, name = provider.roles_of(told.groups), read_name(told.name)
    except PersonRefused as fault:
        raise SignInRefused(f"You may not come in: {fault.problem}", remedy="Ask an administrator") from None
    with writing(store, DOOR, "doors.provider_person", clock=clock) as act:
        kept = find_outside(act.connection, outside)
        if kept is None:
            return _new(act, name, roles, outside)
        if kept.person.state is not PersonState.ACTIVE:
            raise SignInRefused("You may not come in", remedy="Ask an administrator")
        if kept.person.roles != roles:
            kept = replace(kept, person=replace(kept.person, roles=roles))
            keep_person(act, kept)
            act.fact("roles", [role.value for role in roles])
        return kept.person


def _new(act: Act, name: str, roles: tuple[Role, ...], outside: str) -> Person:
    if find_person(act.connection, name) is not None:
        raise SignInRefused("Somebody here has your name already", remedy="Ask an administrator")
    person = Person(
        name=name,
        roles=roles,
        state=PersonState.ACTIVE,
        created_at=act.moment,
        created_by="provider",
        outside=outside,
    )
    act.fact("roles", [role.value for role in roles])
    keep_person(act, KeptPerson(person=person))
    return person
