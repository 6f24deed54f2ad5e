"""People who use the program: their names, roles and permissions, passwords and one-time codes. Programs have keys instead."""

from vedette.doors.people.model import (
    Invitation,
    Permission,
    Person,
    PersonRefused,
    PersonState,
    Purpose,
    Role,
    SignInRefused,
    read_name,
)
from vedette.doors.people.roles import RoleTable, permissions_of, read_roles, role_table, roles_of_words

__all__ = [
    "Invitation",
    "Permission",
    "Person",
    "PersonRefused",
    "PersonState",
    "Purpose",
    "Role",
    "RoleTable",
    "SignInRefused",
    "permissions_of",
    "read_name",
    "read_roles",
    "role_table",
    "roles_of_words",
]
