"""The demonstration ends at the console: the line that starts it, or the server itself with a link that is good once."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from tests.made import ANNA
from tests.server.web import TestClient
from vedette import doors
from vedette.app.demo import Shown, Wish
from vedette.app.evaluate import Evaluation
from vedette.app.opening import create, open_store
from vedette.app.run import RunReport
from vedette.base import Json
from vedette.server.commands import demo
from vedette.server.serve import Plan, application

app = typer.Typer()
app.command("demo")(demo)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a demonstration without any customers goes."""

    def demonstrate(_session: doors.Session, wish: Wish, **_more: Any) -> Shown:
        create(wish.folder / "workspace", "us").close()
        nothing = Evaluation([], [], cases=0, honest_cases=0, honest_accounts=0, days=20.0, missed=[])
        held: dict[str, Json] = {"submissions": 3, "touched": 1, "questions": 1, "venue": "demo"}
        return Shown(
            workspace=wish.folder / "workspace", report=RunReport(), cases=[], evaluation=nothing, conference=held
        )

    monkeypatch.setattr("vedette.app.demo.demonstrate", demonstrate)
    return tmp_path / "demo"


def run(folder: Path, *arguments: str) -> Result:
    session = doors.Session(folder, ANNA, open_store)
    return CliRunner().invoke(app, ["--folder", str(folder), *arguments], obj=session)


class TestDemo:
    def test_it_ends_with_the_line_that_opens_the_console(self, folder: Path) -> None:
        result = run(folder)

        assert result.exit_code == 0, result.output
        start, where = result.output.strip().splitlines()[-2:]
        assert start.endswith(f"vedette -w {folder}/workspace serve")
        assert "http://127.0.0.1:8080" in where

    def test_another_port_stands_in_the_line(self, folder: Path) -> None:
        told = run(folder, "--port", "8123").output
        assert "serve --port 8123\n" in told
        assert "http://127.0.0.1:8123" in told

    def test_it_serves_and_prints_a_link_that_makes_the_first_administrator(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        plans: list[Plan] = []

        def served(plan: Plan, announce: Callable[[int], object]) -> bool:
            plans.append(plan)
            announce(54321)
            return True

        monkeypatch.setattr("vedette.server.serve.serve", served)

        result = run(folder, "--serve", "--port", "0")

        assert result.exit_code == 0, result.output
        assert plans == [Plan(workspace=str(folder / "workspace"), port=0)]
        assert "Listening on http://127.0.0.1:54321" in result.output
        link = re.search(r"http://127\.0\.0\.1:54321(/welcome/\S+)", result.output)
        assert link is not None
        with TestClient(application(plans[0]), base_url="http://127.0.0.1:54321") as browser:
            page = browser.get(link[1])
            assert page.status_code == 200
            assert 'type="password"' in page.text
            assert browser.get(link[1][:-3] + "xxx").status_code != 200
