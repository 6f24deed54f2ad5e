"""People and invitations in the state database. Passwords are argon2id hashes, authenticator secrets are sealed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, LargeBinary, MetaData, Table, Text, func, select

from vedette.audit import Act
from vedette.doors.people.model import Invitation, Person, PersonState, Purpose, Role
from vedette.store import Store

METADATA = MetaData()
PERSON = Table(
    "person",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("roles", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("password_hash", Text, nullable=True),
    Column("code_secret", LargeBinary, nullable=True),
    Column("code_step", BigInteger, nullable=False),
    Column("failures", BigInteger, nullable=False),
    Column("locked_until", Text, nullable=True),
    Column("outside", Text, nullable=True),
    Column("created_at", Text, nullable=False),
    Column("created_by", Text, nullable=False),
)
INVITATION = Table(
    "invitation",
    METADATA,
    Column("token_hash", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("code_secret", LargeBinary, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("expires_at", Text, nullable=False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPerson:
    """A person with what proves who they are, and how often that failed since it last succeeded."""

    person: Person
    password_hash: str | None = None
    code_secret: bytes | None = None
    code_step: int = 0
    failures: int = 0
    locked_until: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptInvitation:
    """An invitation with the sealed authenticator secret that it offers."""

    invitation: Invitation
    token_hash: str
    code_secret: bytes
    created_by: str


def anybody(store: Store) -> bool:
    """Whether any person was ever made here."""
    with store.database.reading() as connection:
        return bool(connection.execute(select(func.count()).select_from(PERSON)).scalar_one())


def people(store: Store) -> tuple[Person, ...]:
    """Everybody, by name."""
    with store.database.reading() as connection:
        rows = connection.execute(select(PERSON).order_by(PERSON.c.name)).mappings().all()
    return tuple(_kept(dict(row)).person for row in rows)


def find_person(connection: Connection, name: str) -> KeptPerson | None:
    """One person by sign-in name."""
    row = connection.execute(select(PERSON).where(PERSON.c.name == name)).mappings().one_or_none()
    return None if row is None else _kept(dict(row))


def find_outside(connection: Connection, outside: str) -> KeptPerson | None:
    """One person by issuer and subject at an identity provider."""
    row = connection.execute(select(PERSON).where(PERSON.c.outside == outside)).mappings().one_or_none()
    return None if row is None else _kept(dict(row))


def admins(connection: Connection) -> list[str]:
    """The names of administrators who can come in."""
    query = select(PERSON.c.name, PERSON.c.roles).where(PERSON.c.state == PersonState.ACTIVE.value)
    return [row.name for row in connection.execute(query) if Role.ADMIN.value in row.roles.split(",")]


def keep_person(act: Act, kept: KeptPerson) -> None:
    """Write a person, within an act."""
    person = kept.person
    row = {
        "name": person.name,
        "roles": ",".join(role.value for role in person.roles),
        "state": person.state.value,
        "password_hash": kept.password_hash,
        "code_secret": kept.code_secret,
        "code_step": kept.code_step,
        "failures": kept.failures,
        "locked_until": kept.locked_until,
        "outside": person.outside,
        "created_at": person.created_at,
        "created_by": person.created_by,
    }
    act.upsert(PERSON, [row])


def keep_invitation(act: Act, kept: KeptInvitation) -> None:
    """Write an invitation in place of earlier ones to the same person, within an act."""
    query = select(INVITATION.c.token_hash).where(INVITATION.c.name == kept.invitation.name)
    drop_invitations(act, list(act.connection.execute(query).scalars()))
    row = {
        "token_hash": kept.token_hash,
        "name": kept.invitation.name,
        "purpose": kept.invitation.purpose.value,
        "code_secret": kept.code_secret,
        "created_by": kept.created_by,
        "expires_at": kept.invitation.expires_at,
    }
    act.upsert(INVITATION, [row])


def find_invitation(connection: Connection, token_hash: str) -> KeptInvitation | None:
    """An invitation by the hash of its token."""
    query = select(INVITATION).where(INVITATION.c.token_hash == token_hash)
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        return None
    invitation = Invitation(name=row["name"], purpose=Purpose(row["purpose"]), expires_at=row["expires_at"])
    return KeptInvitation(
        invitation=invitation,
        token_hash=row["token_hash"],
        code_secret=bytes(row["code_secret"]),
        created_by=row["created_by"],
    )


def drop_invitations(act: Act, hashes: list[str]) -> None:
    """Forget invitations, within an act."""
    act.delete(INVITATION, [{"token_hash": token_hash} for token_hash in hashes])


def _kept(row: Mapping[str, Any]) -> KeptPerson:
    person = Person(
        name=row["name"],
        roles=tuple(Role(word) for word in row["roles"].split(",")),
        state=PersonState(row["state"]),
        created_at=row["created_at"],
        created_by=row["created_by"],
        second_factor=row["code_secret"] is not None,
        outside=row["outside"],
    )
    return KeptPerson(
        person=person,
        password_hash=row["password_hash"],
        code_secret=None if row["code_secret"] is None else bytes(row["code_secret"]),
        code_step=row["code_step"],
        failures=row["failures"],
        locked_until=row["locked_until"],
    )
