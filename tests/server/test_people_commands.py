"""People at the terminal: invited, changed and kept out by administrators who signed in."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from tests.doors.access.people import PASSWORD, joined
from tests.made import ANNA
from vedette import doors
from vedette.app.opening import create, open_store
from vedette.base import FixedClock, Principal, PrincipalKind, VedetteError
from vedette.doors.access.terminal import login_file, who
from vedette.doors.people import PersonRefused, Role
from vedette.server.commands import keys, login, logout, people

app = typer.Typer()
app.add_typer(keys, name="keys")
app.add_typer(people, name="people")
app.command("login")(login)
app.command("logout")(logout)
MACHINE = Principal(PrincipalKind.COMMAND_LINE, "root")


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> doors.Session:
    """A workspace at the terminal, with an analyst and an administrator."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "home"))
    clock = FixedClock(datetime(2026, 3, 1, 12, 0, tzinfo=UTC))
    store = create(tmp_path / "ws", "us")
    joined(store, clock, "bea", Role.ANALYST)
    joined(store, clock, "carla", Role.ADMIN)
    store.close()
    return doors.Session(tmp_path / "ws", MACHINE, open_store, clock=clock, identify=who)


def run(session: doors.Session, *arguments: str) -> Result:
    session.json, session._principal = False, None
    return CliRunner().invoke(app, list(arguments), obj=session)


def rows(session: doors.Session, *arguments: str) -> list[dict[str, Any]]:
    result = run(session, *arguments, "--json")
    assert result.exit_code == 0, result.exception
    return [json.loads(line) for line in result.stdout.splitlines()]


def sign_in(session: doors.Session, name: str) -> None:
    result = CliRunner().invoke(app, ["login", name], input=f"{PASSWORD}\n\n", obj=session)
    assert result.exit_code == 0, (result.output, result.exception)
    assert PASSWORD not in result.output


class TestPrincipal:
    def test_the_machine_s_user_while_there_is_nobody(self, tmp_path: Path) -> None:
        create(tmp_path / "new", "us").close()
        session = doors.Session(tmp_path / "new", MACHINE, open_store, identify=who)
        assert session.principal == MACHINE
        session.close()

    def test_no_person_without_signing_in(self, session: doors.Session) -> None:
        assert session.principal == Principal(PrincipalKind.JOB, "terminal-root")

    def test_whoever_signed_in_until_they_leave(self, session: doors.Session) -> None:
        sign_in(session, "bea")
        session._principal = None
        assert session.principal == Principal(PrincipalKind.PERSON, "bea")
        assert rows(session, "logout") == [{"signed_out": True}]
        session._principal = None
        assert session.principal.kind is PrincipalKind.JOB

    def test_whoever_may_neither_decide_nor_approve_acts_as_a_job(self, session: doors.Session) -> None:
        sign_in(session, "carla")
        session._principal = None
        assert session.principal == Principal(PrincipalKind.JOB, "terminal-carla")

    def test_the_file_is_its_owner_s_alone(self, session: doors.Session) -> None:
        sign_in(session, "bea")
        file = login_file(session.workspace)
        assert file.stat().st_mode & 0o777 == 0o600
        file.chmod(0o644)
        with pytest.raises(PersonRefused, match="others can read"):
            who(session.store, session.workspace, MACHINE, session.clock)

    @pytest.mark.parametrize("text", ["", "[]", "{}", '{"secret": 1}', "no json"])
    def test_a_damaged_file_signs_nobody_in(self, session: doors.Session, text: str) -> None:
        sign_in(session, "bea")
        login_file(session.workspace).write_text(text)
        assert who(session.store, session.workspace, MACHINE, session.clock).kind is PrincipalKind.JOB


class TestPeople:
    def test_an_administrator_invites_changes_and_keeps_out(self, session: doors.Session) -> None:
        sign_in(session, "carla")
        link = rows(session, "people", "add", "Emil", "--role", "viewer", "--at", "https://v.example/")[0]["link"]
        assert link.startswith("https://v.example/welcome/")
        assert rows(session, "people", "roles", "bea", "--role", "rule-author")[0]["roles"] == ["rule_author"]
        assert rows(session, "people", "disable", "bea")[0]["state"] == "disabled"
        assert rows(session, "people", "enable", "bea")[0]["state"] == "invited"
        assert "/welcome/" in rows(session, "people", "reset", "bea")[0]["link"]
        assert [row["name"] for row in rows(session, "people", "list")] == ["bea", "carla", "emil"]

    @pytest.mark.parametrize(
        "arguments",
        [
            ("people", "add", "x", "--role", "viewer"),
            ("people", "roles", "carla", "--role", "viewer"),
            ("people", "disable", "carla"),
            ("people", "reset", "carla"),
            ("keys", "new", "--scope", "admin"),
            ("keys", "revoke", "aaaaaaaaaa"),
        ],
        ids=" ".join,
    )
    @pytest.mark.parametrize("name", [None, "bea"])
    def test_nobody_else_does(self, session: doors.Session, arguments: tuple[str, ...], name: str | None) -> None:
        if name:
            sign_in(session, name)
        result = run(session, *arguments)
        assert isinstance(result.exception, PersonRefused)
        assert result.exception.remedy

    def test_recovery_where_no_administrator_can_sign_in(self, session: doors.Session) -> None:
        assert "/welcome/" in rows(session, "people", "reset", "carla", "--recover")[0]["link"]

    def test_a_wrong_password(self, session: doors.Session) -> None:
        result = CliRunner().invoke(app, ["login", "bea"], input="guess\n\n", obj=session)
        assert isinstance(result.exception, VedetteError)
        assert not login_file(session.workspace).exists()

    def test_before_anybody_exists_whoever_is_at_the_terminal(self, tmp_path: Path) -> None:
        create(tmp_path / "new", "us").close()
        session = doors.Session(tmp_path / "new", ANNA, open_store, identify=who)
        assert "/welcome/" in rows(session, "people", "add", "zoe", "--role", "admin")[0]["link"]
        session.close()
