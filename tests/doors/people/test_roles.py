"""The table of roles: what each opens, what stays apart, and what the loader refuses."""

from __future__ import annotations

from importlib.resources import files

import pytest

from vedette.base import ContentError
from vedette.doors.people import Permission, PersonRefused, Role, permissions_of, read_roles, role_table, roles_of_words

TEXT = (files("vedette.doors.people") / "roles.yml").read_text("utf-8")


class TestTable:
    def test_every_role_reads_and_only_one_opens_conferences(self) -> None:
        opened = role_table().permissions
        assert all(Permission.READ in opened[role] for role in Role)
        assert [role for role in Role if Permission.CONFERENCE in opened[role]] == [Role.INTEGRITY_OFFICER]

    def test_an_administrator_sees_no_personal_data_and_decides_nothing(self) -> None:
        assert permissions_of([Role.ADMIN]) == {Permission.READ, Permission.AUDIT, Permission.ADMIN}

    def test_roles_add_up(self) -> None:
        found = permissions_of([Role.ANALYST, Role.APPROVER])
        assert {Permission.DECIDE, Permission.APPROVE, Permission.REVEAL} <= found

    @pytest.mark.parametrize(
        ("words", "roles"),
        [
            (["analyst"], (Role.ANALYST,)),
            (["rule-author, viewer", "VIEWER"], (Role.RULE_AUTHOR, Role.VIEWER)),
        ],
    )
    def test_words(self, words: list[str], roles: tuple[Role, ...]) -> None:
        assert roles_of_words(words) == roles

    @pytest.mark.parametrize(
        "words",
        [[], [""], ["king"], ["auditor,analyst"], ["admin", "integrity_officer"], ["rule_author,rule_publisher"]],
    )
    def test_refused_words(self, words: list[str]) -> None:
        with pytest.raises(PersonRefused):
            roles_of_words(words)


class TestReading:
    @pytest.mark.parametrize(
        ("old", "new", "told"),
        [
            ("permissions: [read, share]", "permissions: [read, share, conference]", "integrity officers only"),
            ("permissions: [read, share]", "permissions: [read, shares]", "unknown permission"),
            ("  - id: viewer", "  - id: watcher", "watcher"),
            ("roles: [auditor, analyst]", "roles: [auditor]", "two roles"),
            ("    why: Looks, and changes nothing.", "    wy: Looks.", "why"),
        ],
    )
    def test_faults_are_named(self, old: str, new: str, told: str) -> None:
        assert old in TEXT
        with pytest.raises(ContentError, match=told):
            read_roles(TEXT.replace(old, new, 1), "roles.yml")
