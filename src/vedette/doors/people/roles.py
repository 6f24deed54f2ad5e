"""Strict reading of the table of roles: what each may do, and which roles one person never holds together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from vedette.base import ContentError, Record, read_record, unique
from vedette.doors.people.model import Permission, PersonRefused, Role


@dataclass(frozen=True, slots=True)
class RoleTable:
    """The table. ``apart`` holds pairs of roles with the reason why nobody holds both; the texts are for readers."""

    permissions: Mapping[Role, frozenset[Permission]]
    apart: Mapping[frozenset[Role], str]
    role_texts: Mapping[Role, str]
    permission_texts: Mapping[Permission, str]

    def check(self, roles: Iterable[Role]) -> None:
        """Raise PersonRefused where one person would hold roles that stay apart, or none."""
        held = frozenset(roles)
        if not held:
            raise PersonRefused("a person needs a role", remedy=f"Choose from: {', '.join(Role)}")
        for pair, why in self.apart.items():
            if pair <= held:
                raise PersonRefused(f"{' and '.join(sorted(pair))} stay apart: {why}", remedy="Give only one of them")


@cache
def role_table() -> RoleTable:
    """The table that ships with the program. Raises ContentError naming file and line."""
    return read_roles((files("vedette.doors.people") / "roles.yml").read_text("utf-8"), "doors/people/roles.yml")


def permissions_of(roles: Iterable[Role]) -> frozenset[Permission]:
    """Everything that these roles open."""
    table = role_table().permissions
    return frozenset(permission for role in roles for permission in table[role])


def roles_of_words(words: Iterable[str]) -> tuple[Role, ...]:
    """Roles by name, each once, dashes allowed. Raises PersonRefused for none, an unknown one, or roles that stay apart."""
    found = dict.fromkeys(
        word.strip().lower().replace("-", "_") for given in words for word in given.split(",") if word.strip()
    )
    if set(found) - set(Role):
        raise PersonRefused("these are no roles", remedy=f"Choose from: {', '.join(Role)}")
    roles = tuple(Role(word) for word in found)
    role_table().check(roles)
    return roles


def read_roles(text: str, file: str) -> RoleTable:
    """Parse a table. Every role and permission of the program stands in it exactly once, each with its reason."""
    record = read_record(text, file)
    for key in ("caption", "why"):
        record.take_text(key)
    record.take_day("checked_on")
    record.take_texts("citation")
    permissions = _named(record, "permissions", list(Permission))
    opened: dict[Role, frozenset[Permission]] = {}
    texts: dict[Role, str] = {}
    for role, item in _named(record, "roles", list(Role)).items():
        words = item.take_texts("permissions")
        opened[Role(role)] = frozenset(_permission(item, word) for word in words)
        texts[Role(role)] = _why(item)
    apart = {_pair(item): _why(item) for item in record.take_records("never_together")}
    record.finish()
    _only_one_opens_conferences(opened, record)
    return RoleTable(opened, apart, texts, {Permission(name): _why(item) for name, item in permissions.items()})


def _named(record: Record, key: str, wanted: list[str]) -> dict[str, Record]:
    items = [(item.take_choice("id", wanted), item) for item in record.take_records(key)]
    unique(((name, item.place()) for name, item in items), key)
    missing = [name for name in wanted if name not in dict(items)]
    if missing:
        raise ContentError(f"{key!r} leaves out {missing[0]!r}", place=record.place(key), remedy="Add it")
    return dict(items)


def _why(item: Record) -> str:
    text = item.take_text("why")
    item.finish()
    return text


def _permission(item: Record, word: str) -> Permission:
    if word not in list(Permission):
        raise ContentError(f"unknown permission {word!r}", place=item.place(), remedy=", ".join(Permission))
    return Permission(word)


def _pair(item: Record) -> frozenset[Role]:
    words = item.take_texts("roles")
    if len(set(words)) != 2 or set(words) - set(Role):
        raise ContentError("two roles stay apart", place=item.place(), remedy=", ".join(Role))
    return frozenset(Role(word) for word in words)


def _only_one_opens_conferences(opened: Mapping[Role, frozenset[Permission]], record: Record) -> None:
    others = [role for role, found in opened.items() if Permission.CONFERENCE in found]
    if others != [Role.INTEGRITY_OFFICER]:
        raise ContentError(
            "conference material is for integrity officers only",
            place=record.place("roles"),
            remedy="Take the permission 'conference' from every other role",
        )
