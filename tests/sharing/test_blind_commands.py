"""The blind match at the terminal: from a file for the relay to answers in the order of the lines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from tests.doors.access.people import joined
from tests.made import ANNA, BERT
from tests.sharing.blind_group import Wire, decided, template
from vedette import doors
from vedette.app.rooms import catalogue
from vedette.base import FixedClock, Principal, VedetteError
from vedette.doors.people import Role
from vedette.sharing.blind.commands import attach
from vedette.store import Store, Workspace

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class Desk:
    """Two houses at their terminals, with a wire in place of HTTP."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        import shutil

        self.folder, self.clock = folder, FixedClock(START)
        made = template(folder / "made", self.clock)
        self.wire, self.stores = Wire(self.clock), {}
        for name in ("a", "b"):
            shutil.copytree(made, folder / name)
            self.stores[name] = Store(Workspace(folder / name), catalogue())
            self.wire.houses[f"https://{name}.example"] = self.stores[name]
        monkeypatch.setattr("vedette.sharing.blind.fetch.Http.send", lambda _http, url, sent: self.wire.send(url, sent))
        self.app = typer.Typer()
        attach(self.app)

    def run(self, house: str, *words: str, who: Principal = ANNA) -> list[dict[str, Any]]:
        """What a command printed as JSON lines."""
        store = self.stores[house]
        session: Any = doors.Session(store.workspace.root, who, lambda _root: store, clock=self.clock)
        result = CliRunner().invoke(self.app, [*words, "--json"], obj=session)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == 0, result.output
        return [json.loads(line) for line in result.stdout.splitlines()]

    def agree(self) -> None:
        """Join, open and accept an epoch of the two."""
        files = [str(self.folder / f"{name}.json") for name in ("a", "b")]
        for name, file in zip(("a", "b"), files, strict=True):
            url = f"https://{name}.example"
            self.run(name, "epoch", "join", "--name", name, "--url", url, "--label", "l", "-o", file)
        agreed = str(self.folder / "epoch.json")
        self.run("a", "epoch", "open", *files, "--relay", "a", "--pairwise", "--round-minutes", "0", "-o", agreed)
        for name in ("a", "b"):
            self.run(name, "epoch", "accept", agreed)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    made = Desk(tmp_path, monkeypatch)
    yield made
    for store in made.stores.values():
        store.close()


class TestTheWholeWay:
    def test_from_joining_to_an_opened_case_and_the_end(self, desk: Desk) -> None:
        case = decided(desk.stores["a"], "a-1", desk.clock)
        desk.agree()
        assert desk.run("a", "epoch", "publish")[0]["added"] == 2
        questions = desk.folder / "q.csv"
        questions.write_text(
            "kind,value,country,ref\nemail,nobody@example.com,,1\nemail,kimexample@gmail.com,,2\nname,Kim,,3\n"
        )

        found = desk.run("b", "match", str(questions))

        assert [(row["line"], row["ref"], row["held"]) for row in found] == [
            (1, "1", False),
            (2, "2", True),
            (3, "3", None),
        ]
        assert "kimexample" not in json.dumps(found)
        assert desk.run("b", "blind", "ask", found[1]["hit"]) == [{"hit": found[1]["hit"], "state": "passed on"}]
        (question,) = desk.run("a", "blind", "asked")
        assert desk.run("a", "blind", "unmask", question["question"])[0]["case_id"] is None
        desk.run("a", "blind", "agree", question["question"], who=BERT)
        assert desk.run("a", "blind", "unmask", question["question"])[0]["case_id"] == case
        assert [row["sender"] for row in desk.run("a", "blind", "queries") if row["elements"]] == ["b"]
        assert desk.run("b", "blind", "hits")[0]["state"] == "held"

        (own,) = desk.run("a", "epoch", "list")
        assert desk.run("a", "epoch", "shut-out", own["epoch"], "b")[0]["shut_out"] == ["b"]
        assert desk.run("a", "epoch", "destroy", own["epoch"])[0]["state"] == "destroyed"
        assert desk.run("a", "epoch", "list")[0]["state"] == "destroyed"

    def test_without_an_open_epoch_the_remedy_is_told(self, desk: Desk) -> None:
        file = desk.folder / "q.csv"
        file.write_text("kind,value\nemail,a@b.cd\n")
        with pytest.raises(VedetteError, match="no epoch of this purpose is open"):
            desk.run("b", "match", str(file))

    def test_keys_leave_no_house_and_files_are_their_owner_s(self, desk: Desk) -> None:
        desk.agree()
        from vedette.sharing.blind.store import owns

        (own,) = owns(desk.stores["a"])
        assert own.secrets is not None
        text = (desk.folder / "a.json").read_text() + (desk.folder / "epoch.json").read_text()
        assert not any(getattr(own.secrets, name).hex() in text for name in ("share_seed", "signing_seed", "file_key"))
        assert (desk.folder / "a.json").stat().st_mode & 0o777 == 0o600

    def test_where_people_sign_in_nobody_else_may_share(self, desk: Desk) -> None:
        joined(desk.stores["a"], desk.clock, "olga", Role.SHARING_OFFICER)
        file = str(desk.folder / "a.json")
        with pytest.raises(VedetteError):
            desk.run("a", "epoch", "join", "--name", "a", "--url", "https://a.example", "--label", "l", "-o", file)
        assert not (desk.folder / "a.json").exists()

    def test_two_lists_once(self, desk: Desk) -> None:
        pytest.importorskip("private_set_intersection", reason="the extra psi is not installed")
        mine, theirs = desk.folder / "mine.csv", desk.folder / "theirs.csv"
        mine.write_text("kind,value,country,ref\nemail,a@b.cd,,1\nemail,x@y.zz,,2\n")
        theirs.write_text("kind,value\nemail,X@Y.zz\n")
        secret, request, answer = (str(desk.folder / name) for name in ("s", "r", "a.bin"))
        desk.run("b", "match", str(mine), "--psi", "ask", "--secret", secret, "-o", request)
        desk.run("a", "match", str(theirs), "--psi", "answer", "--message", request, "--agreed", "2", "-o", answer)
        found = desk.run("b", "match", str(mine), "--psi", "finish", "--secret", secret, "--message", answer)
        assert [row["held"] for row in found] == [False, True]
        with pytest.raises(AssertionError, match="needs --output"):
            desk.run("b", "match", str(mine), "--psi", "ask", "--secret", secret)
