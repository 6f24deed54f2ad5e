"""The words of people and access: a person, a role, a permission, an invitation."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from vedette.base import Json, Principal, PrincipalKind, VedetteError

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9._@+-]{0,62}[a-z0-9])?")


class PersonRefused(VedetteError):
    """A person, role or invitation that cannot be made, found or changed as asked."""


class SignInRefused(VedetteError):
    """A sign-in that failed. ``wait`` is how many seconds to wait before another; 0 where none is asked."""

    def __init__(self, problem: str, *, remedy: str = "", wait: int = 0) -> None:
        super().__init__(problem, remedy=remedy)
        self.wait = wait


class Permission(StrEnum):
    """What one may do. No permission includes another; ``roles.yml`` says what each means."""

    READ = "read"
    REVEAL = "reveal"
    DECIDE = "decide"
    APPROVE = "approve"
    RULES_WRITE = "rules.write"
    RULES_PUBLISH = "rules.publish"
    CONFERENCE = "conference"
    SHARE = "share"
    AUDIT = "audit"
    ADMIN = "admin"


class Role(StrEnum):
    """The work somebody does here."""

    VIEWER = "viewer"
    ANALYST = "analyst"
    APPROVER = "approver"
    RULE_AUTHOR = "rule_author"
    RULE_PUBLISHER = "rule_publisher"
    INTEGRITY_OFFICER = "integrity_officer"
    SHARING_OFFICER = "sharing_officer"
    AUDITOR = "auditor"
    ADMIN = "admin"


class PersonState(StrEnum):
    """Whether somebody may come in."""

    INVITED = "invited"  # has not yet chosen a password
    ACTIVE = "active"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who may come in, without any secret. ``name`` is the sign-in name, in lower case; times are ISO 8601."""

    name: str
    roles: tuple[Role, ...]
    state: PersonState
    created_at: str
    created_by: str
    second_factor: bool = False
    outside: str | None = None  # issuer and subject at an identity provider

    @property
    def principal(self) -> Principal:
        """Who acts in the audit log."""
        return Principal(PrincipalKind.PERSON, self.name)

    def as_json(self) -> dict[str, Json]:
        """What lists of people show."""
        return {
            "name": self.name,
            "roles": [role.value for role in self.roles],
            "state": self.state.value,
            "second_factor": self.second_factor,
            "signs_on_elsewhere": self.outside is not None,
            "created_at": self.created_at,
            "created_by": self.created_by,
        }


class Purpose(StrEnum):
    """What an invitation is good for."""

    FIRST = "first"  # makes the first administrator; the person names themselves
    JOIN = "join"
    RESET = "reset"


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """A link that is good once and for a day: with it a person chooses a password. ``name`` is empty for the first one."""

    name: str
    purpose: Purpose
    expires_at: str


def read_name(text: str) -> str:
    """A sign-in name in lower case. Raises PersonRefused."""
    name = text.strip().lower()
    if not _NAME.fullmatch(name):
        raise PersonRefused(
            "this is no sign-in name", remedy="Use 1 to 64 of a-z, 0-9, dot, dash, underscore, plus and @"
        )
    return name
