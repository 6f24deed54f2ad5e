"""Keys at the terminal: the secret is shown once; nothing else ever shows it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from tests.made import ANNA
from vedette import doors
from vedette.app.opening import create, open_store
from vedette.base import VedetteError
from vedette.doors.keys import read_secret
from vedette.server.commands import keys, serve

app = typer.Typer()
app.add_typer(keys, name="keys")
app.command("serve")(serve)


@pytest.fixture
def session(tmp_path: Path) -> doors.Session:
    """A workspace at the terminal."""
    create(tmp_path / "ws", "us").close()
    return doors.Session(tmp_path / "ws", ANNA, open_store)


def run(session: doors.Session, *arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), obj=session)


class TestKeys:
    def test_the_secret_is_the_only_line_on_standard_output(self, session: doors.Session) -> None:
        result = run(session, "keys", "new", "--scope", "verify", "--expires", "30d", "--owner", "signup")

        assert result.exit_code == 0
        assert read_secret(result.stdout.strip()) is not None
        assert "shown once" in result.stderr

    def test_as_json(self, session: doors.Session) -> None:
        result = run(session, "keys", "new", "--scope", "verify,read", "--json")
        session.json = False

        row = json.loads(result.stdout)

        assert row["scopes"] == ["verify", "read"]
        assert row["secret"].startswith(f"vdk_{row['id']}_")

    def test_listed_and_revoked_without_the_secret(self, session: doors.Session) -> None:
        secret = run(session, "keys", "new", "--scope", "match").stdout.strip()
        key_id = secret.split("_")[1]

        revoked = json.loads(run(session, "keys", "revoke", key_id, "--json").stdout)
        listed = run(session, "keys", "list", "--json").stdout

        assert revoked["state"] == "revoked"
        assert json.loads(listed)["id"] == key_id
        assert secret.split("_")[2] not in listed

    @pytest.mark.parametrize(
        "arguments",
        [
            ("keys", "new", "--scope", "everything"),
            ("keys", "new", "--scope", "read", "--expires", "never"),
            ("keys", "new", "--scope", "read", "--owner", ""),
            ("keys", "revoke", "nothing"),
            ("serve", "--host", "0.0.0.0"),
            ("serve", "--certificate", "only.pem"),
        ],
        ids=" ".join,
    )
    def test_refused_with_a_remedy(self, session: doors.Session, arguments: tuple[str, ...]) -> None:
        result = run(session, *arguments)

        assert isinstance(result.exception, VedetteError)
        assert result.exception.remedy
