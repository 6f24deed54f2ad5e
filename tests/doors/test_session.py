"""The store is opened when it is first needed, once, and closed with the session."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import pytest
import typer
from typer.testing import CliRunner

from tests.made import ANNA
from vedette import doors
from vedette.base import SystemClock


class FakeStore:
    def __init__(self) -> None:
        self.closed = 0

    def close(self) -> None:
        self.closed += 1


class TestSession:
    def test_opens_late_and_once(self) -> None:
        opened: list[Path] = []

        def opener(root: Path) -> FakeStore:
            opened.append(root)
            return FakeStore()

        session = doors.Session(Path("ws"), ANNA, opener)  # type: ignore[arg-type]  # only close is needed
        assert opened == []

        first, second = session.store, session.store

        assert first is second
        assert opened == [Path("ws")]

    def test_closing_closes_what_was_opened_and_may_be_repeated(self) -> None:
        kept = FakeStore()
        session = doors.Session(Path("ws"), ANNA, lambda _root: kept)  # type: ignore[arg-type,return-value]  # as above
        session.close()
        assert kept.closed == 0

        assert session.store is not None
        session.close()
        session.close()
        assert kept.closed == 1

    def test_tells_the_systems_time_unless_told(self) -> None:
        session = doors.Session(Path("ws"), ANNA, lambda _root: pytest.fail("not needed"))

        assert isinstance(session.clock, SystemClock)
        assert session.home(Path("ws")) == "us"


class TestOfACommand:
    @staticmethod
    def app() -> typer.Typer:
        app = typer.Typer()

        @app.command()
        def look(context: typer.Context, json: doors.JSON = False, name: Annotated[str, typer.Option()] = "") -> None:
            doors.emit(doors.session(context, json=json), [{"name": name}], columns=["name"])

        return app

    def test_json_is_handed_on(self) -> None:
        session = doors.Session(Path("ws"), ANNA, lambda _root: pytest.fail("not needed"))

        result = CliRunner().invoke(self.app(), ["--json", "--name", "x"], obj=session)

        assert result.output == '{"name": "x"}\n'

    def test_without_a_session_it_is_a_fault_of_the_program(self) -> None:
        result = CliRunner().invoke(self.app(), [])

        assert isinstance(result.exception, RuntimeError)
